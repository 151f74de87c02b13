"""``landform drift`` finds what has changed outside, by attribute, in all environments at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit
from e2e.small_projects import ENVIRONMENT, project_file

pytestmark = pytest.mark.e2e

MODULE = """\
variable "of" {
  type = string
}

variable "value" {
  type = string
}

resource "aws_ssm_parameter" "this" {
  name           = "/shop/${terraform.workspace}/${var.of}"
  type           = "String"
  insecure_value = var.value
}

resource "aws_ssm_parameter" "loose" {
  name           = "/shop/${terraform.workspace}/${var.of}-loose"
  type           = "String"
  insecure_value = "first"

  lifecycle {
    ignore_changes = [insecure_value]
  }
}
"""
STACKS = ("one", "two", "three")
GREETING = "module.{0}.aws_ssm_parameter.this"


@pytest.fixture
def project(make_project: MakeProject) -> ProjectKit:
    """Three stacks in dev and staging, applied; staging runs what was promoted to it."""
    stacks = "".join(
        f"  {name}:\n    module: one\n    inputs: {{of: {name}, value: '${{var.value}}'}}\n"
        for name in STACKS
    )
    made = make_project(
        {
            "landform.yaml": project_file(stacks),
            "modules/one/main.tf": MODULE,
            "environments/dev/environment.yaml": ENVIRONMENT,
            "environments/dev/terraform.tfvars": 'value = "v"\n',
            "environments/staging/environment.yaml": ENVIRONMENT + "promotes_from: dev\n",
            "environments/staging/terraform.tfvars": 'value = "v"\n',
        }
    )
    made.landform("apply", "dev", "--sandbox", "--yes")
    made.landform("promote", "dev", "staging", "--sandbox", "--yes")
    return made


def _drift(project: ProjectKit, code: int) -> dict[str, dict[str, Mapping[str, Any]]]:
    done = project.landform("drift", "--all", "--sandbox", "--json", code=code)
    strays = {each["environment"]: len(each["unmanaged"]) for each in done.json["environments"]}
    assert strays == {"dev": 0 if code == 0 else 2, "staging": 0}, "what is in no state decides nothing"
    return {
        each["environment"]: {stack["stack"]: stack for stack in each["stacks"]}
        for each in done.json["environments"]
    }


def test_drift_of_all_environments(project: ProjectKit) -> None:
    quiet = _drift(project, code=0)
    assert {stack["standing"] for stacks in quiet.values() for stack in stacks.values()} == {"in sync"}

    for number in range(2):
        tags = {"Project": "shop", "Environment": "dev"}
        project.aws("logs").create_log_group(logGroupName=f"stray-{number}", tags=tags)
    ssm = project.aws("ssm")
    for environment in ("dev", "staging"):
        ssm.put_parameter(Name=f"/shop/{environment}/one", Value="by hand", Overwrite=True)
    ssm.delete_parameter(Name="/shop/dev/two")
    ssm.put_parameter(Name="/shop/dev/three-loose", Value="on purpose", Overwrite=True)
    project.write({"modules/one/main.tf": MODULE + "\n# a new release\n", "modules/one/more.tf": _MORE})

    found = _drift(project, code=2)
    assert {name: stack["standing"] for name, stack in found["dev"].items()} == {
        "one": "drift and pending code",
        "two": "drift and pending code",
        "three": "pending code",
    }
    assert {name: stack["standing"] for name, stack in found["staging"].items()} == {
        "one": "drift",
        "two": "in sync",
        "three": "in sync",
    }, "staging is held to the release that it runs, not to what lies in the folder"
    (one,) = found["staging"]["one"]["drifted"]
    assert (one["address"], one["relevant"], one["outcome"]) == (GREETING.format("one"), True, "reverted")
    changed = {each["path"]: (each["state"], each["now"]) for each in one["attributes"]}
    assert changed["insecure_value"] == ("v", "by hand")
    (two,) = found["dev"]["two"]["drifted"]
    assert (two["deleted"], two["outcome"]) == (True, "reverted")
    (loose,) = found["dev"]["three"]["drifted"]
    assert (loose["relevant"], loose["outcome"]) == (False, "kept")
    told = project.landform("drift", "--all", "--sandbox", code=2).out
    assert "The same in dev, staging: aws_ssm_parameter, insecure_value" in told
    assert "tagged, and in no state: 2; see landform sweep dev --sandbox" in told
    assert "CloudTrail: not allowed" in told
    _a_rule_takes_it_until_it_expires(project)
    project.landform("drift", "staging", "--revert", "--sandbox", "--yes")
    assert project.parameter("/shop/staging/one") == "v"
    assert "/shop/staging/one-more" not in project.parameters(), "it is put back to the release that runs"
    project.aws("ssm").put_parameter(Name="/shop/staging/two-loose", Value="on purpose", Overwrite=True)
    (staging,) = project.landform("drift", "staging", "--sandbox", "--json").json["environments"]
    standings = {stack["stack"]: stack["standing"] for stack in staging["stacks"]}
    assert standings == {"one": "in sync", "two": "ignored drift", "three": "in sync"}


def _a_rule_takes_it_until_it_expires(project: ProjectKit) -> None:
    rule = "- {{address: 'module.one.*', reason: 'the agent writes it', expires: '{0}'}}\n"
    project.write({"environments/staging/drift.yaml": rule.format("2999-01-01")})
    calm = project.landform("drift", "staging", "dev", "--sandbox", "--no-unmanaged", code=2).out
    assert "in no state" not in calm
    project.landform("drift", "staging", "--sandbox", code=0)
    project.write({"environments/staging/drift.yaml": rule.format("2020-01-01")})
    project.landform("drift", "staging", "--sandbox", code=2)


_MORE = """\
resource "aws_ssm_parameter" "more" {
  name           = "/shop/${terraform.workspace}/${var.of}-more"
  type           = "String"
  insecure_value = "more"
}
"""
