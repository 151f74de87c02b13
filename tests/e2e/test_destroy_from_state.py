"""``destroy --from-state``: what stands goes, however little of its configuration can still be planned."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit, works_as
from e2e.small_projects import BUCKET, ENVIRONMENT, NETWORK, project_file, two_stacks
from e2e.terminal import Terminal

pytestmark = pytest.mark.e2e

DESTROY = ("destroy", "dev", "--sandbox", "--from-state")
CONFIRMED = (*DESTROY, "--confirm", "dev from state")

# A module with providers of its own, one of them in a module below it, and an object that is never to go.
FAR = """\
provider "aws" {
  alias  = "far"
  region = "eu-west-1"
}

resource "aws_ssm_parameter" "far" {
  provider       = aws.far
  name           = "/shop/far"
  type           = "String"
  insecure_value = "far"

  lifecycle {
    prevent_destroy = true
  }
}

module "inner" {
  source = "./inner"
}
"""
INNER = """\
provider "aws" {
  region = "eu-central-1"
}

resource "aws_ssm_parameter" "inner" {
  name           = "/shop/inner"
  type           = "String"
  insecure_value = "inner"
}
"""
PICKY = """\
variable "log_group" {
  type = string
}

resource "aws_ssm_parameter" "mine" {
  name           = "/shop/mine"
  type           = "String"
  insecure_value = var.log_group
}

data "aws_ssm_parameter" "theirs" {
  name = "/theirs"
}
"""
OLD = """\
  old:
    module: old
    inputs: {log_group: '${stack.network.log_group}'}
