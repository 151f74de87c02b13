"""Where an environment's states lie, and what of ``backend:`` is refused, with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.project import Backend, BackendKind, BackendOverride, Environment, Project, Stack, load_project
from landform.project.state_keys import StateStore, bootstrap_state_key, state_store

Write = Callable[[Mapping[str, str]], Path]

_S3 = """\
project: shop
backend:
  s3:
    bucket: states-{environment}
    key_prefix: team/
    use_lockfile: false
    kms_key_id: alias/states
stacks:
  a: {module: x/y/aws}
"""
_TABLE = "    dynamodb_table: locks\n"


def _files(yaml: str = _S3, dev: str = "", prod: str = "") -> Mapping[str, str]:
    return {
        "landform.yaml": yaml,
        "environments/dev/environment.yaml": f"region: us-east-1\n{dev}",
        "environments/prod/environment.yaml": f"region: eu-west-1\n{prod}",
    }


def _said(folder: Path) -> list[str]:
    with pytest.raises(ProjectInvalid) as refusal:
        load_project(folder)
    return [str(fault) for fault in refusal.value.faults]


def test_an_environment_has_what_it_says_and_else_what_the_project_says(write: Write) -> None:
    own = "backend: {bucket: 'own-{region}', region: us-west-2, kms_key_id: k, dynamodb_table: own-locks}\n"
    project = load_project(write(_files(_S3.replace("stacks:", f"{_TABLE}stacks:"), dev=own)))
    dev, prod = (state_store(project, project.environment_by_name[name]) for name in ("dev", "prod"))
    assert dev == StateStore("own-us-east-1", "us-west-2", "k", "own-locks")
    assert prod == StateStore("states-prod", "eu-west-1", "alias/states", "locks")
    assert bootstrap_state_key(project) == "team/landform/shop/state-backend/terraform.tfstate"


def test_every_fault_is_named_at_its_place(write: Write) -> None:
    dev = "backend:\n  bucket: 'x-{nowhere}'\n  dynamodb_table: a b\n"
    prod = f"backend: {{bucket: {'x' * 64}}}\n"
    assert _said(write(_files(dev=dev, prod=prod))) == [
        "environments/dev/environment.yaml:3: backend bucket holds the unknown field {nowhere}. "
        "There are: account_id, environment, project, region.",
        "environments/dev/environment.yaml:4: backend dynamodb_table 'a b' is no name of a DynamoDB table. "
        "3 to 255 letters, digits, dots, hyphens and underscores.",
        f"environments/prod/environment.yaml:2: the state bucket of 'prod' would be '{'x' * 64}', "
        "with 64 characters. S3 takes names of 3 to 63.",
        "landform.yaml:6: use_lockfile: false without a dynamodb_table: nothing would lock the states of "
        "'prod'. Name a dynamodb_table, or remove use_lockfile.",
    ]


def test_a_bucket_of_ones_own_means_nothing_to_local_states(write: Write) -> None:
    local = "project: shop\nstacks:\n  a: {module: x/y/aws}\n"
    assert _said(write(_files(local, prod="backend: {region: eu-west-2}\n"))) == [
        "environments/prod/environment.yaml:2: backend.region: the project's backend is local, there is no "
        "state bucket. Say 'backend: {s3: …}' in landform.yaml."
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("backend: {key_prefix: x}", "unknown key 'key_prefix'"),
        ("backend: {region: mars}", "backend.region: 'mars' is not a valid value"),
        ("backend: {bucket: 'UPPER'}", "backend.bucket: 'UPPER' is not a valid value"),
    ],
)
def test_the_override_is_strict(write: Write, line: str, says: str) -> None:
    yaml = _S3.replace("stacks:", f"{_TABLE}stacks:")
    (said,) = _said(write(_files(yaml, dev=f"{line}\n")))
    assert said.startswith("environments/dev/environment.yaml:2: ")
    assert says in said


def test_python_is_held_to_the_same(write: Write) -> None:
    backend = Backend(BackendKind.S3, "states", "us-east-1", use_lockfile=False)
    own = Environment("dev", "us-east-1", backend=BackendOverride(dynamodb_table="?"))
    with pytest.raises(ProjectInvalid) as refusal:
        Project("shop", [Stack("a", "x/y/aws")], [own], folder=write({"landform.yaml": ""}), backend=backend)
    (fault,) = refusal.value.faults
    assert "'?' is no name of a DynamoDB table" in fault.what
