"""boto3 and Terraform end as the same identity: the environment's roles, a web identity, a profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import REGION, ProjectKit, emulator_client
from e2e.recorders import Request, recording_emulator
from e2e.small_projects import BUCKET, NETWORK, project_file

pytestmark = pytest.mark.e2e

ACCOUNT = "222222222222"
"""Not the emulator's own: whoever is nobody's role ends in another account, and is refused there."""
ROLE = f"arn:aws:iam::{ACCOUNT}:role"
WHERE = f'region: {REGION}\naccount_id: "{ACCOUNT}"\n'
TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyZXBvOnNob3AifQ.verysecret"
SEEN = """
resource "terraform_data" "seen" {
  provisioner "local-exec" {
    command = "echo $AWS_REGION $AWS_DEFAULT_REGION $AWS_PROFILE > '${var.cidr}'"
  }
}
"""


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shell that is in another region, with no credentials but those of a test."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-1")
    return monkeypatch


@pytest.fixture
def emulator(shell: pytest.MonkeyPatch) -> Iterator[tuple[str, list[Request]]]:
    """What the shell takes for AWS, with a state bucket in the environment's account."""
    with recording_emulator() as (endpoint, received):
        emulator_client(endpoint, "s3", ACCOUNT).create_bucket(Bucket=BUCKET)
        received.clear()
        shell.setenv("AWS_ENDPOINT_URL", endpoint)
        shell.setenv("AWS_ENDPOINT_URL_STS", endpoint)  # the provider asks there for credentials of a chain
        yield endpoint, received


