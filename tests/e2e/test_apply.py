"""What an apply does when not everything goes as reviewed: refusal, failure beside success, stages."""

from __future__ import annotations

import json
import sys

import pytest

from e2e.conftest import MakeProject
from e2e.small_projects import ENVIRONMENT, project_file

pytestmark = pytest.mark.e2e

APPLY = ("apply", "dev", "--sandbox", "--yes")

# Its apply makes, behind Terraform's back, a parameter below /flags/: what somebody else may do at any time.
MEDDLER = f"""\
resource "terraform_data" "meddler" {{
  provisioner "local-exec" {{
    interpreter = [{json.dumps(sys.executable)}, "-c"]
    command     = "import boto3; boto3.client('ssm').put_parameter(Name='/flags/x', Value='y', Type='String')"
  }}
}}

output "ready" {{
  value = true
}}
"""
FLAGGED = """\
variable "ready" {
  type = bool
}

data "aws_ssm_parameters_by_path" "flags" {
  path = "/flags"
}

resource "aws_ssm_parameter" "calm" {
  name           = "/app/calm"
  type           = "String"
  insecure_value = var.ready
}

resource "aws_ssm_parameter" "alarm" {
  count          = length(data.aws_ssm_parameters_by_path.flags.names)
  name           = "/app/alarm"
  type           = "String"
  insecure_value = "on"
}
"""
PARAMETER = """\
variable "text" {
  type = string
}

resource "aws_ssm_parameter" "this" {
  name           = "/%s"
  type           = "String"
  insecure_value = var.text
}

output "text" {
  value = aws_ssm_parameter.this.name
}
"""
ZONES = """\
resource "aws_cloudwatch_log_group" "this" {
  name_prefix = "zone-"
}

output "zones" {
  value = [aws_cloudwatch_log_group.this.name]
}
"""
PER_ZONE = """\
variable "zones" {
  type = list(string)
}

resource "aws_ssm_parameter" "this" {
  for_each       = toset(var.zones)
  name           = "/zones/${each.key}"
  type           = "String"
  insecure_value = each.key
}
"""


def test_a_step_that_goes_beyond_the_review_is_refused_untouched(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file(
                "  meddler:\n    module: meddler\n"
                "  app:\n    module: app\n    inputs: {ready: '${stack.meddler.ready}'}\n"
            ),
            "modules/meddler/main.tf": MEDDLER,
            "modules/app/main.tf": FLAGGED,
            "environments/dev/environment.yaml": ENVIRONMENT,
        }
    )

    refused = project.landform(*APPLY, code=3)

    assert "module.app.aws_ssm_parameter.alarm[0]: create, not in the reviewed plan" in refused.out
    assert "goes beyond what was reviewed" in refused.out
    assert list(project.parameters()) == ["/flags/x"]
    assert not project.locks("shop-tfstate")


def test_a_failed_stack_stops_its_dependents_only(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file(
                "  alone:\n    module: alone\n    inputs: {text: x}\n"
                "  first:\n    module: first\n    inputs: {text: x}\n"
                "  second:\n    module: second\n    inputs: {text: '${stack.first.text}'}\n"
            ),
            **{f"modules/{name}/main.tf": PARAMETER % name for name in ("alone", "first", "second")},
            "environments/dev/environment.yaml": ENVIRONMENT,
        }
    )
    project.landform("sandbox", "start")
    project.aws("ssm").put_parameter(Name="/first", Value="in the way", Type="String")

    failed = project.landform(*APPLY, "--json", code=1)

    (stage,) = failed.json["stages"]
    ended = {stack["stack"]: stack for stack in stage["run"]["stacks"]}
    phases = {name: stack["phase"] for name, stack in ended.items()}
    assert phases == {"alone": "done", "first": "failed", "second": "blocked"}
    reason, look = ended["first"]["reasons"]
    assert "the next apply looks for what is in no state" in look
    for words in ("ParameterAlreadyExists", "module.first.aws_ssm_parameter.this", "modules/first/main.tf:5"):
        assert words in reason
    assert "first" in ended["second"]["reasons"][0]
    assert project.parameters() == {"/alone": ("x", 1), "/first": ("in the way", 1)}

    project.aws("ssm").delete_parameter(Name="/first")
    mended = project.landform(*APPLY)

    assert "alone: " not in mended.out
    assert project.parameters() == {"/alone": ("x", 1), "/first": ("x", 1), "/second": ("/first", 1)}


def test_a_stack_that_cannot_be_planned_yet_gets_a_stage_of_its_own(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file(
                "  zones:\n    module: zones\n"
                "  per_zone:\n    module: per_zone\n    inputs: {zones: '${stack.zones.zones}'}\n"
            ),
            "modules/zones/main.tf": ZONES,
            "modules/per_zone/main.tf": PER_ZONE,
            "environments/dev/environment.yaml": ENVIRONMENT,
        }
    )

    stages = project.landform(*APPLY, "--json").json["stages"]

    (deferred,) = stages[0]["deferred"]
    assert deferred["stack"] == "per_zone"
    assert "for_each" in deferred["reason"]
    assert "known only after apply" in deferred["reason"]
    assert [[stack["stack"] for stack in stage["run"]["stacks"]] for stage in stages] == [
        ["zones"],
        ["per_zone"],
    ]
    assert stages[1]["deferred"] == []
    (zone,) = project.log_groups()
    assert project.parameters() == {f"/zones/{zone}": (zone, 1)}
    project.landform("plan", "dev", "--sandbox")
