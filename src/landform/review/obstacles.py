"""What a destroy plan shows that would make the destroy fail half way, found before anything is touched."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
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
    ``optional``: no destroy fails by it.
    """

    stack: str
    address: str
    type: str
    why: str
    level: Remedies | None = None
    attribute: str = ""
    value: bool | int | str = ""
    others: tuple[str, ...] = ()
    way_out: str = ""
    optional: bool = False

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
    ending = [each for each in plan.changes if each.action is Action.DELETE and each.deposed is None]
    shared = Counter(_snapshot_key(each) for each in ending)
    found: list[Obstacle] = []
    for change in ending:
        found += _flags(change, eyes)
        if why := _snapshot_fault(change, eyes, shared=shared[_snapshot_key(change)] > 1):
            name = _unique_name(plan.environment, change, serials.get(change.stack, ""))
            found.append(_with_snapshot(change, why, name))
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
        set_to = values.get(remedy.attribute) or False  # null is off
        armed = set_to == remedy.armed if remedy.armed is not None else set_to != remedy.value
        # What can't be seen into is taken for empty: then AWS refuses, as it would without us.
        if armed and (not remedy.only_full or eyes.is_full(change)):
            yield _obstacle(change, remedy)


def _obstacle(change: Change, remedy: Remedy) -> Obstacle:
    if remedy.attribute == "force_destroy" and values_of(change).get("object_lock_enabled"):
        why = f"{remedy.why}, and object lock keeps them"
        return Obstacle(change.stack, change.address, change.type, why, way_out="Wait until its locks end.")
    return replace(_without_remedy(change, remedy.why), level=remedy.level,
                   attribute=remedy.attribute, value=remedy.value, optional=remedy.optional)  # fmt: skip


def _snapshot_fault(change: Change, eyes: Eyes, *, shared: bool) -> str:
    """Why an object's final snapshot can't be made, or an empty string."""
    how, name = snapshot_of(change.type), _snapshot_name(change)
    if how is None or values_of(change).get(how.skip):
        return ""
    if not name:  # where it has no attribute to do without, it makes none
        return "its final snapshot has no name" if how.skip else ""
    if eyes.is_taken(change, name):
        return f"a snapshot {name!r} exists"
    return f"another one makes a snapshot {name!r}" if shared else ""


def _with_snapshot(change: Change, why: str, name: str) -> Obstacle:
    how = snapshot_of(change.type)
    attribute = how.attribute if how else ""
    return replace(_without_remedy(change, why), level=Remedies.DISARM, attribute=attribute, value=name)


def _unique_name(environment: str, change: Change, serial: str) -> str:
    """One that every service takes: it begins with a letter, and has letters, digits and single hyphens."""
    owner = re.sub(r"[^a-z0-9]+", "-", f"{environment}-{change.stack}".lower()).lstrip("-0123456789")
    unique = hashlib.sha256(f"{change.address} {serial}".encode()).hexdigest()[:10]
    return f"{owner[:_LONGEST_NAME].strip('-') or 'a'}-final-{unique}"


def _snapshot_key(change: Change) -> tuple[str, ...]:
    """What makes a snapshot one of its own: its name, in the region of what it is of."""
    region = str(values_of(change).get("arn")).split(":")[3:4]
    name = _snapshot_name(change)
    return (change.type, *region, name) if name else (change.address,)


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


def to_lift(obstacles: Iterable[Obstacle], allowed: Remedies) -> tuple[Obstacle, ...]:
    """All of them but those that may stay, and that an environment does not allow to be lifted."""
    return tuple(each for each in obstacles if not each.optional or each.is_within(allowed))


def beyond(obstacles: Iterable[Obstacle], allowed: Remedies) -> tuple[Obstacle, ...]:
    """Those for which what an environment allows is not enough."""
    return tuple(each for each in obstacles if not each.is_within(allowed))
