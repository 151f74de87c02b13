"""Which item of a list became which: by key, by the longest common subsequence, by likeness."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

Pair = tuple[int | None, int | None]
"""Where an item was and where it is; None where it was not, or is not any more."""

_KEYS = (
    "sid", "id", "name", "key", "arn", "device_name", "rule_number", "priority", "port", "from_port",
    "cidr_block", "cidr_ipv4", "cidr", "host", "container_port", "path",
)  # fmt: skip
_MOST = 250_000
"""Comparisons that one list is worth: two lists of 500. Beyond it, items are told apart by place."""
_MOST_LIKENESS = 4_096
_ALIKE = 0.5


def token(value: Any) -> Hashable:
    """Equal for equal JSON values; true is not 1."""
    if type(value) in (str, int, float, bool, type(None)):
        return (type(value) is bool, value)
    return json.dumps(value, sort_keys=True, default=repr)


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The places of a longest common subsequence; where that costs too much, of common starts and ends."""
    start, end = 0, 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    inner = _longest(old[start : len(old) - end], new[start : len(new) - end])
    return [
        *((place, place) for place in range(start)),
        *((start + i, start + j) for i, j in inner),
        *((len(old) - place, len(new) - place) for place in range(end, 0, -1)),
    ]


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    if not old or not new or len(old) * len(new) > _MOST:
        return []
    rows: list[list[int]] = [[0] * (len(new) + 1)]
    for one in reversed(old):
        below, row = rows[-1], [0] * (len(new) + 1)
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if one == new[j] else max(below[j], row[j + 1])
        rows.append(row)
    rows.reverse()
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def by_place(old: int, new: int, anchors: Iterable[tuple[int, int]]) -> list[Pair]:
    """Pairs of scalars: between two that stayed, the first that went is what the first that came was."""
    found: list[Pair] = []
    last_i, last_j = 0, 0
    for i, j in (*anchors, (old, new)):
        gone, came = range(last_i, i), range(last_j, j)
        both = min(len(gone), len(came))
        found += zip(gone[:both], came[:both], strict=True)
        found += [(place, None) for place in gone[both:]]
        found += [(None, place) for place in came[both:]]
        if i < old and j < new:
            found.append((i, j))
        last_i, last_j = i + 1, j + 1
    return found


def by_content(old: Sequence[Any], new: Sequence[Any], *, alike_only: bool = False) -> list[Pair]:
    """Pairs of objects: by a key that each has and none shares, else what is equal; then what is alike.

    Where as many are left on both sides, they are pairs by place, unless ``alike_only``.
    """
    name = _shared_key(old, new)
    if name is not None:
        places = {_key(item, name): place for place, item in enumerate(old)}
        paired = [(places[_key(item, name)], j) for j, item in enumerate(new) if _key(item, name) in places]
    else:
        tokens = [token(each) for each in old], [token(each) for each in new]
        paired = common(*tokens)
        paired += _moved(*tokens, paired)
    paired += _likest(old, new, paired)
    if not alike_only:
        paired += _left_over(len(old), len(new), paired)
    came_from = {j: i for i, j in paired}
    stayed = set(came_from.values())
    found: list[Pair] = [(came_from.get(j), j) for j in range(len(new))]
    return found + [(i, None) for i in range(len(old)) if i not in stayed]


def _shared_key(old: Sequence[Any], new: Sequence[Any]) -> str | None:
    """The first of the keys that each item has, with a value of its own, and that some item keeps."""
    if not all(isinstance(item, Mapping) for item in (*old, *new)):
        return None
    for name in _KEYS:
        if not old or _key(old[0], name) is None:
            continue
        sides = [{_key(item, name) for item in items} for items in (old, new)]
        unique = [len(side) for side in sides] == [len(old), len(new)] and None not in sides[0] | sides[1]
        if unique and sides[0] & sides[1]:
            return name
    return None


def _key(item: Mapping[str, Any], name: str) -> Hashable:
    value = item.get(name, item.get(name.capitalize()))
    return token(value) if isinstance(value, str | int) and value != "" else None


def _moved(
    old: Sequence[Hashable], new: Sequence[Hashable], paired: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Equal items that are not among those whose order stayed."""
    taken_old, taken_new = {i for i, _ in paired}, {j for _, j in paired}
    waiting: dict[Hashable, list[int]] = {}
    for i in range(len(old) - 1, -1, -1):
        if i not in taken_old:
            waiting.setdefault(old[i], []).append(i)
    free = (j for j in range(len(new)) if j not in taken_new)
    return [(waiting[new[j]].pop(), j) for j in free if waiting.get(new[j])]


def _likest(
    old: Sequence[Any], new: Sequence[Any], paired: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Of what is left, those that are most alike; by place where there are too many to compare."""
    taken_old, taken_new = {i for i, _ in paired}, {j for _, j in paired}
    left = [i for i in range(len(old)) if i not in taken_old]
    free = [j for j in range(len(new)) if j not in taken_new]
    if len(left) * len(free) > _MOST_LIKENESS:
        return list(zip(left, free, strict=False))
    scores = sorted(
        ((-_likeness(old[i], new[j]), abs(place - other), i, j)
         for place, i in enumerate(left) for other, j in enumerate(free)),
    )  # fmt: skip
    found: list[tuple[int, int]] = []
    gone, came = set[int](), set[int]()
    for score, _, i, j in scores:
        if -score >= _ALIKE and i not in gone and j not in came:
            found.append((i, j))
            gone.add(i)
            came.add(j)
    return found


def _left_over(old: int, new: int, paired: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    left = sorted(set(range(old)) - {i for i, _ in paired})
    free = sorted(set(range(new)) - {j for _, j in paired})
    return list(zip(left, free, strict=True)) if len(left) == len(free) else []


def _likeness(old: Any, new: Any) -> float:
    """The share of equal attributes, of those that have a value."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return 0.0
    names = [name for name in {**old, **new} if not (_empty(old.get(name)) and _empty(new.get(name)))]
    return sum(old.get(name) == new.get(name) for name in names) / len(names) if names else 1.0


def _empty(value: Any) -> bool:
    return value is None or value in ([], {}, "")