"""


def test_a_broken_project_goes_from_its_states_with_all_its_providers(make_project: MakeProject) -> None:
    """Broken HCL, a module that is gone, a value that is missing, a stack that landform.yaml has not."""
    files = dict(two_stacks()) | {
        "modules/web/far.tf": FAR,
        "modules/web/inner/main.tf": INNER,
        "modules/old/main.tf": 'variable "log_group" {}\n'
        'resource "aws_ssm_parameter" "old" {\n'
        '  name = "/shop/old"\n  type = "String"\n  insecure_value = var.log_group\n}\n',
    }
    project = make_project(files | {"landform.yaml": files["landform.yaml"] + OLD})
    project.landform("apply", "dev", "--sandbox", "--yes")
    made = ("cidr", "greeting", "logs", "old", "far", "inner")
    assert _everywhere(project) == {f"/shop/{name}" for name in made}
    project.replace("landform.yaml", OLD, "")
    project.replace("environments/dev/terraform.tfvars", 'cidr     = "10.0.0.0/16"\n', "")
    project.write({"modules/web/main.tf": 'resource "aws_ssm_parameter" {'})
    (project.folder / "modules/network/main.tf").unlink()

    assert "4 faults" in project.landform("destroy", "dev", "--sandbox", "--yes", code=1).err
    standing = project.landform(*CONFIRMED, "--stack", "network", code=3).err
    assert "old, web still stand on network" in standing
    unconfirmed = project.landform(*DESTROY, "--yes", code=3)
    assert "7 to destroy" in unconfirmed.out
    assert "configuration-unread" in unconfirmed.out
    assert "--yes is not enough" in unconfirmed.err
    assert "--confirm 'dev from state'" in unconfirmed.err
    assert "nothing was destroyed" in project.landform(*DESTROY, "--confirm", "dev", code=3).err
    assert len(_everywhere(project)) == 6

    with Terminal(project, *DESTROY, "--verbose") as terminal:
        terminal.wait_for("Type 'dev from state' to destroy all of this")
        assert "prevent_destroy is configuration, and keeps nothing here" in terminal.shown
        terminal.type("dev from state\n")
        assert terminal.wait_for_end() == 0, terminal.shown

    assert _everywhere(project) == set()
    assert project.log_groups() == []
    assert {stack: _managed(project, stack) for stack in ("network", "web", "old")} == dict.fromkeys(
        ("network", "web", "old"), 0
    )
    begun = [line for line in terminal.shown.splitlines() if line.strip().endswith(": preparing")]
    assert begun[-1].strip() == "network: preparing"
    assert "No changes" in project.landform(*CONFIRMED).out
    assert project.landform("state", "locks", "dev", "--sandbox", "--json").json["locks"] == []
    project.landform("sweep", "dev", "--sandbox")


def test_a_data_source_and_an_upstream_that_are_gone_hold_up_no_destroy(make_project: MakeProject) -> None:
    """It takes no --from-state: Terraform is asked again, for a plan that reads nothing of AWS."""
    stacks = "  network:\n    module: network\n    inputs: {cidr: 10.0.0.0/16}\n"
    stacks += "  web:\n    module: web\n    inputs: {log_group: '${stack.network.log_group}'}\n"
    project = make_project(
        {
            "landform.yaml": project_file(stacks),
            "modules/network/main.tf": NETWORK,
            "modules/web/main.tf": PICKY,
            "environments/dev/environment.yaml": ENVIRONMENT,
        }
    )
    project.landform("sandbox", "start")
    project.aws("ssm").put_parameter(Name="/theirs", Type="String", Value="of another team")
    project.landform("apply", "dev", "--sandbox", "--yes")
    project.aws("ssm").delete_parameter(Name="/theirs")
    project.aws("s3").delete_object(Bucket=BUCKET, Key="shop/dev/network/terraform.tfstate")
    assert "reading SSM Parameter (/theirs)" in project.landform("plan", "dev", "--sandbox", code=1).err
    project.write({"modules/web/unknown.tf": 'resource "aws_nothing" "of" {}\n'})
    helpless = project.landform("destroy", "dev", "--sandbox", "--yes", code=1).err
    assert "landform destroy dev --from-state --sandbox" in helpless
    (project.folder / "modules/web/unknown.tf").unlink()

    told = project.landform("destroy", "dev", "--sandbox", "--yes").out

    assert "states-unrefreshed" in told
    assert "module.web.data.aws_ssm_parameter.theirs: reading SSM" in told
    assert set(project.parameters()) == {"/shop/cidr"}, "which is in no state any more"
    assert _managed(project, "web") == 0


def test_a_protected_environment_is_refused(standing: ProjectKit) -> None:
    refused = standing.landform(
        "destroy", "prod", "--sandbox", "--from-state", "--confirm", "prod from state", code=3
    )

    assert "'prod' is protected" in refused.err


def test_confirm_says_nothing_without_from_state(standing: ProjectKit) -> None:
    refused = standing.landform("destroy", "dev", "--sandbox", "--confirm", "dev from state", code=3)

    assert "--confirm is for --from-state" in refused.err


def test_it_takes_an_approval_of_its_own(make_project: MakeProject) -> None:
    """That of a usual destruction does not serve, and the approver's copy may be as broken as ours."""
    rules = "approvals: {required: 1, planner_may_approve: true}\n"
    project = make_project({**two_stacks(), "environments/dev/environment.yaml": ENVIRONMENT + rules})
    project.env |= works_as("ann")
    _approve(project, _planned(project))
    project.landform("apply", "dev", "--sandbox")
    _approve(project, _planned(project, "--destroy"))
    project.write({"modules/web/main.tf": "{"})

    refused = project.landform(*CONFIRMED, code=3).err
    assert "0 of 1 approvals" in refused
    said = _approve(project, refused.split("the plan ")[1].split()[0])
    assert "landform destroy --from-state dev --sandbox" in said
    assert "no terminal" in project.landform(*DESTROY, "--yes", code=3).err
    assert len(project.parameters()) == 3

    project.landform(*CONFIRMED, "--json")

    assert project.parameters() == {}


def _planned(project: ProjectKit, *options: str) -> str:
    return str(project.landform("plan", "dev", "--sandbox", "--json", *options, code=2).json["digest"])


def _approve(project: ProjectKit, digest: str) -> str:
    return project.landform("approve", "dev", "--plan", digest[:12], "--sandbox", "--yes").out


def _everywhere(project: ProjectKit) -> set[str]:
    found: set[str] = set()
    for region in ("us-east-1", "eu-west-1", "eu-central-1"):
        pages = project.aws("ssm", region=region).get_paginator("get_parameters_by_path").paginate
        found |= {each["Name"] for page in pages(Path="/shop", Recursive=True) for each in page["Parameters"]}
    return found


def _managed(project: ProjectKit, stack: str) -> int:
    body = project.aws("s3").get_object(Bucket=BUCKET, Key=f"shop/dev/{stack}/terraform.tfstate")["Body"]
    document: Mapping[str, object] = json.loads(body.read())
    resources = document["resources"]
    assert isinstance(resources, list)
    return len(resources)
