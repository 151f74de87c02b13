"""Compares expected data with planned values and says at which path they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from landform.planning.redaction import HIDDEN
from landform.testing.attributes import UNKNOWN, Attributes, Secret, SecretText

MISSING: Final = "__missing__"
"""Expected of what must not be there."""
AFTER_APPLY: Final = "<known after apply>"
SENSITIVE: Final = "<sensitive>"
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where expectation and plan differ; both sides as text."""

    where: str
    expected: str
    planned: str

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, planned {self.planned}"


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = _Absent()
"""What is planned where nothing is."""


def differences(expected: Any, planned: Any, where: str, *, exact: bool = False) -> Iterator[Difference]:
    """Every place below ``where``. A mapping expects a part of the planned one, or all of it if ``exact``;
    a list expects the same length and each element."""
    if isinstance(planned, Secret | SecretText) and expected not in (SENSITIVE, MISSING):
        plain = planned.reveal() if isinstance(planned, Secret) else str(planned)
        if any(differences(expected, plain, where, exact=exact)):
            yield Difference(where, HIDDEN, f"{HIDDEN}, another one")
    elif _is_mapping(expected) and _is_mapping(planned):
        wanted = {_key(key): value for key, value in expected.items()}
        for key in dict.fromkeys([*wanted, *(planned if exact else ())]):
            inside = wanted.get(key, MISSING), planned.get(key, ABSENT)
            yield from differences(*inside, _below(where, key), exact=exact)
    elif isinstance(expected, list) and isinstance(planned, list):
        yield from _of_lists(expected, planned, where, exact=exact)
    elif not _agree(expected, planned):
        yield Difference(where, _side(expected), _side(planned))


def _of_lists(expected: list[Any], planned: list[Any], where: str, *, exact: bool) -> Iterator[Difference]:
    if len(expected) != len(planned):
        lengths = f"{len(expected)} elements {show(expected)}", f"{len(planned)} elements {show(planned)}"
        yield Difference(where, *lengths)
        return
    for index, (one, other) in enumerate(zip(expected, planned, strict=True)):
        yield from differences(one, other, f"{where}[{index}]", exact=exact)


def _agree(expected: Any, planned: Any) -> bool:
    if expected == MISSING:
        return planned is ABSENT or planned is None
    if expected == AFTER_APPLY and planned is UNKNOWN:
        return True
    if expected == SENSITIVE and isinstance(planned, Secret | SecretText):
        return True
    # 1 is not true, though Python takes them for equal.
    return isinstance(expected, bool) == isinstance(planned, bool) and bool(expected == planned)


def show(value: Any) -> str:
    """A value on one line; what is sensitive shows itself as that."""
    text = repr(plain(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def plain(value: Any) -> Any:
    """A planned value as an inventory writes it."""
    if value is UNKNOWN:
        return AFTER_APPLY
    if isinstance(value, Secret | SecretText):
        return SENSITIVE
    if isinstance(value, Mapping | Attributes):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def _side(value: Any) -> str:
    if value is ABSENT or value == MISSING:
        return "nothing"
    return show(value)


def _below(where: str, key: object) -> str:
    return f"{where}.{key}" if where else str(key)


def _key(key: object) -> str:
    """A key as Terraform has it: YAML makes numbers and truth values of some."""
    return str(key).lower() if isinstance(key, bool) else str(key)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)
