"""Whether the plan of one stack's own root stays within what was reviewed for the environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landform.planning.changes import Action, Change


@dataclass(frozen=True, slots=True)
class Deviation:
    """One change of the step that nobody reviewed."""

    address: str
    planned: Action
    approved: Action | None

    def __str__(self) -> str:
        if self.approved is None:
            return f"{self.address}: {self.planned}, not in the reviewed plan"
        return f"{self.address}: {self.planned}, reviewed was {self.approved}"


_HARMLESS = (Action.NO_OP, Action.READ)


def deviations(step: Sequence[Change], approved: Sequence[Change]) -> tuple[Deviation, ...]:
    """What in ``step`` goes beyond ``approved``: another address, or another action on one.

    A step that does less is fine: what was unknown may turn out to need no change. Both orders of a
    replacement count as one action: ``create_before_destroy`` spreads to what a resource depends on, so the
    composed root may say "create first" where the stack's own root has no reason to.
    """
    reviewed = {change.key: change.action for change in approved}
    return tuple(
        Deviation(change.address, change.action, reviewed.get(change.key))
        for change in step
        if change.action not in _HARMLESS and _kind(change.action) != _kind(reviewed.get(change.key))
    )


def _kind(action: Action | None) -> Action | None:
    return Action.REPLACE if action is Action.REPLACE_CREATE_FIRST else action
