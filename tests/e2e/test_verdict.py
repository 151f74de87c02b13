"""The verdict that people see is the one that counts, also where the same plan was kept with another one."""

from __future__ import annotations

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit
from e2e.small_projects import ENVIRONMENT, project_file

pytestmark = pytest.mark.e2e

KEY = 'resource "aws_kms_key" "this" {}\n'
DEARER = (
    "resource,unit,price_usd,region,source,as_of\n"
    "aws_kms_key:customer_managed,key-month,50.00,us-east-1,our bill,2026-05\n"
)


def test_a_plan_that_is_over_its_budget_by_now_is_not_applied(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file("  one:\n    module: one\n    inputs: {}\n", "local"),
            "modules/one/main.tf": KEY,
            "environments/dev/environment.yaml": ENVIRONMENT + "budget: {monthly_usd: 10}\n",
            "environments/dev/terraform.tfvars": "",
        }
    )
    before = _planned(project)
    (project.folder / ".landform" / "prices.csv").write_text(DEARER)
    assert _planned(project) == before.replace("pass", "deny")
    done = project.landform("apply", "dev", "--sandbox", "--yes", code=3)
    assert "the verdict is deny: deny: budget" in done.err
    assert "applying" not in done.out


def test_an_exemption_of_one_environment_counts_when_it_is_planned_and_applied(
    make_project: MakeProject,
) -> None:
    exemption = (
        "- policy: required_tags\n  address: '*'\n  reason: a trial\n  by: ann\n  expires: 2099-01-01\n"
    )
    project = make_project(
        {
            "landform.yaml": project_file(
                "  one:\n    module: one\n    inputs: {}\n", "local", "policy: {required_tags: [Owner]}\n"
            ),
            "modules/one/main.tf": KEY,
            "environments/dev/environment.yaml": ENVIRONMENT,
            "environments/dev/terraform.tfvars": "",
        }
    )
    assert _planned(project).endswith(" deny")
    project.write({"environments/dev/exemptions.yaml": exemption})
    assert _planned(project).endswith(" warn")
    project.landform("apply", "dev", "--sandbox", "--yes")


def _planned(project: ProjectKit) -> str:
    plan = project.landform("plan", "dev", "--sandbox", "--json", code=2).json
    return f"{plan['digest']} {plan['verdict']['result']}"
