"""Whether the plan of one stack's own root stays within what was reviewed for the environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Action
from landform.planning.fingerprints import Fingerprint, covers


@dataclass(frozen=True, slots=True)
class Deviation:
    """One change of the step that nobody reviewed. ``attribute``: its value is not the reviewed one."""

    address: str
    planned: Action
    approved: Action | None
    attribute: str = ""

    def __str__(self) -> str:
        if self.attribute:
            return f"{self.address}: {self.attribute} is not what was reviewed"
        if self.approved is None:
            return f"{self.address}: {self.planned}, not in the reviewed plan"
        return f"{self.address}: {self.planned}, reviewed was {self.approved}"


def deviations(
    step: Sequence[Fingerprint], approved: Sequence[Fingerprint], *, resumed: bool = False
) -> tuple[Deviation, ...]:
    """What in ``step`` goes beyond ``approved``: another address, another action, or another known value.

    Both are made with the same key. A step that does less is fine: what was unknown may turn out to need no
    change. Both orders of a replacement count as one action: ``create_before_destroy`` spreads to what a
    resource depends on, so the composed root may say "create first" where the stack's own root has no reason.
    ``resumed``: what the run was to create and left half made, it may delete and create again.
    """
    reviewed = {each.key: each for each in approved}
    found = (_deviation(each, reviewed.get(each.key), resumed) for each in step)
    return tuple(each for each in found if each is not None)


def _deviation(planned: Fingerprint, approved: Fingerprint | None, resumed: bool) -> Deviation | None:
    if approved is None:
        return Deviation(planned.address, planned.action, None)
    made_again = resumed and approved.action is Action.CREATE and planned.action.is_replacement
    if not made_again and _kind(planned.action) is not _kind(approved.action):
        return Deviation(planned.address, planned.action, approved.action)
    where = covers(_of_the_same(approved, planned), planned.after)
    if where is None:
        return None
    return Deviation(planned.address, planned.action, approved.action, where or "its value")


def _of_the_same(approved: Fingerprint, planned: Fingerprint) -> Any:
    """What was approved of the attributes that the step changes: an update of fewer does less."""
    if planned.action is not Action.UPDATE or not isinstance(approved.after, dict):
        return approved.after
    return {name: value for name, value in approved.after.items() if name in (planned.after or {})}


def _kind(action: Action) -> Action:
    return Action.REPLACE if action is Action.REPLACE_CREATE_FIRST else action
