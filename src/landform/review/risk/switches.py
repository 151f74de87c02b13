"""Rules that watch single attributes: what a value must have been and become, and what that means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Action, Change
from landform.review.findings import Severity
from landform.review.risk.scene import Hit, Scene, about
from landform.review.risk.values import arrow, first, pairs

Test = Callable[[Any, Any], bool]
"""(old, new) → whether that is the risky direction. None stands for a value that is not there."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One attribute, by its dotted path, of any type or of ``types``.

    ``created`` is the severity where the object is new, None where a new object is no finding. It is no
    finding either where the new object has a value at ``unless``.
    """

    path: str
    test: Test
    says: str
    severity: Severity | None = None
    created: Severity | None = None
    types: frozenset[str] = frozenset()
    unless: str = ""
    advice: str | None = None


def flipped(scene: Scene, switches: Sequence[Switch], *, in_place: bool = False) -> Iterator[Hit]:
    """What these switches say of the changes of a plan; ``in_place``: of updates only."""
    for switch in switches:
        names = switch.path.split(".")
        for change in scene.touching(names[0]):
            new_object = change.action is Action.CREATE
            if not _concerns(switch, change, new_object) or (in_place and change.action is not Action.UPDATE):
                continue
            for path, old, new in pairs(change, names):
                if switch.test(old, new):
                    evidence = arrow(change, path, old, new, scene.context.redactor)
                    severity = switch.created if new_object else switch.severity
                    yield about(change, switch.says, evidence, severity, switch.advice)


def _concerns(switch: Switch, change: Change, new_object: bool) -> bool:
    if switch.types and change.type not in switch.types:
        return False
    if new_object and switch.created is None:
        return False
    return not (switch.unless and first(change.after.value, switch.unless))


def no_longer(*good: object) -> Test:
    """It was one of these and is something else."""
    wanted = _written(good)
    return lambda old, new: _one(old) in wanted and _one(new) not in wanted


def becomes(*bad: object) -> Test:
    """It is one of these now and was something else, or nothing."""
    unwanted = _written(bad)
    return lambda old, new: _one(new) in unwanted and _one(old) not in unwanted


def starts_as(*bad: object) -> Test:
    """It is one of these, and was not set before."""
    unwanted = _written(bad)
    return lambda old, new: old is None and _one(new) in unwanted


def contains(*bad: str) -> Test:
    """A list that holds one of these now, and did not."""
    return lambda old, new: any(each in _list(new) and each not in _list(old) for each in bad)


def falls(old: Any, new: Any) -> bool:
    """A number gets smaller, or goes away."""
    before, after = _number(old), _number(new)
    return before is not None and before > 0 and (after is None or after < before)


def shrinks(old: Any, new: Any) -> bool:
    """A number gets smaller, and stays above 0."""
    return falls(old, new) and (_number(new) or 0) > 0


def falls_from_forever(old: Any, new: Any) -> bool:
    """A number of days gets smaller, where 0 and nothing mean for ever."""
    after = _number(new)
    if not after:
        return False
    before = _number(old)
    return not before or after < before


def falls_to_zero(old: Any, new: Any) -> bool:
    """There was some, and there is none."""
    before = _number(old)
    return before is not None and before > 0 and _number(new) == 0


def becomes_zero(old: Any, new: Any) -> bool:
    """It is 0 now, and was something else or not set."""
    return _number(new) == 0 and _number(old) != 0


def lost(old: Any, new: Any) -> bool:
    """There was a value, and there is none."""
    return bool(old) and not new


def differs(old: Any, new: Any) -> bool:
    """It is set before and after, to different things."""
    return old not in (None, "") and new not in (None, "") and _one(old) != _one(new)


def differs_in_major(old: Any, new: Any) -> bool:
    """A version whose first number is another."""
    return differs(old, new) and str(old).split(".")[0] != str(new).split(".")[0]


def differs_in_minor(old: Any, new: Any) -> bool:
    """A version that differs, but not in its first number."""
    return differs(old, new) and not differs_in_major(old, new)


def _written(values: tuple[object, ...]) -> frozenset[str]:
    return frozenset(_one(value) for value in values)


def _one(value: Any) -> str:
    """Providers write a switch as a bool, as text, in any case."""
    return str(value).lower()


def _number(value: Any) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
