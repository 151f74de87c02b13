"""Text from outside made safe to show: what a reader can't see is spelt out, so it can't act or deceive."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landform.review import Review

_NEW_LINE = "⏎"
_DATA = frozenset({"before", "after"})
_LOG_COMMAND = re.compile(r"##(?=\[|vso\[)")
_LINE_COMMAND = re.compile(r"^(\s*:):")


def visible(text: str, keep: str = "") -> str:
    r"""``text`` with control, bidirectional and other invisible characters as escapes such as ``\x1b``.

    A line end becomes ``⏎``, and what a CI log would obey anywhere in a line, ``##[``, gets a space. The
    characters in ``keep`` stay as they are.
    """
    text = _LOG_COMMAND.sub("# #", text)
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in keep else _escaped(each) for each in text)


def visible_lines(text: str) -> list[str]:
    """The lines of a text, visible; none is one that a CI log would obey, such as ``::error::``."""
    return [_LINE_COMMAND.sub(r"\1 :", visible(line, "\t")) for line in text.split("\n")]


def _escaped(character: str) -> str:
    return _NEW_LINE if character == "\n" else ascii(character)[1:-1]


def visible_review(review: Review) -> Review:
    """A review with all its text visible; line ends and tabs stay in the values of attributes."""
    shown: Review = visible_parts(review)
    return shown


def visible_parts(part: Any) -> Any:
    """A dataclass with all text in it visible, however deep."""
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return replace(
        part, **{each.name: _visible(getattr(part, each.name), each.name in _DATA) for each in fields(part)}
    )


def _visible(value: Any, is_data: bool) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return visible(value, "\n\t" if is_data else "")
    if isinstance(value, tuple):
        return tuple(_visible(each, is_data) for each in value)
    if isinstance(value, list):
        return [_visible(each, is_data) for each in value]
    if isinstance(value, dict):
        return {visible(str(key)): _visible(each, is_data) for key, each in value.items()}
    return visible_parts(value)
