"""The tables of inputs and outputs in a module's README, which people write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CODE = re.compile(r"`([^`]+)`")
_ROW = re.compile(r"(?m)^\|(.*)\|$")
_CELL = re.compile(r"(?<!\\)\|")
_VALUE = r"(?:`[^`]+`|none|required)"
_VALUES = re.compile(rf"{_VALUE}(?:, {_VALUE})*\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says of one name. ``default`` is empty where the table says it in words.

    ``paths`` are those it may mean: a table of ``services`` does not say whether that is an object or a map.
    """

    paths: tuple[str, ...]
    type: str
    default: str
    description: str


def section(text: str, title: str) -> str:
    """The text below a heading of the second level, up to the next one."""
    found = re.search(rf"(?ms)^## {title}$(.*?)(?=^## |\Z)", text)
    return found[1] if found else ""


def rows(text: str) -> Iterator[Row]:
    """A row for each name in the tables of a text."""
    heads: list[str] = []
    for found in _ROW.finditer(text):
        cells = [cell.strip() for cell in _CELL.split(found[1])]
        if cells[0].startswith(("name", "attribute")):
            heads = cells
        elif not cells[0].startswith("-"):
            yield from _of_cells(heads, dict(zip(heads, cells, strict=True)))


def _of_cells(heads: Sequence[str], cells: dict[str, str]) -> Iterator[Row]:
    owner = _CODE.search(heads[0])
    names = _CODE.findall(cells[heads[0]])
    types = _CODE.findall(cells.get("type", ""))
    default = cells.get("default", "")
    defaults = re.findall(_VALUE, default) if _VALUES.match(default) else []
    for number, name in enumerate(names):
        path = f"{names[0].rpartition('.')[0]}{name}" if name.startswith(".") else name
        paths = (f"{owner[1]}.*.{path}", f"{owner[1]}.{path}") if owner else (path,)
        yield Row(paths, _nth(types, number), _nth(defaults, number).strip("`"), cells["description"])


def _nth(values: Sequence[str], number: int) -> str:
    """One for each name, or one for all."""
    return values[min(number, len(values) - 1)] if values else ""
