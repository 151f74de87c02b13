"""What somebody changed in AWS by hand is seen by the next plan, and said to be put back."""

from __future__ import annotations

import pytest

from e2e.project_kit import ProjectKit

pytestmark = pytest.mark.e2e


def test_a_plan_shows_what_it_will_put_back(standing: ProjectKit) -> None:
    ssm = standing.aws("ssm")
    ssm.put_parameter(Name="/shop/greeting", Value="meddled", Overwrite=True)
    try:
        planned = standing.landform("plan", "dev", "--sandbox", "--json", code=2).json
    finally:
        ssm.put_parameter(Name="/shop/greeting", Value="hello", Overwrite=True)

    assert {name: count for name, count in planned["counts"].items() if count} == {"update": 1}
    web = next(stack for stack in planned["stacks"] if stack["stack"] == "web")
    address = "module.web.aws_ssm_parameter.greeting"
    (change,) = web["changes"]
    assert (change["address"], change["action"]) == (address, "update")
    values = {each["path"]: (each["before"], each["after"]) for each in change["attributes"]}
    assert values["insecure_value"] == ("meddled", "hello")
    assert address in [each["address"] for each in web["drift"]]

    shown = standing.landform("show", "dev").out
    assert "changed outside Terraform, and put back: aws_ssm_parameter.greeting" in shown
