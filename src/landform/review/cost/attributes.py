"""The attributes of a resource as a mapper reads them: a value, its default, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

_NEEDED = object()


class Unpriced(Exception):
    """Why something cannot be priced, as a sentence without a full stop."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """An object, or a block in it. ``unknown`` and ``sensitive`` mirror ``values`` with true where it is so.

    ``caused`` names unknown attributes that come from another resource. An unknown attribute that does not
    was left out, and AWS fills in its default. ``left_out`` names such ones of blocks (``root.ebs.iops``),
    which count as caused otherwise where anything else of their block is.
    """

    values: Mapping[str, Any]
    unknown: Any = False
    sensitive: Any = False
    caused: frozenset[str] = frozenset()
    inside: str = ""
    left_out: frozenset[str] = frozenset()

    def get(self, name: str, default: Any = _NEEDED) -> Any:
        """The value; ``default`` where it was left out. Raises Unpriced where it is needed and not known."""
        value = self.values.get(name)
        if value is None or value == "":
            return self._left_out(name, default)
        if self.sensitive and _mark(self.sensitive, name) is True:
            raise Unpriced(f"{self.inside}{name} is sensitive")
        return value

    def _left_out(self, name: str, default: Any) -> Any:
        if self.is_unknown(name) and (default is _NEEDED or name in self.caused):
            raise Unpriced(f"{self.inside}{name} is known after apply")
        if default is _NEEDED:
            raise Unpriced(f"{self.inside}{name} is not set")
        return default

    def text(self, name: str, default: Any = _NEEDED) -> str:
        """A value as text."""
        return str(self.get(name, default))

    def number(self, name: str, default: Any = _NEEDED) -> Decimal:
        """A value as a number; AWS's provider writes some of them as text."""
        value = self.get(name, default)
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise Unpriced(f"{self.inside}{name} is not a number") from None

    def flag(self, name: str, default: bool = False) -> bool:
        """A value as a boolean; launch templates write theirs as text."""
        value = self.get(name, default)
        return value.lower() == "true" if isinstance(value, str) else bool(value)

    def is_unknown(self, name: str) -> bool:
        """Whether the whole value is known only after apply."""
        return _mark(self.unknown, name) is True

    def blocks(self, name: str) -> tuple[Attributes, ...]:
        """The nested blocks of that name. Raises Unpriced where another resource decides how many."""
        found = self.get(name, ())
        if not found:
            return ()
        if not isinstance(found, list | tuple):
            found = (found,)
        unknown, sensitive = _mark(self.unknown, name), _mark(self.sensitive, name)
        return tuple(
            Attributes(
                value, _at(unknown, index), _at(sensitive, index), self._caused(name, _at(unknown, index)),
                f"{self.inside}{name}.", self.left_out,
            )
            for index, value in enumerate(found)
            if isinstance(value, dict)
        )  # fmt: skip

    def block(self, name: str) -> Attributes | None:
        """The only nested block of that name, or None."""
        found = self.blocks(name)
        return found[0] if found else None

    def count(self, name: str) -> int | None:
        """How many elements a list has; None where that is known after apply."""
        if self.is_unknown(name):
            return None
        return len(self.values.get(name) or _mark(self.unknown, name) or ())

    def _caused(self, name: str, unknown: Any) -> frozenset[str]:
        if name not in self.caused or not isinstance(unknown, Mapping):
            return frozenset()
        return frozenset(key for key in unknown if f"{self.inside}{name}.{key}" not in self.left_out)


def _mark(marks: Any, name: str) -> Any:
    return marks.get(name) if isinstance(marks, dict) else marks is True


def _at(marks: Any, index: int) -> Any:
    if isinstance(marks, list):
        return marks[index] if index < len(marks) else False
    return marks
