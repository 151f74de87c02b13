"""Values of a plan or a state as tests read them: by name, with marks for what is unknown or secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn

from landform.planning.marks import any_true, part
from landform.planning.redaction import HIDDEN
from landform.project.names import did_you_mean


class Unknown:
    """What Terraform will know only after apply. There is one: ``UNKNOWN``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "(known after apply)"

    def __bool__(self) -> NoReturn:
        raise TypeError("a value that is known only after apply is neither true nor false: use `is UNKNOWN`")


UNKNOWN: Final = Unknown()
"""A planned value that only an apply will tell."""


class SecretText(str):
    """Sensitive text. It is an ordinary ``str`` that never shows itself in an assertion or a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return HIDDEN


class Secret:
    """A sensitive value that is no text. Equal to its value; ``reveal()`` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def reveal(self) -> Any:
        """The value itself."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return bool(self._value == (other.reveal() if isinstance(other, Secret) else other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return HIDDEN


class Attributes(Mapping[str, Any]):
    """Named values, read as attributes or items: ``queue.tags["env"]``, ``queue["name"]``.

    A name that a mapping uses itself (``keys``, ``values``, ``items``, ``get``) is read as an item. ``read``
    gathers the names that were read.
    """

    __slots__ = ("_label", "_read", "_values")

    def __init__(self, label: str, values: Mapping[str, Any], read: set[str] | None = None) -> None:
        self._label, self._values = label, values
        self._read: set[str] = set() if read is None else read

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(self._no(name)) from None

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        try:
            return self._values[name]
        except KeyError:
            raise KeyError(self._no(name)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{self._label}: {dict(self._values)!r}>"

    def _no(self, name: str) -> str:
        return f"{self._label} has no {name!r}. {did_you_mean(name, self._values)}"


def marked_view(value: Any, sensitive: Any = False, unknown: Any = False) -> Any:
    """``value`` with ``UNKNOWN`` and secrets where the parallel trees of marks say so."""
    if unknown is True:
        return UNKNOWN
    if sensitive is True:
        return _hidden(value)
    if isinstance(value, Mapping) or isinstance(unknown, Mapping):
        keys = dict.fromkeys([*(value or {}), *(key for key, mark in _items(unknown) if any_true(mark))])
        return {key: marked_view(part(value, key), part(sensitive, key), part(unknown, key)) for key in keys}
    if isinstance(value, list) or isinstance(unknown, list):
        length = max(len(value or ()), len(unknown) if isinstance(unknown, list) else 0)
        return [
            marked_view(part(value, index), part(sensitive, index), part(unknown, index))
            for index in range(length)
        ]
    return value


def marks_of_paths(paths: Sequence[Sequence[Mapping[str, Any]]]) -> Any:
    """The ``sensitive_attributes`` of a state (lists of steps) as one tree of marks."""
    root: dict[Any, Any] = {}
    for path in paths:
        if not path:
            return True
        here = root
        *parents, last = [_step(step) for step in path]
        for step in parents:
            deeper = here.setdefault(step, {})
            here = deeper if isinstance(deeper, dict) else {}
        here[last] = True
    return root


def _step(step: Mapping[str, Any]) -> Any:
    value = step["value"]
    return value["value"] if isinstance(value, Mapping) else value


def _hidden(value: Any) -> Any:
    if value is None:
        return None
    return SecretText(value) if isinstance(value, str) else Secret(value)


def _items(tree: Any) -> Any:
    return tree.items() if isinstance(tree, Mapping) else ()
