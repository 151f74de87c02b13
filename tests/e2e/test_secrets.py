"""A secret handed over as TF_VAR_… stays one: whoever quotes it, landform neither shows nor keeps it."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import Ended, ProjectKit
from e2e.small_projects import BUCKET, ENVIRONMENT, project_file

pytestmark = pytest.mark.e2e

NAME = "/hunter2-s3cret"
TOKEN = 'tok3n-part-one&<"\\ü>\nand tok3n-part-two'
NEEDLES = ("hunter2", "tok3n-part")

# The provider puts the name, a secret here, into id, arn and its errors; Terraform marks none of those. The
# second resource fails with a message that quotes the token, until somebody opens the way.
VAULT = """\
variable "name" {
  type      = string
  sensitive = true
}

variable "token" {
  type      = string
  sensitive = true
}

variable "tier" {
  type = string
}

resource "aws_ssm_parameter" "vault" {
  name           = var.name
  type           = "String"
  insecure_value = var.token
  tags           = { Tier = var.tier }
}

resource "terraform_data" "check" {
  provisioner "local-exec" {
    command     = "[ -e '${path.root}/../../open' ] || { echo \\"bad token $TOKEN\\" >&2; exit 1; }"
    environment = { TOKEN = var.token }
  }
}

# Its output repeats its input, and Terraform marks one of the two only.
resource "terraform_data" "echo" {
  input = jsonencode({ url = "https://${urlencode(var.token)}@x.example", text = "say ${var.token} loudly" })
}

output "arn" {
  value = aws_ssm_parameter.vault.arn
}
"""
FORMATS = ("text", "markdown", "html", "json", "sarif", "junit")

PROJECT = project_file(
    "  vault:\n    module: vault\n"
    "    inputs: {name: '${var.name}', token: '${var.token}', tier: '${var.tier}'}\n"
)


def test_a_secret_is_neither_shown_nor_kept(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": PROJECT,
            "modules/vault/main.tf": VAULT,
            "environments/dev/environment.yaml": ENVIRONMENT + "approvals: {planner_may_approve: true}\n",
            "environments/dev/terraform.tfvars": 'tier = "one"\n',
        }
    )
    project.env = {"TF_VAR_name": NAME, "TF_VAR_token": TOKEN}
    project.landform("sandbox", "start")
    project.aws("ssm").put_parameter(Name=NAME, Value="in the way", Type="String")

    failed = _watched(project, "apply", "dev", "--sandbox", "--yes", "--verbose")
    assert failed.code == 1
    assert "ParameterAlreadyExists" in failed.out
    assert "bad token" in failed.out
    _keeps_its_secrets(project, failed)

    project.aws("ssm").delete_parameter(Name=NAME)
    (project.folder / "open").touch()
    applied = _watched(project, "apply", "dev", "--sandbox", "--yes", "--diff", "--json")
    assert applied.code == 0, applied.err
    assert project.parameter(NAME) == TOKEN
    _keeps_its_secrets(project, applied)

    project.replace("environments/dev/terraform.tfvars", "one", "two")
    planned = project.landform("plan", "dev", "--sandbox", "--diff", "--verbose", code=2)
    assert "tags.Tier" in planned.out
    _keeps_its_secrets(project, planned)
    for wanted in FORMATS:
        _keeps_its_secrets(project, project.landform("show", "--format", wanted, "--diff"))
    digest = project.landform("show", "--json").json["digest"]
    approved = project.landform("approve", "dev", "--plan", digest, "--sandbox", "--yes", "--diff")
    _keeps_its_secrets(project, approved)
    _keeps_its_secrets(project, project.landform("audit", "dev", "--sandbox", "--json"))
    _keeps_its_secrets(project, project.landform("output", "dev", "--sandbox", "--json"))


def test_a_plan_that_fails_over_a_secret_does_not_quote_it(make_project: MakeProject) -> None:
    bad_tier = VAULT.replace('"String"', '"String"\n  tier           = var.name')
    project = make_project(
        {
            "landform.yaml": PROJECT,
            "modules/vault/main.tf": bad_tier,
            "environments/dev/environment.yaml": ENVIRONMENT,
            "environments/dev/terraform.tfvars": 'tier = "one"\n',
        }
    )
    project.env = {"TF_VAR_name": NAME, "TF_VAR_token": TOKEN}

    failed = project.landform("plan", "dev", "--sandbox", "--verbose", "--json", code=1)

    assert "expected tier to be one of" in failed.json["error"]["diagnostics"][0]
    assert "expected tier to be one of" in failed.err
    _keeps_its_secrets(project, failed)


def _keeps_its_secrets(project: ProjectKit, ended: Ended) -> None:
    for needle in NEEDLES:
        assert needle not in ended.out
        assert needle not in ended.err
    kept = [path for path in (project.folder / ".landform").rglob("*") if path.is_file()]
    assert kept
    assert [str(path) for path in kept if _holds_a_secret(path)] == []
    records = [key for key in project.objects(BUCKET) if key.startswith("landform/")]
    contents = [project.aws("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in records]
    assert not any(needle.encode() in content for needle in NEEDLES for content in contents)


def _holds_a_secret(path: Path) -> bool:
    content = path.read_bytes()
    return any(needle.encode() in content for needle in NEEDLES) or path.suffix == ".tfplan"


def _watched(project: ProjectKit, *args: str) -> Ended:
    """Run landform and look at every command line of this machine meanwhile."""
    process = project.start(*args)
    while process.poll() is None:
        time.sleep(0.1)
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, check=True).stdout
        assert not any(needle.encode() in listed for needle in NEEDLES)
    out, err = process.communicate()
    return Ended(process.returncode, out, err)
