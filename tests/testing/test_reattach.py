"""One provider for many commands: only where that cannot go wrong, and never left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from landform.aws.credentials import real_access
from landform.errors import Refused
from landform.processes import ProcessId, identify, is_alive
from landform.project import Environment
from landform.testing.emulator import start_emulator
from landform.testing.one_provider import read_aws_configuration
from landform.testing.reattach import ReattachedProvider, check_regions, find_provider
from testing.aws_root import make_root

Write = Callable[[Mapping[str, str]], Path]

REQUIRED = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'
BUCKET = 'resource "aws_s3_bucket" "b" { bucket = "b" }\n'
ONE = 'provider "aws" { region = "eu-west-1" }\n'
WEST = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
CHILD = 'module "child" { source = "./child" }\n'

SAFE = [
    ({"main.tf": BUCKET}, ""),
    ({"main.tf": REQUIRED + ONE + BUCKET}, "eu-west-1"),
    ({"main.tf": 'provider "aws" { region = var.region }\nvariable "region" {}\n'}, None),
    ({"main.tf": ONE + CHILD, "child/main.tf": REQUIRED + BUCKET}, "eu-west-1"),
    ({"main.tf.json": json.dumps({"provider": {"aws": [{"region": "eu-west-1"}]}})}, "eu-west-1"),
    ({"main.tf": ONE + 'provider "random" {}\nprovider "tls" { alias = "x" }\n'}, "eu-west-1"),
    ({"main.tf": ONE + '# provider "aws" { alias = "west" }\n'}, "eu-west-1"),
]
DOUBTFUL = [
    ({"main.tf": ONE + WEST}, "alias"),
    ({"main.tf": WEST}, "alias"),
    ({"main.tf": ONE, "override.tf": ONE}, "2 aws provider blocks"),
    ({"main.tf": ONE, "more.tf.json": json.dumps({"provider": {"aws": {}}})}, "2 aws provider blocks"),
    ({"main.tf": ONE + CHILD, "child/main.tf": ONE}, "inside a module"),
    (
        {"main.tf": 'module "child" {\n  source    = "./child"\n  providers = { aws = aws.west }\n}\n'},
        "given",
    ),
    (
        {"main.tf": REQUIRED.replace('"hashicorp/aws"', '"hashicorp/aws", configuration_aliases = [aws.x]')},
        "further aws configurations",
    ),
    ({"main.tf": REQUIRED.replace("aws = {", "amazon = {")}, "under the name amazon"),
    ({"main.tf": 'module "far" { source = "terraform-aws-modules/vpc/aws" }\n'}, "not on this disk"),
    ({"main.tf": CHILD}, "no .tf files"),
    ({"main.tf": CHILD, "child/main.tf": 'module "self" { source = "../child" }\n'}, "not on this disk"),
    ({"main.tf": 'resource "aws_s3_bucket" "b" { region = "us-west-2" }\n'}, "a region of its own"),
    ({"main.tf": 'resource "aws_s3_bucket" "b" { provider = aws.west }\n'}, "names a provider"),
    ({"main.tf": ONE, "more.tofu": ""}, "OpenTofu"),
    ({"main.tf": 'provider "aws" {'}, "cannot be read"),
    ({"main.tf.json": "[]"}, "is no configuration"),
]


@pytest.mark.parametrize(("files", "region"), SAFE)
def test_exactly_one_configuration_is_recognised(
    write: Write, files: dict[str, str], region: str | None
) -> None:
    found = read_aws_configuration(write(files))
    assert found.why_not == ""
    assert found.region == region


@pytest.mark.parametrize(("files", "reason"), DOUBTFUL)
def test_whatever_might_be_a_second_configuration_is_named(
    write: Write, files: dict[str, str], reason: str
) -> None:
    assert reason in read_aws_configuration(write(files)).why_not


def test_modules_from_elsewhere_are_read_where_init_put_them(write: Write) -> None:
    manifest = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "far", "Dir": ".terraform/modules/far"}]}
    root = write(
        {
            "main.tf": ONE + 'module "far" { source = "terraform-aws-modules/vpc/aws" }\n',
            ".terraform/modules/far/main.tf": BUCKET,
            ".terraform/modules/modules.json": json.dumps(manifest),
        }
    )
    assert read_aws_configuration(root).why_not == ""
    (root / ".terraform/modules/far/main.tf").write_text(WEST)
    assert "alias" in read_aws_configuration(root).why_not or "inside" in read_aws_configuration(root).why_not


def test_files_with_tests_count_too(write: Write) -> None:
    root = write({"main.tf": ONE, "tests/a.tftest.hcl": WEST})
    assert read_aws_configuration(root).why_not == ""
    assert "alias" in read_aws_configuration(root, None, root / "tests/a.tftest.hcl").why_not


def _state(*arns: str) -> dict[str, Any]:
    instances = [{"index_key": n, "attributes": {"arn": arn}} for n, arn in enumerate(arns)]
    topic = {"mode": "managed", "type": "aws_sns_topic", "name": "t", "module": "module.m"}
    data = {
        "mode": "data",
        "type": "aws_ami",
        "name": "d",
        "instances": [{"attributes": {"arn": "arn:aws:x:no:1:y"}}],
    }
    return {"resources": [{**topic, "instances": instances}, data]}


def test_the_tripwire_names_what_is_in_another_region() -> None:
    right, wrong = "arn:aws:sns:eu-west-1:123456789012:a", "arn:aws:sns:us-west-2:123456789012:b"
    check_regions(_state(right, "arn:aws:iam::123456789012:role/x", "arn:aws:s3:::bucket", ""), "eu-west-1")
    check_regions(_state(right, right), None)
    check_regions({}, "eu-west-1")
    with pytest.raises(Refused, match=r"1 of 2 .*module\.m\.aws_sns_topic\.t\[1\] in us-west-2") as refusal:
        check_regions(_state(right, wrong), "eu-west-1")
    assert "--tf-reattach=off" in refusal.value.way_out
    with pytest.raises(Refused):
        check_regions(_state(wrong, right), None)
    with pytest.raises(Refused):
        check_regions(_state(wrong), "eu-west-1")


def test_a_real_account_is_never_reached_this_way(tmp_path: Path, write: Write) -> None:
    access = real_access({}, Environment("test", "eu-west-1"))
    with ReattachedProvider(tmp_path) as provider:
        assert "real account" in provider.why_not(write({"main.tf": ONE}), None, access)
        with pytest.raises(Refused, match="real account"):
            provider.environment(None, access)
        assert provider.started == 0


TOPIC = (
    REQUIRED
    + ONE
    + 'variable "name" { default = "one" }\n'
    + 'resource "aws_sns_topic" "t" { name = var.name }\n'
)


def _needs_provider() -> Path:
    found = find_provider(None, os.environ)
    if found is None:
        pytest.skip("no AWS provider on this machine")
    return found


def _provider_process(attach: Mapping[str, str]) -> ProcessId:
    described = json.loads(attach["TF_REATTACH_PROVIDERS"])
    found = identify(described["registry.terraform.io/hashicorp/aws"]["Pid"])
    assert found is not None
    return found


def _ends(process: ProcessId) -> bool:
    end = time.monotonic() + 20
    while is_alive(process) and time.monotonic() < end:
        time.sleep(0.01)
    return not is_alive(process)


@pytest.fixture
def ca_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A shell with a bundle of authorities, with which a provider can be configured only once."""
    (tmp_path / "bundle.pem").write_text("")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "bundle.pem"))


