"""The attributes inside a type constraint, which Terraform's own tools show as one long line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from landform.project.types import parse_type

_ENTRY = re.compile(r'[\s,]*(?:"([^"]+)"|([\w-]+))\s*[=:]\s*')
_WRAPPED = re.compile(r"(map|list|set)\((.*)\)\Z", re.DOTALL)
_OBJECT = re.compile(r"object\(\s*\{(.*)\}\s*\)\Z", re.DOTALL)
_OPTIONAL = re.compile(r"optional\((.*)\)\Z", re.DOTALL)
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')

REQUIRED = "required"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of an object. ``path`` has ``*`` for a key or an index: ``users.*.access_string``."""

    path: str
    type: str
    default: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


def attributes(constraint: str, path: str) -> Iterator[Attribute]:
    """The attributes of a constraint, in the order of the text, each before its own attributes."""
    constraint = constraint.strip()
    if wrapped := _WRAPPED.match(constraint):
        yield from attributes(wrapped[2], f"{path}.*")
    elif found := _OBJECT.match(constraint):
        for name, written in _entries(found[1]):
            kind, default = _kind_and_default(written)
            yield Attribute(f"{path}.{name}", str(parse_type(kind)), default)
            yield from attributes(kind, f"{path}.{name}")


def _entries(body: str) -> Iterator[tuple[str, str]]:
    at = 0
    while found := _ENTRY.match(body, at):
        end = _end_of_value(body, found.end())
        yield found[1] or found[2], body[found.end() : end]
        at = end


def _end_of_value(text: str, at: int) -> int:
    """Past the type that begins at ``at``: a word, and the parentheses that follow it."""
    while at < len(text) and (text[at].isalnum() or text[at] == "_"):
        at += 1
    return _end_of_brackets(text, at) if text[at : at + 1] == "(" else at


def _end_of_brackets(text: str, at: int) -> int:
    depth = 0
    while True:
        if quoted := _STRING.match(text, at):
            at = quoted.end()
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        at += 1
        if not depth:
            return at


def _kind_and_default(written: str) -> tuple[str, str]:
    found = _OPTIONAL.match(written)
    if not found:
        return written, REQUIRED
    end = _end_of_value(found[1], 0)
    return found[1][:end], found[1][end:].lstrip(", ").strip() or NONE
