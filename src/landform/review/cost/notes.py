"""What the figures of a cost do not say, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from landform.planning.changes import Action
from landform.review.cost.prices import RECALLED

if TYPE_CHECKING:
    from landform.review.cost.costing import CostContext, Costed

_NAMED = 3
_FORGOTTEN = (Action.FORGET, Action.REPLACE_FORGET)


def notes_of(costly: Sequence[Costed], left_out: Sequence[str], context: CostContext) -> Iterator[str]:
    """Notes on everything that costs; ``left_out`` are stacks that are not in the plan."""
    if left_out:
        yield f"Not in these figures: {_some(left_out)}, which this plan leaves out."
    yield from _schedule(costly, context)
    yield from _replaced(costly)
    for each in costly:
        if each.change.action in _FORGOTTEN:
            yield f"{each.change.address} goes on costing what it costs, though no stack will manage it."
        if each.change.stack in context.perishable and each.after is not None:
            yield from (f"{each.change.address} {note}." for note in each.after.notes)
    yield from _stale(costly, context)


def _schedule(costly: Sequence[Costed], context: CostContext) -> Iterator[str]:
    torn_down = sorted({each.change.stack for each in costly} & context.perishable)
    if torn_down and context.schedule:
        yield f"{_some(torn_down)}: {context.hours:.0f} of 730 hours a month ({context.schedule})."


def _replaced(costly: Sequence[Costed]) -> Iterator[str]:
    twice = [each.change.address for each in costly if each.change.action is Action.REPLACE_CREATE_FIRST]
    if twice:
        yield f"Old and new cost side by side while they are replaced: {_some(twice)}."


def _stale(costly: Sequence[Costed], context: CostContext) -> Iterator[str]:
    used = {row for each in costly for side in each.sides for row in side.rows}
    stale = [row for row in used if row.is_stale(context.today)]
    if stale:
        dates = sorted(row.as_of for row in stale if row.as_of != RECALLED)
        oldest = f", the oldest of {dates[0]}" if dates else ""
        yield (
            f"{len(stale)} of the {len(used)} prices used are older than 180 days or without a date{oldest}: "
            "'landform prices refresh' asks AWS for today's."
        )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
