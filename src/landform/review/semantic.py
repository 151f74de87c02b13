"""Where two values differ in what they mean: leaf by leaf, inside JSON texts, lists told apart by content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from landform.review.semantic_lists import Pair, by_content, by_place, common, token
from landform.review.semantic_policy import Unordered, ValueSet, compared, policy_in
from landform.review.semantic_text import json_in, text_in_base64

REORDERED = "re-ordered"
_MANY_LINES = 40
_NOTHING: tuple[Any, ...] = (None, [], {})
_SCALARS = frozenset({str, int, float, bool, type(None)})


class Absent:
    """Inside JSON, what is not there: it is not null."""


ABSENT = Absent()


class Inside(str):
    """A step of a path into what a text holds: the name of the function that Terraform has for it."""


class Label(str):
    """A step of a path into a list, by the name of the item."""


class Line(int):
    """A step of a path to a line of a text, from 1."""


Step = str | int
Steps = tuple[Step, ...]


class Side(NamedTuple):
    """A value before or after, with the parallel trees of marks."""

    value: Any = None
    sensitive: Any = False
    unknown: Any = False

    def at(self, key: Any, missing: Any = None) -> Side:
        """What is under a key or an index."""
        return Side(_at(self.value, key, missing), _at(self.sensitive, key), _at(self.unknown, key))


class Difference(NamedTuple):
    """A place where two values differ. ``note`` says how, where the values don't tell."""

    path: Steps
    old: Side
    new: Side
    note: str = ""


class Differ:
    """Finds the differences of pairs of values. ``tag`` hides secrets in a text, each under another sign.

    Texts are looked into only after that, so that no part of a secret comes out of one. ``equivalent`` counts
    texts that differ and mean the same.
    """

    def __init__(self, tag: Callable[[str], str]) -> None:
        self.found: list[Difference] = []
        self.equivalent = 0
        self._tag = tag
        self._missing: Any = None

    def compare(self, path: Steps, old: Side, new: Side) -> None:
        """Add where ``new`` is another value than ``old`` or unknown."""
        if new.unknown is True or old.sensitive is True or new.sensitive is True:
            if new.unknown is True or not self._same(old.value, new.value):
                self._add(path, old, new)
        elif _all(dict, old.value, new.value, new.unknown) and not self._lone(old, new):
            self._mappings(path, old, new)
        elif _all(list, old.value, new.value, new.unknown) and not self._lone(old, new):
            self._lists(path, old, new)
        elif isinstance(old.value, str) and isinstance(new.value, str):
            if old.value != new.value:
                self._texts(path, old, new)
        elif not self._same(old.value, new.value):
            self._add(path, old, new)

    def _add(self, path: Steps, old: Side, new: Side, note: str = "") -> None:
        if self._missing is not None and {type(old.value), type(new.value)} == {Absent, type(None)}:
            note = "null is written" if new.value is None else "null was written"
        self.found.append(Difference(path, old, new, note))

    def _lone(self, old: Side, new: Side) -> bool:
        """Inside JSON, what comes or goes as a whole: nothing in it is marked, and it is shown as a whole."""
        return self._missing is not None and (old.value in _NONE or new.value in _NONE)

    def _same(self, old: Any, new: Any) -> bool:
        if same(old, new):
            return True
        return self._missing is None and old in _NOTHING and new in _NOTHING

    def _mappings(self, path: Steps, old: Side, new: Side) -> None:
        if isinstance(old.value, ValueSet) and isinstance(new.value, ValueSet):
            self._sets(path, old.value, new.value)
            return
        before, after = old.value or {}, new.value or {}
        unknown = new.unknown or {}
        missing = self._missing
        marked = bool(old.sensitive or new.sensitive)
        changed = []
        for key in {**before, **after, **unknown} if unknown else {**before, **after}:
            one, other = before.get(key, missing), after.get(key, missing)
            kind = type(one)
            if kind is type(other) and kind in _SCALARS and one == other and not unknown.get(key):
                continue
            changed.append(key)
        for key in sorted(changed):
            one, other = before.get(key, missing), after.get(key, missing)
            if marked or unknown.get(key) or _may_hold(one, other):
                self.compare((*path, key), old.at(key, missing), new.at(key, missing))
            elif not self._same(one, other):
                self._add((*path, key), Side(one), Side(other))

    def _sets(self, path: Steps, old: ValueSet, new: ValueSet) -> None:
        for key in sorted(old.keys() - new.keys()):
            self._add(path, Side(old[key]), Side(ABSENT))
        for key in sorted(new.keys() - old.keys()):
            self._add(path, Side(ABSENT), Side(new[key]))

    def _lists(self, path: Steps, old: Side, new: Side) -> None:
        if old.value == new.value and same(old.value, new.value) and not _marks(new.unknown):
            return
        before, after = old.value or [], _as_long(new)
        marked = any(map(_marks, (old.sensitive, new.sensitive, new.unknown)))
        scalars = all(type(item) in _SCALARS for item in (*before, *after))
        if not before or not after:
            self._lone_list(path, old, new, scalars and not marked)
        elif scalars and not marked:
            self._scalars(path, old, new)
        elif scalars:
            known = [object() if _at(new.unknown, j) else token(item) for j, item in enumerate(after)]
            anchors = common([token(item) for item in before], known)
            self._pairs(path, old, new, by_place(len(before), len(after), anchors))
        else:
            statements = isinstance(new.value, Unordered)
            if statements:
                before, after = [*map(compared, before)], [*map(compared, after)]
            self._pairs(path, old, new, by_content(before, after, alike_only=statements))

    def _lone_list(self, path: Steps, old: Side, new: Side, plain: bool) -> None:
        if plain:
            if not self._same(old.value, new.value):
                self._add(path, old, new)
            return
        for index in range(max(len(old.value or []), len(_as_long(new)))):
            self.compare((*path, index), old.at(index, self._missing), new.at(index, self._missing))

    def _scalars(self, path: Steps, old: Side, new: Side) -> None:
        before, after = ([token(each) for each in side.value] for side in (old, new))
        if before == after:
            return
        anchors, moved = common(before, after), Counter(before) == Counter(after)
        if moved or not anchors:
            self._add(path, old, new, REORDERED if moved else "")
        else:
            self._pairs(path, old, new, by_place(len(before), len(after), anchors))

    def _pairs(self, path: Steps, old: Side, new: Side, pairs: Iterable[Pair]) -> None:
        stayed = []
        for i, j in pairs:
            one = old.at(i, self._missing) if i is not None else Side(self._missing)
            other = new.at(j, self._missing) if j is not None else Side(self._missing)
            known = len(self.found)
            index = j if j is not None else i
            self.compare((*path, _step(other.value or one.value, index or 0)), one, other)
            if i is not None and j is not None and known == len(self.found):
                stayed.append(i)
        if stayed != sorted(stayed) and not isinstance(new.value, Unordered):
            self._add(path, Side(sorted(stayed)), Side(stayed), REORDERED)

    def _texts(self, path: Steps, old: Side, new: Side) -> None:
        before, after = self._tag(old.value), self._tag(new.value)
        sides = json_in(before), json_in(after)
        if type(sides[0]) is type(sides[1]) and sides[0] is not None:
            if self._inside((*path, Inside("jsondecode")), *sides):
                return
        elif before == old.value and after == new.value:
            decoded = text_in_base64(before), text_in_base64(after)
            if decoded[0] is not None and decoded[1] is not None:
                self.equivalent += decoded[0] == decoded[1]
                self.compare((*path, Inside("base64decode")), Side(decoded[0]), Side(decoded[1]))
                return
        if "\n" in before and "\n" in after and self._lines(path, before, after):
            return
        self._add(path, Side(before), Side(after))

    def _inside(self, path: Steps, old: Any, new: Any) -> bool:
        """Compare what two texts hold; whether that could be done."""
        inner = Differ(self._tag)
        inner._missing = ABSENT
        policies = policy_in(old), policy_in(new)
        sides = policies if None not in policies else (old, new)
        try:
            inner.compare(path, Side(sides[0]), Side(sides[1]))
        except RecursionError:
            return False
        self.found += inner.found
        self.equivalent += inner.equivalent + (not inner.found)
        return True

    def _lines(self, path: Steps, old: str, new: str) -> bool:
        """Compare two texts line by line; whether few enough differ for that to be of use."""
        before, after = old.split("\n"), new.split("\n")
        anchors = common(before, after)
        changed = max(len(before), len(after)) - len(anchors)
        if not anchors or changed > _MANY_LINES:
            return False
        for i, j in by_place(len(before), len(after), anchors):
            one = Side(before[i]) if i is not None else Side()
            other = Side(after[j]) if j is not None else Side()
            if one != other:
                self._add((*path, Line((j if j is not None else i or 0) + 1)), one, other)
        return True


