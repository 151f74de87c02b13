"""The attributes of one change that differ, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landform.planning.changes import Change
from landform.planning.redaction import HIDDEN, Redactor
from landform.review.model import AttributeDiff

_ABSENT = object()
_NOISE = frozenset({"tags_all", "timeouts"})


@dataclass(frozen=True, slots=True)
class _Leaf:
    value: Any
    sensitive: bool
    unknown: bool = False


def attribute_diffs(change: Change, redactor: Redactor) -> tuple[AttributeDiff, ...]:
    """Every leaf whose value differs or is unknown; copies such as ``tags_all`` are left out."""
    before = dict(_leaves(change.before.value, change.before.sensitive, False, ()))
    after = dict(_leaves(change.after.value, change.after.sensitive, change.unknown, ()))
    forced = {path[:1] for path in change.replace_paths}
    diffs: list[AttributeDiff] = []
    for path in sorted(before.keys() | after.keys(), key=_sortable):
        old, new = before.get(path), after.get(path)
        if (path and path[0] in _NOISE and path[0] != "timeouts") or _same(old, new):
            continue
        diffs.append(_diff(path, old, new, change, forced, redactor))
    return tuple(diffs)


def _diff(
    path: tuple[str | int, ...],
    old: _Leaf | None,
    new: _Leaf | None,
    change: Change,
    forced: set[tuple[str | int, ...]],
    redactor: Redactor,
) -> AttributeDiff:
    sensitive = bool((old and old.sensitive) or (new and new.sensitive))
    return AttributeDiff(
        redactor.text(shown_path(path)),
        _shown(old, sensitive, redactor),
        None if new is not None and new.unknown else _shown(new, sensitive, redactor),
        unknown=bool(new and new.unknown),
        sensitive=sensitive,
        forces_replacement=path[:1] in forced,
        sources=tuple(change.causes.get(str(path[0]), ())) if path else (),
    )


def _shown(leaf: _Leaf | None, sensitive: bool, redactor: Redactor) -> Any:
    if leaf is None or leaf.value is None:
        return None
    return HIDDEN if sensitive else redactor.data(leaf.value)


def _same(old: _Leaf | None, new: _Leaf | None) -> bool:
    if new is not None and new.unknown:
        return False
    old_value = old.value if old is not None else None
    new_value = new.value if new is not None else None
    empty: Sequence[Any] = (None, [], {})
    return bool(old_value == new_value) or (old_value in empty and new_value in empty)


def _leaves(
    value: Any, sensitive: Any, unknown: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], _Leaf]]:
    """Leaves of a value with its parallel trees of marks; an empty collection is a leaf."""
    if unknown is True or sensitive is True:
        yield path, _Leaf(value, sensitive is True, unknown is True)
    elif isinstance(value, Mapping) or isinstance(unknown, Mapping):
        keys = {**(value or {}), **(unknown if isinstance(unknown, Mapping) else {})}
        for key in keys:
            yield from _leaves(_get(value, key), _get(sensitive, key), _get(unknown, key), (*path, key))
    elif isinstance(value, list) or isinstance(unknown, list):
        yield from _list_leaves(value or [], sensitive, unknown, path)
    else:
        yield path, _Leaf(value, False)


def _list_leaves(
    value: list[Any], sensitive: Any, unknown: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], _Leaf]]:
    unknowns = unknown if isinstance(unknown, list) else []
    plain = not any(isinstance(item, Mapping | list) for item in value) and not any(unknowns)
    if plain and not isinstance(sensitive, list):
        yield path, _Leaf(value, False)
        return
    for index in range(max(len(value), len(unknowns))):
        item = value[index] if index < len(value) else None
        yield from _leaves(item, _get(sensitive, index), _get(unknowns, index), (*path, index))


def _get(tree: Any, key: Any) -> Any:
    if isinstance(tree, Mapping):
        return tree.get(key)
    if isinstance(tree, list) and isinstance(key, int):
        return tree[key] if key < len(tree) else None
    return None


def shown_path(path: Sequence[str | int]) -> str:
    """A path as Terraform writes it: ``ingress[0].from_port``."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        elif part.isidentifier() or part.replace("-", "_").isidentifier():
            shown += f".{part}" if shown else part
        else:
            shown += f'["{part}"]'
    return shown


def _sortable(path: tuple[str | int, ...]) -> tuple[tuple[int, str, int], ...]:
    return tuple((0, part, 0) if isinstance(part, str) else (1, "", part) for part in path)
