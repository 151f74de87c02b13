"""Planned values as rules read them: what is unknown says so, what is sensitive never shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn, SupportsIndex

from landform.planning.marks import any_true, part
from landform.planning.redaction import HIDDEN


class TouchedUnknown(Exception):
    """A rule asked something of a value that is known only after apply."""


def _touched(*_: object) -> NoReturn:
    message = "a value that is known only after apply has no answer yet: test it with `is UNKNOWN`"
    raise TouchedUnknown(message)


class Unknown:
    """What Terraform knows only after apply. There is one: ``UNKNOWN``. Any question to it raises."""

    __slots__ = ()
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _touched
    __hash__ = _touched
    __len__ = __iter__ = __contains__ = __getitem__ = __call__ = _touched
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __int__ = __float__ = _touched

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        _touched()

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN: Final = Unknown()
"""A planned value that only an apply will tell."""


class Sensitive:
    """A sensitive value. It can be compared, searched and tested, and shows itself nowhere."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return bool(self._value == (other._value if isinstance(other, Sensitive) else other))

    __hash__ = None  # type: ignore[assignment]

    def __contains__(self, item: object) -> bool:
        return item in self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return HIDDEN


Reads = list[str]
"""The paths of unknown values that a rule has read."""


class Attributes(Mapping[str, Any]):
    """An object's values, read as attributes or as items: ``bucket.tags["Owner"]``, ``bucket["acl"]``.

    A name that a mapping uses itself (``keys``, ``values``, ``items``, ``get``) is read as an item.
    """

    __slots__ = ("_made", "_path", "_reads", "_sensitive", "_unknown", "_value")

    def __init__(self, value: Any, sensitive: Any, unknown: Any, path: str, reads: Reads) -> None:
        self._value: dict[str, Any] = value or {}
        self._made: dict[str, Any] = {}
        self._sensitive, self._unknown, self._path, self._reads = sensitive, unknown, path, reads

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            message = f"there is no {self._under(name)!r}"
            raise AttributeError(message) from None

    def __getitem__(self, name: str) -> Any:
        made = self._made.get(name)
        if made is None:
            made = self._view(name)
            if made is UNKNOWN:  # each read is to be noted
                return made
            self._made[name] = list(list.__iter__(made)) if isinstance(made, Items) else made
        # A list of its own for each reader: a rule may sort it.
        return Items(made, self._under(name), self._reads) if type(made) is list else made

    def _view(self, name: str) -> Any:
        unknown = part(self._unknown, name)
        if name not in self._value and not any_true(unknown):
            raise KeyError(name)
        value = self._value.get(name)
        return view(value, part(self._sensitive, name), unknown, self._under(name), self._reads)

    def __iter__(self) -> Iterator[str]:
        yield from self._value
        if isinstance(self._unknown, dict):
            yield from (
                name for name, mark in self._unknown.items() if name not in self._value and any_true(mark)
            )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr({name: plain(self[name]) for name in self})

    def _under(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


class Items(list[Any]):
    """A list of values that notices when an unknown one is read."""

    __slots__ = ("_path", "_reads")

    def __init__(self, items: list[Any], path: str, reads: Reads) -> None:
        super().__init__(items)
        self._path, self._reads = path, reads

    def __iter__(self) -> Iterator[Any]:
        for index, item in enumerate(super().__iter__()):
            self._notice(item, index)
            yield item

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        item = super().__getitem__(index)
        if isinstance(index, slice):
            return Items(item, self._path, self._reads)
        self._notice(item, index)
        return item

    def _notice(self, item: Any, index: object) -> None:
        if item is UNKNOWN:
            self._reads.append(f"{self._path}[{index}]")


def view(value: Any, sensitive: Any, unknown: Any, path: str, reads: Reads) -> Any:
    """``value`` under its parallel trees of marks; an unknown one is noted in ``reads``."""
    if unknown is True or value is UNKNOWN:
        reads.append(path)
        return UNKNOWN
    if sensitive is True:
        return None if value is None else Sensitive(value)
    if isinstance(value, dict) or (value is None and isinstance(unknown, dict) and any_true(unknown)):
        return Attributes(value, sensitive, unknown, path, reads)
    if isinstance(value, list) or (value is None and isinstance(unknown, list) and any_true(unknown)):
        return _items(value or [], sensitive, unknown, path, reads)
    return value


def _items(value: list[Any], sensitive: Any, unknown: Any, path: str, reads: Reads) -> Items:
    if not (sensitive or any_true(unknown) or any(isinstance(item, dict | list | Unknown) for item in value)):
        return Items(value, path, reads)
    length = max(len(value), len(unknown) if isinstance(unknown, list) else 0)
    made = []
    for index in range(length):
        item, mark = part(value, index), part(unknown, index)
        if mark is not True and item is not UNKNOWN:  # those are noted when they are read
            item = view(item, part(sensitive, index), mark, f"{path}[{index}]", reads)
        made.append(UNKNOWN if mark is True else item)
    return Items(made, path, reads)


def plain(value: Any) -> Any:
    """A view as ordinary data, for ``repr`` and comparisons."""
    if isinstance(value, Attributes):
        return {name: plain(value[name]) for name in value}
    return [plain(item) for item in list.__iter__(value)] if isinstance(value, Items) else value
