"""What objects cost that stand in an account, outside of any plan: one a month, or many an hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.former import Former
from landform.review.cost.attributes import Unpriced
from landform.review.cost.components import Others, Resource
from landform.review.cost.costing import CostContext, cost_of
from landform.review.cost.model import Money
from landform.review.cost.prices import HOURS_A_MONTH, Prices
from landform.review.cost.pricing import before, mapper_of, price


@dataclass(frozen=True, slots=True)
class Standing:
    """``monthly`` is None where there is no price, and ``why`` says why; both where a part has none."""

    monthly: Money | None = None
    why: str = ""


def cost_of_standing(kind: str, attributes: Mapping[str, Any], region: str, prices: Prices) -> Standing:
    """The cost of an object of a Terraform type, with those of its attributes that are known."""
    change = Change("", "", kind, "managed", Action.NO_OP, before=Values(dict(attributes)))
    try:
        mapper = mapper_of(kind, prices, region)
    except Unpriced:
        return Standing(why="no price")
    if mapper is None:
        return Standing(Money())
    resource = Resource(change, before(change), {}, Others())
    side = price(resource, mapper, prices, region, HOURS_A_MONTH)
    why = [f"no price: {gap}" for gap in side.gaps]
    if side.usage:
        why.append(
            f"and by use: {', '.join(side.usage)}" if side.rows else f"by use: {', '.join(side.usage)}"
        )
    return Standing(side.money if side.rows or side.is_free else None, "; ".join(why))


def hourly_cost_of(former: Iterable[Former], context: CostContext) -> Money:
    """What objects cost for each hour that they live, all together.

    Objects without a price count nothing, and neither does use that ``context`` does not state: it is what is
    known to be saved by an hour without them.
    """
    stacks: dict[str, list[Change]] = {}
    for each in former:
        values = Values({**each.attributes, "region": each.region or context.region})
        change = Change(each.stack, each.address, each.type, "managed", Action.NO_OP, values, values)
        stacks.setdefault(each.stack, []).append(change)
    plans = tuple(StackPlan(name, changes=tuple(changes)) for name, changes in stacks.items())
    cost = cost_of(EnvironmentPlan("", "", plans), context)
    return sum((each.hourly for each in cost.lines if each.hourly is not None), Money())
