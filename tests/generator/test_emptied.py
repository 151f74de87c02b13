"""Modules without resources, as Terraform needs them to destroy what they had."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.generator.emptied import AWS, OwnProvider, emptied_module
from landform.project import AssumeRole, Environment

Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[Mapping[str, str]], Path]

ROLE = "arn:aws:iam::123456789012:role/deploy"
DEV = Environment("dev", "eu-west-1", "123456789012", ROLE, assume_role=AssumeRole("x", duration=3600))


def test_each_provider_lies_where_its_address_says() -> None:
    files = emptied_module(
        DEV,
        ["far"],
        [OwnProvider(("a", "b"), AWS, "near", "eu-north-1"), OwnProvider((), "registry.terraform.io/x/y")],
    )

    assert set(files) == {"main.tf", "a/main.tf", "a/b/main.tf"}
    assert 'source = "./a"' in files["main.tf"]
    assert "configuration_aliases = [aws.far]" in files["main.tf"]
    assert 'provider "y-of-x"' in files["main.tf"]
    assert 'source = "./b"' in files["a/main.tf"]
    assert "provider" not in files["a/main.tf"].replace("required_providers", "")
    near = " ".join(files["a/b/main.tf"].split())
    for said in ('"near"', '"eu-north-1"', '["123456789012"]', ROLE, 'external_id = "x"', '"60m"'):
        assert said in near


def test_values_stay_values() -> None:
    hostile = Environment("dev", "eu-west-1", '1"]\n}\nresource "x" "y" {')
    text = emptied_module(hostile, [], [OwnProvider((), AWS, "", 'a"${file("/etc/passwd")}')])["main.tf"]

    assert "\nresource" not in text
    assert '$${file(\\"/etc/passwd\\")}' in text


@pytest.mark.terraform
@pytest.mark.parametrize(
    "own", [[], [OwnProvider((), AWS, "n", "eu-west-1"), OwnProvider(("a",), AWS, "", "x")]]
)
def test_terraform_formats_it_the_same(write: Write, terraform: Run, own: list[OwnProvider]) -> None:
    folder = write(emptied_module(DEV, ["far", "away"], own))

    terraform(folder, "fmt", "-check", "-recursive", "-diff")
