"""``drift --revert`` puts back what has drifted and nothing else; ``drift --accept`` changes states only."""

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
  name           = "/shop/${var.of}"
  type           = "String"
  insecure_value = "v"
}

resource "aws_ssm_parameter" "other" {
  name           = "/shop/${var.of}-other"
  type           = "String"
  insecure_value = var.value
}

output "value" {
  value = aws_ssm_parameter.this.insecure_value
}
"""
STACKS = ("one", "two", "three")
THIS = "module.{0}.aws_ssm_parameter.this"


@pytest.fixture
def project(make_project: MakeProject) -> ProjectKit:
    """Three stacks, applied; then code that waits in each of them, and drift of another object."""
    stacks = "".join(
        f"  {name}:\n    module: one\n    inputs: {{of: {name}, value: '${{var.value}}'}}\n"
        for name in STACKS
    )
    made = make_project(
        {
            "landform.yaml": project_file(stacks),
            "modules/one/main.tf": MODULE,
            "environments/dev/environment.yaml": ENVIRONMENT,
            "environments/dev/terraform.tfvars": 'value = "applied"\n',
        }
    )
    made.landform("apply", "dev", "--sandbox", "--yes")
    made.write({"environments/dev/terraform.tfvars": 'value = "pending"\n'})
    ssm = made.aws("ssm")
    for name in ("one", "two"):
        ssm.put_parameter(Name=f"/shop/{name}", Value="by hand", Overwrite=True)
    ssm.delete_parameter(Name="/shop/three")
    return made


def _drifted(project: ProjectKit, code: int) -> dict[str, Mapping[str, Any]]:
    done = project.landform("drift", "dev", "--sandbox", "--json", code=code)
    (dev,) = done.json["environments"]
    return {each["address"]: each for stack in dev["stacks"] for each in stack["drifted"]}


def _waiting(project: ProjectKit) -> dict[str, str]:
    """What a plan would do."""
    planned = project.landform("plan", "dev", "--sandbox", "--json", code=2).json
    return {each["address"]: each["action"] for stack in planned["stacks"] for each in stack["changes"]}


def _values(project: ProjectKit) -> dict[str, str]:
    return {name.removeprefix("/shop/"): value for name, (value, _) in project.parameters().items()}


OTHERS = {f"module.{name}.aws_ssm_parameter.other": "update" for name in STACKS}


def test_drift_is_put_back_and_code_that_waits_still_waits(project: ProjectKit) -> None:
    found = _drifted(project, code=2)
    assert set(found) == {THIS.format(name) for name in STACKS}
    paths = [each["path"] for each in found[THIS.format("one")]["attributes"]]
    assert paths == ["insecure_value", "version"]
    assert found[THIS.format("three")]["deleted"]

    _a_revert_that_would_do_more_is_refused(project)
    refused = project.landform("drift", "dev", "--revert", "--sandbox", code=3)
    assert "add --yes" in refused.err
    assert "by hand" in _values(project).values()

    done = project.landform("drift", "dev", "--revert", "--sandbox", "--yes", "--json")
    (stage,) = done.json["stages"]
    changes = [each for stack in stage["stacks"] for each in stack["changes"]]
    assert {each["address"]: each["action"] for each in changes} == {
        THIS.format("one"): "update",
        THIS.format("two"): "update",
        THIS.format("three"): "create",
    }
    assert _values(project) == {
        **dict.fromkeys(STACKS, "v"),
        **{f"{name}-other": "applied" for name in STACKS},
    }
    status = project.landform("status", "dev", "--sandbox", "--json").json
    assert [each["drift"]["stacks"] for each in status["environments"]] == [{}]
    assert _drifted(project, code=0) == {}
    assert _waiting(project) == OTHERS
    assert {each["standing"] for each in status["stacks"]} == {"changed"}, "what waits is still seen to wait"
    nothing = project.landform("drift", "dev", "--revert", "--sandbox", "--yes")
    assert "Nothing has drifted" in nothing.out


def _a_revert_that_would_do_more_is_refused(project: ProjectKit) -> None:
    revert = ("drift", "dev", "--revert", "--stack", "one", "--sandbox", "--yes")
    project.write({"modules/one/main.tf": MODULE.replace('"v"', '"changed code"')})
    refused = project.landform(*revert, code=3)
    assert f"{THIS.format('one')}: insecure_value would be what the state does not say" in refused.err
    assert "landform apply dev" in refused.err

    reads = '"v"\n  depends_on     = [aws_ssm_parameter.other]'
    project.write({"modules/one/main.tf": MODULE.replace('"v"', reads)})
    refused = project.landform(*revert, code=3)
    assert "module.one.aws_ssm_parameter.other: update, and it has not drifted" in refused.err
    project.write({"modules/one/main.tf": MODULE})
    assert _values(project)["one"] == "by hand"


def test_drift_is_taken_into_the_states_and_nothing_in_aws_changes(project: ProjectKit) -> None:
    before = project.parameters()
    refused = project.landform("drift", "dev", "--accept", "--sandbox", code=3)
    assert "insecure_value  v → by hand" in refused.out
    assert "aws_ssm_parameter.this  is gone, and leaves the state" in refused.out

    one = project.landform("drift", "dev", "--accept", "--stack", "one", "--sandbox", "--yes", "--json").json
    assert [(each["stack"], each["phase"], each["outputs"]) for each in one["stacks"]] == [
        ("one", "done", ["value"])
    ]
    assert set(_drifted(project, code=2)) == {THIS.format("two"), THIS.format("three")}
    project.landform("drift", "dev", "--accept", "--sandbox", "--yes")
    assert project.parameters() == before
    assert _drifted(project, code=0) == {}
    assert _waiting(project) == {
        **OTHERS,
        THIS.format("one"): "update",
        THIS.format("two"): "update",
        THIS.format("three"): "create",
    }, "the code is as it was, and now it is what waits"
    told = project.landform("audit", "dev", "--sandbox").out
    assert "drift accept ended" in told
    assert "three done" in told
    _where_approvals_are_needed(project)


def _where_approvals_are_needed(project: ProjectKit) -> None:
    """A plan that puts drift back is approved as such; what a state takes in is refused."""
    project.landform("apply", "dev", "--sandbox", "--yes")
    project.aws("ssm").put_parameter(Name="/shop/one", Value="by hand", Overwrite=True)
    project.write({"environments/dev/terraform.tfvars": 'value = "waits again"\n'})
    rules = "approvals: {required: 1, planner_may_approve: true}\n"
    project.write({"environments/dev/environment.yaml": ENVIRONMENT + rules})
    refused = project.landform("drift", "dev", "--accept", "--sandbox", "--yes", code=3)
    assert "needs approvals" in refused.err
    assert "landform drift dev --revert --sandbox" in refused.err

    whole = project.landform("plan", "dev", "--sandbox", "--json", code=2).json["digest"]
    project.landform("approve", "dev", "--plan", whole, "--sandbox", "--yes")
    refused = project.landform("drift", "dev", "--revert", "--sandbox", "--yes", code=3)
    assert "has 0 of 1 approvals" in refused.err, "the approval of the whole plan is not one of this"
    narrow = refused.err.partition("--plan ")[2].split()[0]
    told = project.landform("approve", "dev", "--plan", narrow, "--sandbox", "--yes").out
    assert "Apply it with: landform drift dev --revert --sandbox" in told
    not_whole = project.landform("apply", "dev", "--plan", narrow, "--sandbox", "--yes", code=3)
    assert "is of single objects" in not_whole.err
    project.landform("drift", "dev", "--revert", "--sandbox")
    assert _values(project)["one"] == "v"
    assert _waiting(project) == OTHERS
