"""What an environment costs before and after its plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.review.cost.attributes import Attributes, Unpriced
from landform.review.cost.components import RELATED, Others, Resource
from landform.review.cost.model import CostLine, CostReview, Money, StackCost
from landform.review.cost.notes import notes_of
from landform.review.cost.prices import HOURS_A_MONTH, Prices
from landform.review.cost.pricing import FREE, Side, after, before, mapper_of, price, region_of
from landform.review.cost.usage import Usage, check_usage

_ONLY_AFTER = (Action.CREATE, Action.READ)


@dataclass(frozen=True, slots=True)
class CostContext:
    """What a plan does not say about its cost.

    ``region`` is the environment's. ``stacks`` are all of the project's, if known. ``perishable`` are those
    that are torn down on a ``schedule`` (its words, for a note) and live ``hours`` a month. ``today`` tells
    old prices.
    """

    region: str
    prices: Prices
    today: date
    usage: Usage = field(default_factory=Usage)
    stacks: frozenset[str] = frozenset()
    perishable: frozenset[str] = frozenset()
    hours: float = 730.0
    schedule: str = ""

    def living(self, stack: str) -> Decimal:
        """The hours of a month that a stack lives."""
        return Decimal(str(self.hours)) if stack in self.perishable else HOURS_A_MONTH


@dataclass(frozen=True, slots=True)
class Costed:
    """One change with what it costs on both sides; None where it does not exist on that side."""

    change: Change
    before: Side | None
    after: Side | None

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides on which it exists."""
        return tuple(each for each in (self.before, self.after) if each is not None)

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing by itself."""
        return all(each.is_free for each in self.sides)


def cost_of(plan: EnvironmentPlan, context: CostContext) -> CostReview:
    """The cost of everything in the plan, changed or not. Raises ProjectInvalid for a bad usage file.

    What is imported was on the bill before, and what is forgotten stays on it: both count on both sides.
    """
    check_usage(context.usage, plan, context.stacks)
    found = list(_costed(plan, context))
    costly = [each for each in found if not each.is_free]
    lines = tuple(map(_line, costly))
    stacks = tuple(_stack(stack, costly) for stack in plan.stacks)
    planned = {stack.stack for stack in plan.stacks}
    left_out = sorted(context.stacks - planned | {each.stack for each in plan.deferred})
    return CostReview(
        before=_total([each.before for each in stacks]),
        after=_total([each.after for each in stacks]),
        hours=context.hours if context.perishable & planned else float(HOURS_A_MONTH),
        priced=sum(not line.unpriced for line in lines),
        free=len(found) - len(costly),
        total=len(found),
        lines=lines,
        stacks=stacks,
        unpriced=tuple(f"{line.address}: {line.unpriced}" for line in lines if line.unpriced),
        notes=tuple(notes_of(costly, left_out, context)),
        complete=not left_out and not any(each.after and each.after.gaps for each in costly),
    )


def _costed(plan: EnvironmentPlan, context: CostContext) -> Iterator[Costed]:
    managed = [each for each in plan.changes if each.mode == "managed"]
    related = [each for each in managed if each.type in RELATED and not each.deposed]
    others_before = Others.of((each, before(each)) for each in related if each.before.value)
    others_after = Others.of((each, after(each)) for each in related if each.after.value)
    still = all(each.action is Action.NO_OP for each in related)
    for change in managed:
        now = None
        if change.action not in _ONLY_AFTER:
            now = _side(change, before(change), others_before, context)
        if change.action is Action.DELETE:
            yield Costed(change, now, None)
        elif change.action is Action.FORGET or (change.action is Action.NO_OP and still):
            yield Costed(change, now, now)
        else:
            then = _side(change, after(change), others_after, context)
            stays = change.action is Action.REPLACE_FORGET and now is not None
            yield Costed(change, now, then + now if stays and now else then)


def _side(change: Change, attributes: Attributes, others: Others, context: CostContext) -> Side:
    region = region_of(attributes, context.region)
    try:
        mapper = mapper_of(change.type, context.prices, region)
    except Unpriced as error:
        return Side(gaps=(str(error),))
    if mapper is None:
        return FREE
    resource = Resource(change, attributes, context.usage.of(change), others)
    return price(resource, mapper, context.prices, region, context.living(change.stack))


def _line(costed: Costed) -> CostLine:
    change, last = costed.change, costed.sides[-1]
    rows = [row.basis for side in costed.sides for row in side.rows]
    gaps = [gap for side in costed.sides for gap in side.gaps]
    return CostLine(
        change.address if change.deposed is None else f"{change.address} (deposed {change.deposed})",
        change.stack,
        change.type,
        costed.before.money if costed.before else None,
        costed.after.money if costed.after else None,
        costed.after.hourly if costed.after else None,
        tuple(dict.fromkeys(rows)),
        "; ".join(dict.fromkeys(gaps)),
        ", ".join(last.usage),
    )


def _stack(stack: StackPlan, costed: Sequence[Costed]) -> StackCost:
    own = [each for each in costed if each.change.stack == stack.stack]
    return StackCost(stack.stack, _sum(each.before for each in own), _sum(each.after for each in own))


def _sum(sides: Iterator[Side | None]) -> Money:
    low = high = Decimal()
    for side in sides:
        if side is not None:
            low, high = low + side.low, high + side.high
    return Money(float(low), float(high))


def _total(parts: Sequence[Money]) -> Money:
    return sum(parts, Money())