_NONE = (None, ABSENT)
_PLAIN = _SCALARS | {Absent}


def same(old: Any, new: Any) -> bool:
    """Whether two JSON values are equal; true is not 1, and 1.0 is 1."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(item, new[key]) for key, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return bool(old == new) and (type(old) is bool) == (type(new) is bool)


def _as_long(side: Side) -> list[Any]:
    """The items of a list, with None for unknown ones at its end that the value leaves out."""
    items = list(side.value or [])
    marks = side.unknown if isinstance(side.unknown, list) else []
    return items + [None] * (len(marks) - len(items))


def _step(item: Any, index: int) -> Step:
    name = item.get("Sid") if isinstance(item, dict) else None
    return Label(name) if isinstance(name, str) and name else index


def _all(kind: type, old: Any, new: Any, unknown: Any) -> bool:
    """Whether there is one of ``kind`` among the three, and nothing else but what is not there."""
    first, second = isinstance(old, kind), isinstance(new, kind)
    if not (first or second or isinstance(unknown, kind)):
        return False
    return (first or old in _NONE) and (second or new in _NONE)


def _may_hold(old: Any, new: Any) -> bool:
    """Whether there may be differences inside: of collections, and of two texts."""
    kinds = type(old), type(new)
    return kinds == (str, str) or not (kinds[0] in _PLAIN and kinds[1] in _PLAIN)


def _marks(tree: Any) -> bool:
    if isinstance(tree, dict):
        return any(map(_marks, tree.values()))
    if isinstance(tree, list):
        return any(map(_marks, tree))
    return tree is True


def _at(tree: Any, key: Any, missing: Any = None) -> Any:
    if isinstance(tree, dict):
        return tree.get(key, missing)
    if isinstance(tree, list) and isinstance(key, int):
        return tree[key] if key < len(tree) else missing
    return missing
