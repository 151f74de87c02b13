"""Which stack waits for which, forwards and backwards."""

from __future__ import annotations

from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.workflows.apply import order_of

_STACKS = (
    StackPlan("network"),
    StackPlan("web", upstream=("network",)),
    StackPlan("jobs", upstream=("web", "gone")),
)


def test_upstream_goes_first() -> None:
    plan = EnvironmentPlan("shop", "dev", _STACKS)
    assert order_of(plan) == {
        "network": frozenset(),
        "web": frozenset({"network"}),
        "jobs": frozenset({"web"}),
    }


def test_destroying_goes_the_other_way() -> None:
    plan = EnvironmentPlan("shop", "dev", _STACKS, destroy=True)
    assert order_of(plan) == {
        "jobs": frozenset(),
        "web": frozenset({"jobs"}),
        "network": frozenset({"web"}),
    }