def _project(make_project: MakeProject, environment: str) -> ProjectKit:
    """Two stacks, of which one reads the state of the other."""
    project = make_project(
        {
            "landform.yaml": project_file(
                "  network:\n    module: network\n    inputs: {cidr: '${var.cidr}'}\n"
                "  web:\n    module: web\n    inputs: {log_group: '${stack.network.log_group}'}\n"
            ),
            "modules/network/main.tf": NETWORK + SEEN,
            "modules/web/main.tf": 'variable "log_group" {}\n'
            'resource "aws_ssm_parameter" "logs" {\n  name = "/shop/logs"\n  type = "String"\n'
            "  insecure_value = var.log_group\n}\n",
            "environments/dev/environment.yaml": WHERE + environment,
        }
    )
    project.write({"environments/dev/terraform.tfvars": f'cidr = "{project.folder}/seen"\n'})
    project.env |= {
        "AWS_CONFIG_FILE": str(project.folder / "aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(project.folder / "aws" / "credentials"),
    }
    return project


def _asked(received: Sequence[Request], action: str) -> dict[str, dict[str, str]]:
    """The parameters of every call of one action of STS by who called; each caller asks for one thing."""
    found: dict[str, dict[str, str]] = {}
    for request in received:
        form = {name: values[0] for name, values in parse_qs(request.body.decode(errors="replace")).items()}
        if form.get("Action") != action:
            continue
        caller = "Terraform" if "Terraform" in request.headers["user-agent"] else "boto3"
        del form["Action"], form["Version"]
        assert found.setdefault(caller, form) == form
    return found


def test_the_roles_are_assumed_as_the_environment_says(
    make_project: MakeProject, emulator: tuple[str, list[Request]]
) -> None:
    endpoint, received = emulator
    project = _project(
        make_project,
        f"assume_role_arn: {ROLE}/apply\nplan_role_arn: {ROLE}/plan\n"
        "assume_role: {external_id: 'of:shop/1', session_name: ci@shop, duration: 1h30m}\n",
    )
    project.env |= {"AWS_ACCESS_KEY_ID": "AKIAOWNKEYOFSHELL000", "AWS_SECRET_ACCESS_KEY": "verysecret"}
    options = {"ExternalId": "of:shop/1", "RoleSessionName": "ci@shop", "DurationSeconds": "5400"}

    planned = project.landform("plan", "dev", "--json", code=2).json
    planner = {**options, "RoleArn": f"{ROLE}/plan"}
    assert _asked(received, "AssumeRole") == {"boto3": planner, "Terraform": planner}

    received.clear()
    applied = project.landform("apply", "dev", "--plan", planned["digest"], "--yes", "--json")
    (stage,) = applied.json["stages"]
    assert stage["digest"] == planned["digest"]
    applier = {**options, "RoleArn": f"{ROLE}/apply"}
    assert _asked(received, "AssumeRole") == {"boto3": applier, "Terraform": applier}
    assert _parameters(endpoint) == ["/shop/cidr", "/shop/logs"]
    assert (project.folder / "seen").read_text().split() == [REGION, REGION]

    received.clear()
    project.landform("plan", "dev")
    assert _asked(received, "AssumeRole") == {"boto3": planner, "Terraform": planner}
    assert "verysecret" not in applied.out + applied.err


def test_a_role_alone_takes_the_usual_options(
    make_project: MakeProject, emulator: tuple[str, list[Request]]
) -> None:
    endpoint, received = emulator
    project = _project(make_project, f"assume_role_arn: {ROLE}/apply\n")
    project.env |= {"AWS_ACCESS_KEY_ID": "AKIAOWNKEYOFSHELL000", "AWS_SECRET_ACCESS_KEY": "verysecret"}
    project.landform("apply", "dev", "--yes")
    asked = _asked(received, "AssumeRole")
    assert {(each["RoleArn"], each["RoleSessionName"]) for each in asked.values()} == {
        (f"{ROLE}/apply", "landform")
    }
    assert asked.keys() == {"boto3", "Terraform"}
    assert not any("ExternalId" in each for each in asked.values())
    assert _parameters(endpoint) == ["/shop/cidr", "/shop/logs"]


def test_a_web_identity_is_the_same_to_both(
    make_project: MakeProject, emulator: tuple[str, list[Request]]
) -> None:
    endpoint, received = emulator
    project = _project(make_project, "profile: stranger\n")
    project.write({"../token": TOKEN, "aws/config": _STRANGER, "aws/credentials": _BASE})
    project.env["AWS_WEB_IDENTITY_TOKEN_FILE"] = str(project.folder.parent / "token")
    project.env["AWS_ROLE_ARN"] = f"{ROLE}/ci"
    project.env["AWS_ROLE_SESSION_NAME"] = "run-7"
    project.env["AWS_PROFILE"] = "stranger"
    done = project.landform("apply", "dev", "--yes", "--verbose")
    form = {"RoleArn": f"{ROLE}/ci", "RoleSessionName": "run-7", "WebIdentityToken": TOKEN}
    assert _asked(received, "AssumeRoleWithWebIdentity") == {"boto3": form, "Terraform": form}
    assert _asked(received, "AssumeRole") == {}
    assert _parameters(endpoint) == ["/shop/cidr", "/shop/logs"]
    assert TOKEN not in done.out + done.err
    files = [path for path in project.folder.rglob("*") if path.is_file()]
    assert [path.name for path in files if TOKEN.encode() in path.read_bytes()] == []


def test_a_profile_of_the_environment_is_the_same_to_both(
    make_project: MakeProject, emulator: tuple[str, list[Request]]
) -> None:
    endpoint, received = emulator
    project = _project(make_project, "profile: work\n")
    project.write({"aws/config": _STRANGER + _WORK, "aws/credentials": _BASE})
    project.env["AWS_PROFILE"] = "stranger"
    project.landform("apply", "dev", "--yes")
    asked = _asked(received, "AssumeRole")
    assert {caller: form["RoleArn"] for caller, form in asked.items()} == {
        "boto3": f"{ROLE}/work",
        "Terraform": f"{ROLE}/work",
    }
    assert _parameters(endpoint) == ["/shop/cidr", "/shop/logs"]
    assert (project.folder / "seen").read_text().split() == [REGION, REGION, "work"]


# To botocore a role in a profile goes before a web identity, even one in the default profile.
_OTHER = "role_arn = arn:aws:iam::999999999999:role/stranger\nsource_profile = base\nregion = us-west-2\n"
_STRANGER = f"[default]\n{_OTHER}[profile stranger]\n{_OTHER}"
_WORK = f"[profile work]\nrole_arn = {ROLE}/work\nrole_session_name = ann\nsource_profile = base\n"
_BASE = "[base]\naws_access_key_id = AKIABASEBASEBASEBASE\naws_secret_access_key = verysecret\n"


def _parameters(endpoint: str) -> list[str]:
    found = emulator_client(endpoint, "ssm", ACCOUNT).get_parameters_by_path(Path="/", Recursive=True)
    return sorted(each["Name"] for each in found["Parameters"])
