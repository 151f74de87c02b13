"""Looks inside the two sides of a change, and shows what was seen without its secrets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from landform.planning.changes import Change, Path, Values
from landform.planning.marks import any_true
from landform.planning.redaction import HIDDEN, Redactor
from landform.review.diff import shown_path

_LONGEST = 80


def leaves(value: Any, names: Sequence[str], at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value under the attribute ``names``, with its whole path; lists of blocks are gone through."""
    if not names:
        yield at, value
    elif isinstance(value, dict):
        if names[0] in value:
            yield from leaves(value[names[0]], names[1:], (*at, names[0]))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, names, (*at, index))


def pairs(change: Change, names: Sequence[str]) -> Iterator[tuple[Path, Any, Any]]:
    """(path, old, new) of an attribute where they differ; None stands for what is not there.

    Among several blocks there is no telling which became which, since sets have no order: a value that there
    is more of now is paired with one that there is less of.
    """
    if is_unknown(change.unknown, names):
        return
    before, after = (list(leaves(side.value, names)) for side in (change.before, change.after))
    if len(before) <= 1 and len(after) <= 1:
        path, new = after[0] if after else (before[0][0] if before else (), None)
        old = before[0][1] if before else None
        if old != new:
            yield path, old, new
        return
    gone, came = _counted(before), _counted(after)
    lost = sorted((gone - came).elements())
    for index, text in enumerate(sorted((came - gone).elements())):
        yield tuple(names), json.loads(lost[index]) if index < len(lost) else None, json.loads(text)


def _counted(found: list[tuple[Path, Any]]) -> Counter[str]:
    return Counter(json.dumps(value, sort_keys=True) for _, value in found)


def is_unknown(unknown: Any, names: Sequence[str]) -> bool:
    """Whether any value under the attribute is known only after the apply."""
    if unknown is True:
        return True
    if not names:
        return any_true(unknown)
    if isinstance(unknown, dict):
        return is_unknown(unknown.get(names[0]), names[1:])
    return isinstance(unknown, list) and any(is_unknown(item, names) for item in unknown)


def shown(value: Any, redactor: Redactor, *, sensitive: bool = False) -> str:
    """A value on one short line."""
    if sensitive and value is not None:
        return HIDDEN
    text = json.dumps(redactor.data(value), ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def arrow(change: Change, path: Path, old: Any, new: Any, redactor: Redactor) -> str:
    """``deletion_protection: true → false``."""
    secret = is_sensitive(change.before, path) or is_sensitive(change.after, path)
    sides = [shown(side, redactor, sensitive=secret) for side in (old, new)]
    if is_unknown(change.unknown, [part for part in path if isinstance(part, str)]):
        sides[1] = "(known after apply)"
    return f"{shown_path(path)}: {' → '.join(sides)}"


def reasons(change: Change, redactor: Redactor) -> list[str]:
    """The action, and each attribute that forces it where it is a replacement."""
    told = [f"action: {change.action}"]
    for path in change.replace_paths:
        name = ".".join(part for part in path if isinstance(part, str))
        old, new = first(change.before.value, name), first(change.after.value, name)
        told.append(f"{arrow(change, path, old, new, redactor)} (forces replacement)")
    return told


def is_sensitive(side: Values, path: Path) -> bool:
    """Whether Terraform marks the value at ``path`` or anything in it; without indexes, in any block."""
    names = [part for part in path if isinstance(part, str)]
    return is_unknown(side.sensitive, names)


def first(value: Any, path: str) -> Any:
    """The first value at a dotted path; None where there is none."""
    return next((found for _, found in leaves(value, path.split("."))), None)
