"""Hides sensitive values by path and by value.

Terraform marks paths, but providers echo sensitive input in other attributes, and messages quote it. So every
sensitive scalar is also looked for wherever text is shown or stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HIDDEN = "(sensitive value)"
_SHORTEST = 6
_TRIVIAL = frozenset({"true", "false", "null", "none", "default"})


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces known secrets in text and data. ``secrets`` are ordered longest first."""

    secrets: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Iterable[object]) -> Redactor:
        """A redactor for every scalar in ``values``; text too short or common to be a secret is left out."""
        found: set[str] = set()
        for value in values:
            for text in _scalars(value):
                if len(text) >= _SHORTEST and text.lower() not in _TRIVIAL:
                    found |= {text, *_in_json(text)}
                    found |= {line for line in text.splitlines() if len(line.strip()) >= _SHORTEST * 2}
        return cls(tuple(sorted(found, key=lambda text: (-len(text), text))))

    def __or__(self, other: Redactor) -> Redactor:
        both = set(self.secrets) | set(other.secrets)
        return Redactor(tuple(sorted(both, key=lambda text: (-len(text), text))))

    def text(self, text: str) -> str:
        """``text`` without any known secret."""
        for secret in self.secrets:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        return text

    def data(self, value: Any, sensitive: Any = False) -> Any:
        """``value`` with what ``sensitive`` marks and every known secret replaced, at any depth."""
        if sensitive is True:
            return HIDDEN if value is not None else None
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            marks = sensitive if isinstance(sensitive, Mapping) else {}
            return {
                self.text(str(key)): self.data(item, marks.get(key, False)) for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            marked = sensitive if isinstance(sensitive, list) else []
            return [self.data(item, marked[i] if i < len(marked) else False) for i, item in enumerate(value)]
        if value is not None and not isinstance(value, bool) and str(value) in self.secrets:
            return HIDDEN
        return value


def secrets_of_plan(document: Mapping[str, Any]) -> Redactor:
    """Every value a plan document marks as sensitive, on any side, and its sensitive variables."""
    found: list[object] = []
    configured = document.get("configuration", {}).get("root_module", {}).get("variables", {})
    for name, variable in document.get("variables", {}).items():
        if configured.get(name, {}).get("sensitive"):
            found.append(variable.get("value"))
    for raw in (*document.get("resource_changes", ()), *document.get("resource_drift", ())):
        found += _marked_sides(raw["change"])
    for change in document.get("output_changes", {}).values():
        found += _marked_sides(change)
    return Redactor.of(found)


def _marked_sides(change: Mapping[str, Any]) -> list[object]:
    return [
        *marked(change.get("before"), change.get("before_sensitive")),
        *marked(change.get("after"), change.get("after_sensitive")),
    ]


def marked(value: Any, sensitive: Any) -> Iterator[object]:
    """The parts of ``value`` that ``sensitive`` marks with true."""
    if sensitive is True:
        yield value
    elif isinstance(sensitive, Mapping) and isinstance(value, Mapping):
        for key, mark in sensitive.items():
            yield from marked(value.get(key), mark)
    elif isinstance(sensitive, list) and isinstance(value, list):
        for item, mark in zip(value, sensitive, strict=False):
            yield from marked(item, mark)


def _in_json(text: str) -> Iterator[str]:
    """``text`` as it stands inside a JSON string, of Python's writing and of Terraform's ``jsonencode``."""
    yield json.dumps(text)[1:-1]
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    yield plain
    for character in "<>&\u2028\u2029":
        plain = plain.replace(character, f"\\u{ord(character):04x}")
    yield plain


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _scalars(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _scalars(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
