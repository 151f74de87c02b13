"""What has changed outside Terraform, and what a plan makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from landform.planning.changes import Action, Change, Path
from landform.planning.marks import any_true, part

_NAMES = ("id", "arn", "identifier", "name", "bucket", "function_name")


class DriftOutcome(StrEnum):
    """What a plan does about something that has drifted."""

    REVERTED = "reverted"
    OVERWRITTEN = "overwritten"
    KEPT = "kept"


def drift_outcome(drift: Change, planned: Change | None) -> DriftOutcome:
    """What becomes of a drifted object, by what is planned for it.

    Reverted: it gets its old values again, or is made again. Overwritten: it gets others, or ends. Kept: the
    plan lets it be, because the configuration says the same by now, does not say, or ignores it.
    """
    if planned is None or planned.action in (Action.NO_OP, Action.READ, Action.MOVE):
        return DriftOutcome.KEPT
    if drift.action is Action.DELETE:
        made_again = planned.action is Action.CREATE or planned.action.is_replacement
        return DriftOutcome.REVERTED if made_again else DriftOutcome.KEPT
    old, new = _top(drift.before.value), _top(drift.after.value)
    after, unknown = _top(planned.after.value), _top(planned.unknown)
    drifted = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    touched = [name for name in drifted if unknown.get(name) or after.get(name) != new.get(name)]
    if planned.action in (Action.DELETE, Action.FORGET):
        return DriftOutcome.OVERWRITTEN
    if not touched:
        return DriftOutcome.KEPT
    reverted = all(not unknown.get(name) and after.get(name) == old.get(name) for name in touched)
    return DriftOutcome.REVERTED if reverted else DriftOutcome.OVERWRITTEN


def names_of(change: Change) -> tuple[str, ...]:
    """By which AWS may know the object, the most exact first; none that is sensitive."""
    value, sensitive = _top(change.before.value), change.before.sensitive
    found = (value.get(name) for name in _NAMES if not any_true(part(sensitive, name)))
    return (
        ()
        if sensitive is True
        else tuple(dict.fromkeys(each for each in found if each and isinstance(each, str)))
    )


def _top(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def drift_that_matters(
    drift: Sequence[Change], changes: Iterable[Change], relevant: Iterable[Mapping[str, Any]]
) -> frozenset[str]:
    """The addresses whose drift this plan acts on: the object changes, or another reads what has drifted."""
    acted_on = {each.address for each in changes if each.action not in (Action.NO_OP, Action.READ)}
    read: dict[str, list[tuple[Any, ...]]] = {}
    for each in relevant:
        path = each.get("attribute") or ()
        read.setdefault(str(each.get("resource")), []).append(tuple(path) if isinstance(path, list) else ())
    return frozenset(
        each.address
        for each in drift
        if each.address in acted_on or any(_differs_at(each, path) for path in read.get(each.address, ()))
    )


def _differs_at(change: Change, path: Path) -> bool:
    old, new = change.before.value, change.after.value
    for step in path:
        old, new = _step(old, step), _step(new, step)
    return bool(old != new)


def _step(value: Any, step: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None
