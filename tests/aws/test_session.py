"""Real access is the ordinary AWS chain; what is wrong with it is said in a sentence."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from landform.aws.credentials import real_access
from landform.aws.sandbox import Sandbox
from landform.aws.session import caller_account, client
from landform.errors import LandformError
from landform.project import Environment, Purpose

PROD = Environment("prod", "eu-west-1", assume_role_arn="arn:aws:iam::222222222222:role/deploy")
DEV = Environment("dev", "eu-west-1")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A shell without any AWS setting, on a machine without an instance role."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


def test_the_environments_role_is_assumed_by_clients_only(
    shell: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    shell.setenv("AWS_ENDPOINT_URL", sandbox.endpoint_url)
    shell.setenv("AWS_ACCESS_KEY_ID", "own")
    shell.setenv("AWS_SECRET_ACCESS_KEY", "own")
    access = real_access(os.environ, PROD)
    assert caller_account(access) == "222222222222"
    assert access.env["AWS_ACCESS_KEY_ID"] == "own"
    assert caller_account(real_access(os.environ, DEV)) == "123456789012"


def test_a_region_of_the_shell_never_counts(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("AWS_REGION", "us-west-2")
    shell.setenv("AWS_DEFAULT_REGION", "us-west-1")
    access = real_access(os.environ, DEV)
    assert (access.env["AWS_REGION"], access.env["AWS_DEFAULT_REGION"]) == ("eu-west-1", "eu-west-1")
    assert client(access, "s3").meta.region_name == "eu-west-1"
    assert client(access, "s3", "us-east-1").meta.region_name == "us-east-1"


@pytest.mark.parametrize("environment", [DEV, PROD])
def test_no_credentials(shell: pytest.MonkeyPatch, environment: Environment) -> None:
    with pytest.raises(LandformError, match="no AWS credentials here") as failure:
        caller_account(real_access(os.environ, environment))
    assert "--sandbox" in failure.value.way_out


def test_a_profile_that_does_not_exist(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("AWS_PROFILE", "prdo")
    with pytest.raises(LandformError, match="prdo") as failure:
        caller_account(real_access(os.environ, DEV))
    assert "AWS_PROFILE" in failure.value.way_out


def test_a_bundle_of_authorities_that_is_not_there_stops_neither_terraform_nor_clients(
    shell: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    shell.setenv("AWS_CA_BUNDLE", "/no/such/file.pem")
    access = real_access(os.environ, DEV)
    assert "AWS_CA_BUNDLE" not in access.env
    assert client(access, "s3").meta.endpoint_url.startswith("https://")


KEYS = {"AWS_ACCESS_KEY_ID": "own", "AWS_SECRET_ACCESS_KEY": "own"}
IDENTITY = {"AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::222222222222:role/ci"}


@pytest.mark.parametrize(
    ("given", "profile", "used"),
    [
        ({}, None, None),
        ({}, "sso", "sso"),
        ({"AWS_PROFILE": "mine"}, None, "mine"),
        ({"AWS_PROFILE": "mine"}, "sso", "sso"),
        # botocore takes AWS_DEFAULT_PROFILE first, Terraform AWS_PROFILE.
        ({"AWS_PROFILE": "mine", "AWS_DEFAULT_PROFILE": "old"}, None, "mine"),
        ({"AWS_DEFAULT_PROFILE": "old"}, None, "old"),
        (KEYS | {"AWS_PROFILE": "mine"}, "sso", None),
        (IDENTITY | {"AWS_PROFILE": "mine"}, "sso", None),
    ],
)
def test_a_profile_counts_where_the_shell_has_neither_keys_nor_a_web_identity(
    given: dict[str, str], profile: str | None, used: str | None
) -> None:
    env = real_access(given, Environment("dev", "eu-west-1", profile=profile)).env
    assert env.get("AWS_PROFILE") == used
    assert "AWS_DEFAULT_PROFILE" not in env
    assert given.items() - {("AWS_PROFILE", "mine"), ("AWS_DEFAULT_PROFILE", "old")} <= env.items()


@pytest.mark.parametrize(
    ("purpose", "planner", "role"),
    [
        (Purpose.APPLY, "arn:aws:iam::222222222222:role/look", "deploy"),
        (Purpose.PLAN, "arn:aws:iam::222222222222:role/look", "look"),
        (Purpose.PLAN, None, "deploy"),
    ],
)
def test_the_purpose_decides_on_the_role(purpose: Purpose, planner: str | None, role: str) -> None:
    access = real_access({}, replace(PROD, plan_role_arn=planner), purpose)
    assert access.role_arn == f"arn:aws:iam::222222222222:role/{role}"