@pytest.mark.e2e
@pytest.mark.usefixtures("ca_bundle")
def test_commands_share_a_provider_until_it_is_renewed(tmp_path: Path) -> None:
    _needs_provider()
    with start_emulator(tmp_path / "emulator") as emulator, ReattachedProvider(tmp_path, uses=2) as provider:
        access = emulator.access(region="us-east-1")
        root = make_root(tmp_path / "root", TOPIC, access.env)
        root.init()
        data_dir = root.folder / ".terraform"
        assert provider.why_not(root.folder, data_dir, access) == ""
        first = provider.environment(data_dir, access)
        root.with_env(first).apply()
        check_regions(root.state, "eu-west-1")
        emulator.restore(emulator.snapshot())
        assert provider.environment(data_dir, access) == first
        assert not root.with_env(first).plan()
        process = _provider_process(first)
        second = provider.environment(data_dir, access)
        assert second != first
        assert provider.started == 2
        assert not is_alive(process)
        elsewhere = provider.environment(data_dir, emulator.access(region="eu-central-1"))
        assert elsewhere != second
        last = _provider_process(elsewhere)
    assert _ends(last)


@pytest.mark.e2e
def test_a_provider_that_was_killed_is_replaced(tmp_path: Path) -> None:
    _needs_provider()
    with start_emulator(tmp_path / "emulator") as emulator, ReattachedProvider(tmp_path) as provider:
        access = emulator.access()
        process = _provider_process(provider.environment(None, access))
        os.kill(process.pid, signal.SIGKILL)
        assert _ends(process)
        while provider.environment(None, access) and provider.started == 1:
            time.sleep(0.01)
        assert provider.started == 2


@pytest.mark.e2e
def test_it_ends_with_a_test_process_that_is_killed(tmp_path: Path) -> None:
    _needs_provider()
    script = (
        "import os, pathlib, sys\n"
        "from landform.aws.emulator import emulated_access\n"
        "from landform.testing.reattach import ReattachedProvider\n"
        "provider = ReattachedProvider(pathlib.Path(sys.argv[1]))\n"
        "access = emulated_access('http://127.0.0.1:9', None, 'eu-west-1')\n"
        "print(provider.environment(None, access)['TF_REATTACH_PROVIDERS'], flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        found = _provider_process({"TF_REATTACH_PROVIDERS": process.stdout.readline()})
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert _ends(found)
