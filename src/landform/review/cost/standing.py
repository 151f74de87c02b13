"""What one object costs a month that stands in an account, outside of any plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Action, Change, Values
from landform.review.cost.attributes import Unpriced
from landform.review.cost.components import Others, Resource
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
