"""States are read as Terraform wrote them; everything that is in the way is said with a way out."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from landform.aws.session import AwsClient, client
from landform.aws.state_objects import ensure_bucket, get_state, list_locks
from landform.engine import clean_environment
from landform.errors import StateUnreadable
from landform.project import Backend, BackendKind, Project, Stack
from landform.project.state_keys import state_key, state_object_key, workspace_key_prefix

ROOT = """
terraform {
  backend "s3" {
    bucket               = "states"
    region               = "eu-west-1"
    workspace_key_prefix = "%s"
    key                  = "%s"
    use_lockfile         = true
    encrypt              = true
  }
}
output "answer" { value = 42 }
"""


@pytest.fixture
def s3(sandbox: Sandbox) -> AwsClient:
    found = client(emulated_access(sandbox.endpoint_url, "111111111111", "eu-west-1"), "s3")
    ensure_bucket(found, "states", "eu-west-1")
    return found


def test_a_stack_that_was_never_applied_has_no_state(s3: AwsClient) -> None:
    assert get_state(s3, "states", "shop/dev/network/terraform.tfstate") is None


def test_a_missing_bucket_is_named(s3: AwsClient) -> None:
    with pytest.raises(StateUnreadable, match="there is no bucket shop-tfstate") as failure:
        get_state(s3, "shop-tfstate", "shop/dev/network/terraform.tfstate")
    assert "landform.yaml" in failure.value.way_out
    with pytest.raises(StateUnreadable, match="there is no bucket shop-tfstate"):
        list_locks(s3, "shop-tfstate", "shop/")


def test_denied_says_which_permission_is_needed(one_account: tuple[str, list[str]]) -> None:
    denied = client(emulated_access(one_account[0], None, "eu-west-1"), "s3")
    with pytest.raises(StateUnreadable, match="access denied") as failure:
        get_state(denied, "states", "shop/dev/network/terraform.tfstate")
    assert "s3:ListBucket on states" in failure.value.way_out


def test_an_endpoint_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(StateUnreadable, match=f"could not read s3://states/k: no answer .*{url}") as failure:
        get_state(client(emulated_access(url, None, "eu-west-1"), "s3"), "states", "k")
    assert "--endpoint-url" in failure.value.way_out


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_the_bucket_is_made_once_and_keeps_old_versions(sandbox: Sandbox, region: str) -> None:
    s3 = client(emulated_access(sandbox.endpoint_url, None, region), "s3")
    bucket = f"versioned-{region}"
    ensure_bucket(s3, bucket, region)
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    ensure_bucket(s3, bucket, region)
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    versions = s3.list_object_versions(Bucket=bucket, Prefix="k")["Versions"]
    assert len(versions) == 2
    assert (s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1") == region


def test_locks_say_who_holds_them_since_when(s3: AwsClient) -> None:
    text = {
        "ID": "1b2",
        "Operation": "OperationTypeApply",
        "Who": "ada@laptop",
        "Created": "2026-11-21T10:44:42.123456789Z",
    }
    s3.put_object(Bucket="states", Key="locks/dev/a/terraform.tfstate", Body=b"{}")
    s3.put_object(Bucket="states", Key="locks/dev/a/terraform.tfstate.tflock", Body=json.dumps(text))
    s3.put_object(Bucket="states", Key="locks/dev/b/terraform.tfstate.tflock", Body=b"half a te")
    first, second = list_locks(s3, "states", "locks/dev/")
    assert first.key == "locks/dev/a/terraform.tfstate.tflock"
    assert (first.id, first.who, first.operation) == ("1b2", "ada@laptop", "OperationTypeApply")
    assert first.created == datetime(2026, 11, 21, 10, 44, 42, 123456, UTC)
    assert (second.who, second.created) == ("", None)


@pytest.mark.parametrize("prefix", ["", "team/a"])
def test_the_key_without_and_with_a_prefix(tmp_path: Path, prefix: str) -> None:
    project = _shop(tmp_path, prefix)
    expected = "/".join(part for part in (prefix, "shop/dev/network/terraform.tfstate") if part)
    assert state_object_key(project, "dev", "network") == expected


@pytest.mark.terraform
def test_a_state_that_terraform_wrote_is_found_with_nothing_of_the_users_shell(
    planted: tuple[str, ...], sandbox: Sandbox, s3: AwsClient, tmp_path: Path
) -> None:
    terraform = shutil.which("terraform") or shutil.which("tofu")
    if terraform is None:
        pytest.skip("no terraform here")
    project = _shop(tmp_path)
    root = tmp_path / "root"
    root.mkdir()
    (root / "main.tf").write_text(ROOT % (workspace_key_prefix(project), state_key("network")))
    named = sandbox.endpoint_url.replace("127.0.0.1", "localhost")
    access = emulated_access(named, "111111111111", "eu-west-1")
    env = clean_environment(access.env) | {"TF_WORKSPACE": "dev"}
    for arguments in (["init"], ["apply", "-auto-approve"]):
        argv = [terraform, *arguments, "-input=false", "-no-color"]
        done = subprocess.run(argv, cwd=root, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    content = get_state(client(access, "s3"), "states", state_object_key(project, "dev", "network"))
    assert content is not None
    assert json.loads(content)["outputs"]["answer"]["value"] == 42
    assert list_locks(s3, "states", workspace_key_prefix(project)) == []


def _shop(folder: Path, prefix: str = "") -> Project:
    module = folder / "modules" / "network"
    module.mkdir(parents=True)
    (module / "main.tf").write_text("")
    stack = Stack("network", "./modules/network")
    return Project(
        "shop", [stack], folder=folder, backend=Backend(BackendKind.S3, "states", key_prefix=prefix)
    )
