"""Plans of a few resources, and what they cost in us-east-1 with the shipped prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import Deferred, EnvironmentPlan, StackPlan
from landform.review.cost.costing import CostContext, cost_of
from landform.review.cost.model import CostLine, CostReview, Money
from landform.review.cost.prices import load_prices

TODAY = date(2026, 11, 21)


def resource(kind: str, values: Mapping[str, Any], **more: Any) -> Change:
    """A resource that is created, unless ``more`` says otherwise."""
    action = more.pop("action", Action.CREATE)
    stack = more.pop("stack", "web")
    name = more.pop("name", "this")
    before = more.pop("before", None if action is Action.CREATE else values)
    after = None if action in (Action.DELETE, Action.FORGET) else values
    return Change(
        stack, f"module.{stack}.{kind}.{name}", kind, "managed", action, Values(before), Values(after), **more
    )


def plan(*changes: Change, deferred: tuple[Deferred, ...] = (), destroy: bool = False) -> EnvironmentPlan:
    """A plan of those changes, in the stacks they name."""
    stacks = tuple(
        StackPlan(name, changes=tuple(each for each in changes if each.stack == name))
        for name in dict.fromkeys(each.stack for each in changes)
    )
    return EnvironmentPlan("shop", "dev", stacks, deferred, destroy)


def context(**more: Any) -> CostContext:
    """us-east-1 and the shipped prices."""
    return replace(CostContext("us-east-1", load_prices(), TODAY), **more)


def cost(*changes: Change, **more: Any) -> CostReview:
    """The cost of those changes."""
    return cost_of(plan(*changes), context(**more))


def line(*changes: Change, **more: Any) -> CostLine:
    """The cost of the first of those changes; the others are what it refers to."""
    lines = {each.address: each for each in cost(*changes, **more).lines}
    return lines[changes[0].address]


def dollars(money: Money | None) -> float | tuple[float, float] | None:
    """Money to a hundredth of a cent: one figure, or a range."""
    if money is None:
        return None
    low, high = round(money.low, 4), round(money.high, 4)
    return low if low == high else (low, high)
