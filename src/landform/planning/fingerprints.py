"""Planned values as keyed hashes: they can be compared, kept and sent, and give no value away.

A ``Fingerprint`` has the shape of the change it was made of; only its leaves are hashes. Two of them, made
with the same key, are equal exactly where the values are. What shows without the key: names of attributes
and of map keys, how long lists are, and which values are equal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Action, Change, OutputChange

UNKNOWN = "?"
"""What stands for a value that is known only after apply; hashes are longer."""
_BYTES = 12


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One change: what happens to which object, and the hashed values it will have.

    Of an update ``after`` holds the attributes that change, because others may move by themselves (a
    database's latest restorable time). ``before`` is one hash of what an object that is updated or replaced
    has now where it gets another known value; empty elsewhere.
    """

    address: str
    deposed: str | None
    action: Action
    after: Any = None
    before: str = ""

    @property
    def key(self) -> tuple[str, str | None]:
        """What identifies the object among a plan's changes."""
        return (self.address, self.deposed)


def fingerprints(changes: Iterable[Change | OutputChange], key: bytes) -> tuple[Fingerprint, ...]:
    """The fingerprints of changes, by address, without what changes nothing or is only read."""
    found = (_fingerprint(each, key) for each in changes if each.action not in (Action.NO_OP, Action.READ))
    return tuple(sorted(found, key=lambda each: (each.address, each.deposed or "")))


def _fingerprint(change: Change | OutputChange, key: bytes) -> Fingerprint:
    after, before = hashed(change.after.value, change.unknown, key), ""
    if isinstance(after, dict) and (change.action is Action.UPDATE or change.action.is_replacement):
        old = hashed(change.before.value, False, key)
        old = old if isinstance(old, dict) else {}
        changing = [name for name in {**old, **after} if old.get(name) != after.get(name)]
        known = {name: old.get(name) for name in changing if not has_unknown(after.get(name))}
        before = _leaf(json.dumps(known, sort_keys=True), key)
        if change.action is Action.UPDATE:
            after = {name: after.get(name) for name in changing}
    if isinstance(change, OutputChange):
        return Fingerprint(f"output.{change.stack}.{change.name}", None, change.action, after, before)
    return Fingerprint(change.address, change.deposed, change.action, after, before)


def hashed(value: Any, unknown: Any, key: bytes) -> Any:
    """``value`` with hashes for leaves, ``UNKNOWN`` where ``unknown`` says so; null is the same as absent."""
    if unknown is True:
        return UNKNOWN
    if isinstance(value, Mapping) or (value is None and isinstance(unknown, Mapping)):
        return _hashed_mapping(value or {}, unknown if isinstance(unknown, Mapping) else {}, key)
    if isinstance(value, list) or (value is None and isinstance(unknown, list)):
        items, marks = value or [], unknown if isinstance(unknown, list) else []
        length = max(len(items), len(marks))
        return [hashed(_at(items, i), _at(marks, i), key) for i in range(length)]
    return None if value is None else _leaf(value, key)


def _hashed_mapping(
    value: Mapping[str, Any], unknown: Mapping[str, Any], key: bytes
) -> dict[str, Any] | None:
    found = {name: hashed(value.get(name), unknown.get(name), key) for name in {**value, **unknown}}
    return {name: item for name, item in found.items() if item is not None} or None


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else None


def _leaf(value: Any, key: bytes) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    kind = "s" if isinstance(value, str) else "j"
    return kind + hashlib.blake2b(text.encode(), key=key, digest_size=_BYTES).hexdigest()


def covers(approved: Any, planned: Any) -> str | None:
    """Where ``planned`` has another value than ``approved`` knows, as a path; None where it has not.

    What was unknown may be anything now. A collection with unknown items may come in another order, because
    a set is sorted by values that were not known then.
    """
    if approved in (UNKNOWN, planned):
        return None
    if isinstance(approved, dict) and isinstance(planned, dict | None):
        return _mapping_covers(approved, planned or {})
    if isinstance(approved, list) and isinstance(planned, list):
        return _list_covers(approved, planned)
    return ""


def _mapping_covers(approved: dict[str, Any], planned: dict[str, Any]) -> str | None:
    for name in {**approved, **planned}:
        where = covers(approved.get(name), planned.get(name))
        if where is not None:
            return _joined(name, where)
    return None


def _joined(start: str, rest: str) -> str:
    return f"{start}.{rest}" if rest and not rest.startswith("[") else f"{start}{rest}"


def _list_covers(approved: list[Any], planned: list[Any]) -> str | None:
    if len(approved) != len(planned):
        return ""
    for index, pair in enumerate(zip(approved, planned, strict=True)):
        where = covers(*pair)
        if where is not None:
            if any(map(has_unknown, approved)) and _matches(approved, planned):
                return None
            return _joined(f"[{index}]", where)
    return None


def _matches(approved: list[Any], planned: list[Any]) -> bool:
    """Whether each item of ``approved`` covers another one of ``planned``: a matching by augmenting paths."""
    fits = [[i for i, other in enumerate(planned) if covers(item, other) is None] for item in approved]
    taken: dict[int, int] = {}

    def place(item: int, tried: set[int]) -> bool:
        for index in fits[item]:
            if index not in tried:
                tried.add(index)
                if index not in taken or place(taken[index], tried):
                    taken[index] = item
                    return True
        return False

    return all(place(item, set()) for item in range(len(approved)))


def has_unknown(tree: Any) -> bool:
    """Whether anything in a hashed value is known only after apply."""
    if isinstance(tree, dict):
        return any(map(has_unknown, tree.values()))
    if isinstance(tree, list):
        return any(map(has_unknown, tree))
    return bool(tree == UNKNOWN)


def digest_of(prints: Iterable[Fingerprint]) -> str:
    """One hash of fingerprints, the same for the same plan made with the same key."""
    canonical = json.dumps(to_json(prints), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def to_json(prints: Iterable[Fingerprint]) -> list[list[Any]]:
    """Fingerprints as JSON data."""
    return [[each.address, each.deposed, each.action.value, each.after, each.before] for each in prints]


def from_json(rows: Iterable[list[Any]]) -> tuple[Fingerprint, ...]:
    """Fingerprints again. Raises ``ValueError`` or ``TypeError`` for anything else."""
    return tuple(Fingerprint(str(row[0]), row[1], Action(row[2]), row[3], str(row[4])) for row in rows)
