"""The terminal, and how JSON is printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console

_NARROW = 80
_INDENTED = 4
"""How deep JSON is indented: a change in a stack of a review is one line, and quick to write."""
_encode = json.JSONEncoder(ensure_ascii=False).encode


def console(no_color: bool = False, *, stderr: bool = False) -> Console:
    """A console of the terminal's width, 80 columns where there is none. ``NO_COLOR`` is obeyed."""
    width = (
        None if (sys.stderr if stderr else sys.stdout).isatty() else int(os.environ.get("COLUMNS", _NARROW))
    )
    return Console(
        stderr=stderr,
        no_color=no_color or None,
        width=width,
        highlight=False,
        emoji=False,
        markup=False,
        soft_wrap=False,
    )


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.writelines(json_pieces(document))


def json_text(document: Any) -> str:
    """A JSON document in which every character is visible: all others are escaped as JSON has it."""
    return "".join(json_pieces(document))


def json_pieces(document: Any) -> Iterator[str]:
    """The same in pieces, so that a large one never lies in memory as a whole."""
    yield from _indented(document, 0)
    yield "\n"


def _indented(value: Any, depth: int) -> Iterator[str]:
    if depth == _INDENTED or not value or not isinstance(value, dict | list | tuple):
        yield _line(value)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    before, inside = opening, "\n" + "  " * (depth + 1)
    for name, each in value.items() if isinstance(value, dict) else (("", each) for each in value):
        yield f"{before}{inside}{_line(str(name))}: " if isinstance(value, dict) else before + inside
        yield from _indented(each, depth + 1)
        before = ","
    yield "\n" + "  " * depth + closing


def _line(value: Any) -> str:
    text = _encode(value)
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)
