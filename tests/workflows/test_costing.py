"""What an environment's files say reaches its cost: schedule, use, prices of its own, budget."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.project import load_project
from landform.review.cost.model import CostReview
from landform.review.findings import PolicyResult, Result
from landform.workflows.costing import environment_cost

_PROJECT = "project: shop\nstacks:\n  data: {module: m}\n  web: {module: m, teardown: true}\n"
_ENVIRONMENT = """\
region: us-east-1
budget: {monthly_usd: 50, warn_at_percent: 90}
teardown: {schedule: "0 20 * * *", rebuild: "0 8 * * *"}
"""
_ROW = "aws_nat_gateway:hours,hour,{},us-east-1,us,2026-11-01"
_HEADER = "resource,unit,price_usd,region,source,as_of"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of two stacks, one of which lives half of each day."""
    files = {
        "landform.yaml": _PROJECT,
        "modules/m/main.tf": 'output "x" {\n  value = 1\n}\n',
        "environments/dev/environment.yaml": _ENVIRONMENT,
        "environments/dev/usage.yaml": "aws_nat_gateway:\n  data_processed_gb: 100\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _cost(folder: Path, *, destroy: bool = False) -> tuple[CostReview, tuple[PolicyResult, ...]]:
    project = load_project(folder)
    stacks = tuple(StackPlan(name, changes=(_gateway(name),)) for name in ("data", "web"))
    plan = EnvironmentPlan("shop", "dev", stacks, destroy=destroy)
    return environment_cost(plan, project, project.environment_by_name["dev"], date(2026, 11, 21))


def _gateway(stack: str) -> Change:
    address = f"module.{stack}.aws_nat_gateway.this"
    return Change(stack, address, "aws_nat_gateway", "managed", Action.CREATE, after=Values({}))


def test_only_stacks_with_teardown_live_by_the_schedule(folder: Path) -> None:
    cost, (budget,) = _cost(folder)
    assert cost.hours == pytest.approx(365)
    assert [each.after.low for each in cost.stacks] == [pytest.approx(37.35), pytest.approx(16.425 + 4.5)]
    assert budget.result is Result.DENY


def test_a_budget_holds_up_no_destroy(folder: Path) -> None:
    assert _cost(folder, destroy=True)[1] == ()


def test_without_a_teardown_all_live_the_month_and_without_a_budget_nothing_is_judged(folder: Path) -> None:
    (folder / "environments" / "dev" / "environment.yaml").write_text("region: us-east-1\n")
    cost, results = _cost(folder)
    assert cost.after.low == pytest.approx(2 * 37.35)
    assert (cost.hours, results) == (730.0, ())


def test_the_projects_own_prices_go_before_the_refreshed_ones(folder: Path) -> None:
    (folder / ".landform").mkdir()
    (folder / ".landform" / "prices.csv").write_text(f"{_HEADER}\n{_ROW.format('0.01')}\n")
    assert _cost(folder)[0].after.low == pytest.approx(9 + 0.01 * 1095)
    (folder / "prices.csv").write_text(f"{_HEADER}\n{_ROW.format('0.02')}\n")
    assert _cost(folder)[0].after.low == pytest.approx(9 + 0.02 * 1095)


def test_what_is_wrong_in_usage_and_prices_is_said_with_its_line(folder: Path) -> None:
    (folder / "environments" / "dev" / "usage.yaml").write_text("aws_nat_gateway:\n  gigabytes: 100\n")
    with pytest.raises(ProjectInvalid) as caught:
        _cost(folder)
    assert str(caught.value.faults[0]).startswith(
        "environments/dev/usage.yaml:2: aws_nat_gateway has no usage"
    )
    (folder / "prices.csv").write_text(f"{_HEADER}\n{_ROW.format('cheap')}\n")
    with pytest.raises(ProjectInvalid) as caught:
        _cost(folder)
    assert str(caught.value.faults[0]).startswith("prices.csv:2: price_usd 'cheap'")
