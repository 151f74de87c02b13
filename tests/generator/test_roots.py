"""The roots of a project's stacks: the same every time, and with no value of an environment in them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from generator.conftest import HOSTILE, LOCAL, ROLE, S3_EACH, S3_ONE
from landform.generator import generated_files, write_files
from landform.generator.roots import backend_config
from landform.project import Backend, BackendKind, Environment, Project, Stack

Rich = Callable[..., Project]
Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[Mapping[str, str]], Path]

_DIGEST = """
import hashlib, json, pathlib, sys
from landform.generator import generated_files
from landform.project import load_project
files = generated_files(load_project(pathlib.Path(sys.argv[1])))
print(hashlib.sha256(json.dumps(files).encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_another_python_process_writes_the_same(rich: Rich, seed: str) -> None:
    """Sets iterate in another order with another hash seed; the files may not."""
    project = rich(S3_EACH, ROLE)
    ours = hashlib.sha256(json.dumps(generated_files(project)).encode()).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", _DIGEST, str(project.folder)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ours


def test_the_order_of_what_is_written_down_does_not_matter(rich: Rich) -> None:
    project = rich(S3_ONE)
    stacks = tuple(reversed([*project.stack_by_name.values()]))
    environments = tuple(
        replace(each, tags=dict(reversed([*each.tags.items()])))
        for each in project.environment_by_name.values()
    )
    turned = replace(project, stacks=stacks, environments=tuple(reversed(environments)))
    assert generated_files(turned) == generated_files(project)


def test_roots_hold_no_value_of_an_environment(rich: Rich) -> None:
    files = generated_files(rich(S3_EACH, ROLE))
    roots = "".join(text for path, text in files.items() if "/environments/" not in path)
    assert [
        word
        for word in ("123456789012", "210987654321", "10.77.0.0/16", "role/deploy", "of:shop")
        if word in roots
    ] == []


def test_hostile_text_is_only_ever_inside_a_quoted_string(rich: Rich) -> None:
    files = generated_files(rich())
    assert '= "$${var.cidr} %%{if var.cidr}"' in files["generated/network/main.tf"]
    for path in ("generated/network/main.tf", "generated/environments/dev.tfvars"):
        bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', files[path])
        assert HOSTILE[:3] not in bare
        assert "file(" not in bare
        assert "$${file(" in files[path]


def test_a_sensitive_value_stays_sensitive_on_its_way_through_a_root(rich: Rich) -> None:
    files = generated_files(rich())
    token = re.search(r'variable "token" \{(.*?)\n\}', files["generated/app/variables.tf"], re.DOTALL)
    password = re.search(r'output "password" \{(.*?)\n\}', files["generated/network/outputs.tf"], re.DOTALL)
    assert token is not None
    assert "sensitive = true" in token.group(1)
    assert password is not None
    assert "sensitive = true" in password.group(1)


@pytest.mark.parametrize(("backend", "each"), [(LOCAL, False), (S3_ONE, False), (S3_EACH, True)])
def test_a_backend_file_is_written_only_where_the_environment_decides(
    rich: Rich, backend: str, each: bool
) -> None:
    project = rich(backend)
    files = generated_files(project)
    written = [path for path in files if path.endswith(".s3.tfbackend")]
    assert bool(written) is each
    for environment in project.environment_by_name.values():
        path = backend_config(project, environment)
        assert (path is not None) is each
        assert path is None or path.relative_to(project.folder).as_posix() in files
    if each:
        dev = files["generated/environments/dev.s3.tfbackend"]
        assert '"state-123456789012-us-east-1"' in dev
        assert (
            '"state-${var.environment.account_id}-${var.environment.region}"'
            in files["generated/app/remote_state.tf"]
        )


def test_backend_and_remote_states_take_the_role_that_applies_with_its_options(rich: Rich) -> None:
    files = generated_files(rich(S3_EACH, ROLE))
    assume_role = re.search(
        r"assume_role = (\{.*?\n\})", files["generated/environments/dev.s3.tfbackend"], re.DOTALL
    )
    assert assume_role is not None
    assert [line.split() for line in assume_role.group(1).splitlines()[1:-1]] == [
        ["role_arn", "=", '"arn:aws:iam::123456789012:role/deploy"'],
        ["external_id", "=", '"of:shop/1"'],
        ["session_name", "=", '"landform"'],
        ["duration", "=", '"120m"'],
    ]
    assert "assume_role" not in files["generated/environments/prod.s3.tfbackend"]
    assert "var.environment.assume_role)" in files["generated/app/remote_state.tf"]
    assert "role/look" not in "".join(files.values())


def test_a_bucket_of_an_environments_own_reaches_backend_and_remote_state(write: Write) -> None:
    """Roots stay the same for every environment: what differs comes with the environment's files."""
    yaml = """
project: shop
backend: {s3: {bucket: states, region: us-east-1, kms_key_id: k, dynamodb_table: locks, use_lockfile: false}}
stacks:
  a: {module: x/y/aws}
  b: {module: x/y/aws, inputs: {in: "${stack.a.out}"}}
"""
    own = "region: us-east-1\nbackend: {bucket: own, region: eu-west-1, dynamodb_table: own-locks}\n"
    folder = write(
        {
            "landform.yaml": yaml,
            "environments/dev/environment.yaml": "region: us-east-1\n",
            "environments/prod/environment.yaml": own,
        }
    )
    files = generated_files(Project.load(folder))
    backend = files["generated/b/backend.tf"]
    assert [word for word in ("states", "own", "locks", "us-east-1") if word in backend] == []
    assert "use_lockfile         = false" in backend
    assert 'kms_key_id           = "k"' in backend
    prod = files["generated/environments/prod.s3.tfbackend"]
    assert [line.split() for line in prod.splitlines()[2:]] == [
        ["bucket", "=", '"own"'],
        ["region", "=", '"eu-west-1"'],
        ["dynamodb_table", "=", '"own-locks"'],
    ]
    assert '"locks"' in files["generated/environments/dev.s3.tfbackend"]
    read = files["generated/b/remote_state.tf"]
    assert "bucket               = var.environment.state_bucket.bucket" in read
    assert "region               = var.environment.state_bucket.region" in read
    assert "state_bucket = object({ bucket = string, region = string })" in files["generated/b/variables.tf"]
    assert "state_bucket" not in files["generated/a/variables.tf"]
    assert 'bucket = "own"' in files["generated/environments/prod.tfvars"]


def test_a_bucket_given_in_python_cant_become_code(write: Write) -> None:
    upstream = Stack("a", "x/y/aws")
    reader = Stack("b", "x/y/aws", {"in": "${stack.a.out}"})
    environment = Environment("dev", "us-east-1")
    backend = Backend(BackendKind.S3, 'x"\n%{{if}}${project}', "us-east-1")
    folder = write({"landform.yaml": ""})
    project = Project("shop", [upstream, reader], [environment], folder=folder, backend=backend)
    assert (
        'bucket               = "x\\"\\n%%{if}$shop"'
        in generated_files(project)["generated/b/remote_state.tf"]
    )


@pytest.mark.terraform
def test_vendored_modules_resolve_where_the_project_lies(
    write: Write, terraform: Run, tmp_path: Path
) -> None:
    """A project is plain Terraform even where landform, and the modules in it, are not installed."""
    yaml = """
project: shop
stacks:
  network: {module: vpc, inputs: {cidr: 10.0.0.0/16}}
"""
    project = Project.load(write({"landform.yaml": yaml}))
    write_files(project.folder, generated_files(project))
    moved = tmp_path / "moved"
    project.folder.rename(moved)
    terraform(moved / "generated/network", "get")
    known = json.loads((moved / "generated/network/.terraform/modules/modules.json").read_text())
    folders = {one["Key"]: (moved / "generated/network" / one["Dir"]).resolve() for one in known["Modules"]}
    assert folders["network"] == moved / "generated/modules/vpc"
    for path in (moved / "generated/modules").rglob("*.tf"):
        for source in re.findall(r'^\s*source\s*=\s*"(\.[^"]*)"', path.read_text(), re.MULTILINE):
            assert list((path.parent / source).glob("*.tf")), f"{path}: {source}"
