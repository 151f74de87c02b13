"""What a destroy plan shows that would make the destroy fail half way, found before anything is touched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan
from landform.project import Remedies
from landform.review.remedies import Remedy, remedies_of, snapshot_of

_LEVELS = (Remedies.BLOCK, Remedies.DISARM, Remedies.PURGE)
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Obstacle:
    """An object that resists, and why.

    ``level`` is what has to be allowed to set its ``attribute`` to ``value`` first; None where landform has
    no remedy, because what is in the way is in no state. ``others`` are all its other attributes.
    """

    stack: str
    address: str
    type: str
    why: str
    level: Remedies | None = None
    attribute: str = ""
    value: bool | str = ""
    others: tuple[str, ...] = ()
    way_out: str = ""

    def is_within(self, allowed: Remedies) -> bool:
        """Whether what an environment allows is enough for its remedy."""
        return self.level is not None and _LEVELS.index(self.level) <= _LEVELS.index(allowed)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Looks into the account: whether something is in an object, whether a snapshot of that name exists.

    None is for what could not be seen.
    """

    is_full: Callable[[Change], bool | None]
    is_taken: Callable[[Change, str], bool | None]


def find_obstacles(plan: EnvironmentPlan, serials: Mapping[str, str], eyes: Eyes) -> tuple[Obstacle, ...]:
    """What resists of that which a plan destroys.

    ``serials`` tell states of a stack apart: they make the names of final snapshots, which are new for each
    state and the same for each plan of it.
    """
    found: list[Obstacle] = []
    for change in plan.changes:
        if change.action is Action.DELETE and change.deposed is None:
            found += _flags(change, eyes)
            found += _snapshot(change, f"{plan.environment}-{change.stack}", serials, eyes)
    return tuple(found)


def destroyed(plan: EnvironmentPlan, kind: str) -> Iterator[Change]:
    """What of a type a plan destroys."""
    return (each for each in plan.changes if each.action is Action.DELETE and each.type == kind)


def final_snapshots(plan: EnvironmentPlan) -> Mapping[str, str]:
    """The names of the snapshots that a destroy makes, each with why it is kept."""
    found = ((each, _snapshot_name(each)) for each in plan.changes if each.action is Action.DELETE)
    return {name: f"the final snapshot of {change.address}" for change, name in found if name}


def _flags(change: Change, eyes: Eyes) -> Iterator[Obstacle]:
    values = values_of(change)
    for remedy in remedies_of(change.type):
        set_to = values.get(remedy.attribute)
        armed = (set_to or False) == remedy.armed  # null is off
        # What can't be seen into is taken for empty: then AWS refuses, as it would without us.
        if armed and (not remedy.only_full or eyes.is_full(change)):
            yield _obstacle(change, remedy)


def _obstacle(change: Change, remedy: Remedy) -> Obstacle:
    if remedy.attribute == "force_destroy" and values_of(change).get("object_lock_enabled"):
        why = f"{remedy.why}, and object lock keeps them"
        return Obstacle(change.stack, change.address, change.type, why, way_out="Wait until its locks end.")
    return replace(_without_remedy(change, remedy.why), level=remedy.level,
                   attribute=remedy.attribute, value=remedy.value)  # fmt: skip


def _snapshot(change: Change, owner: str, serials: Mapping[str, str], eyes: Eyes) -> Iterator[Obstacle]:
    how = snapshot_of(change.type)
    if how is None or (how.skip and values_of(change).get(how.skip)):
        return
    name = _snapshot_name(change)
    if not name and not how.skip:
        return  # it makes none
    if name and not eyes.is_taken(change, name):
        return
    why = f"a snapshot {name!r} exists" if name else "its final snapshot has no name"
    found = _without_remedy(change, why)
    unique = hashlib.sha256(f"{change.address} {serials.get(change.stack, '')}".encode()).hexdigest()[:10]
    value = f"{owner[:_LONGEST_NAME].rstrip('-')}-final-{unique}".lower()
    yield replace(found, level=Remedies.DISARM, attribute=how.attribute, value=value)


def _snapshot_name(change: Change) -> str:
    how = snapshot_of(change.type)
    values = values_of(change)
    if how is None or (how.skip and values.get(how.skip)):
        return ""
    return str(values.get(how.attribute) or "")


def _without_remedy(change: Change, why: str) -> Obstacle:
    others = tuple(sorted(name for name in values_of(change) if name != "timeouts"))
    return Obstacle(change.stack, change.address, change.type, why, others=others)


def values_of(change: Change) -> Mapping[str, Any]:
    """What an object has now."""
    return change.before.value if isinstance(change.before.value, Mapping) else {}


def beyond(obstacles: Iterable[Obstacle], allowed: Remedies) -> tuple[Obstacle, ...]:
    """Those for which what an environment allows is not enough."""
    return tuple(each for each in obstacles if not each.is_within(allowed))
