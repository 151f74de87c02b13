"""Hides sensitive values by path and by value.

Terraform marks paths, but providers echo sensitive input in other attributes, and messages quote it. So every
sensitive scalar is also looked for wherever text is shown or stored.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "(sensitive value)"
_SHORTEST = 6
_PIECE = 4
_TRIVIAL = frozenset({"true", "false", "null", "none", "default"})
_URL_SAFE = str.maketrans("+/", "-_")
_TAG = re.compile("\ue000\\d+\ue001")


@dataclass(frozen=True, slots=True)
class _Index:
    """Finds the few of many secrets that a text may hold, without asking for each.

    ``pieces`` maps pieces of ``size`` characters to the secrets that begin with them, or hold them less than
    ``step`` characters on. So every secret in a text shows in one of the text's pieces at each ``step``.
    ``numbers`` tells the secrets apart.
    """

    pieces: Mapping[str, tuple[str, ...]]
    size: int
    step: int
    numbers: Mapping[str, int]

    @classmethod
    def of(cls, secrets: Sequence[str]) -> _Index:
        numbers = {secret: number for number, secret in enumerate(secrets) if secret}
        shortest = min(map(len, numbers), default=_PIECE)
        size = min(_PIECE, shortest)
        step = shortest - size + 1
        pieces: dict[str, list[str]] = {}
        for secret in numbers:
            for start in range(step):
                pieces.setdefault(secret[start : start + size], []).append(secret)
        return cls({piece: tuple(found) for piece, found in pieces.items()}, size, step, numbers)

    def candidates(self, text: str) -> Sequence[str]:
        """All secrets in ``text``, and maybe others, the longest first."""
        pieces, size = self.pieces, self.size
        if not pieces:
            return ()
        starts = range(0, len(text) - size + 1, self.step)
        found = [each for start in starts for each in pieces.get(text[start : start + size], ())]
        return sorted(set(found), key=_longest_first) if found else found


def _longest_first(text: str) -> tuple[int, str]:
    return (-len(text), text)


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces known secrets in text and data. ``secrets`` are ordered longest first."""

    secrets: tuple[str, ...] = ()
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", _Index.of(self.secrets))

    @classmethod
    def of(cls, values: Iterable[object]) -> Redactor:
        """A redactor for every scalar in ``values``; text too short or common to be a secret is left out."""
        found: set[str] = set()
        for value in values:
            for text in _scalars(value):
                if len(text) >= _SHORTEST and text.lower() not in _TRIVIAL:
                    found |= {text, *_in_json(text), *_in_base64(text), *_in_addresses(text)}
                    found |= {line for line in text.splitlines() if len(line.strip()) >= _SHORTEST * 2}
        return cls(tuple(sorted(found, key=_longest_first)))

    def __or__(self, other: Redactor) -> Redactor:
        both = set(self.secrets) | set(other.secrets)
        return Redactor(tuple(sorted(both, key=_longest_first)))

    def text(self, text: str) -> str:
        """``text`` without any known secret."""
        if not self.secrets or len(text) < len(self.secrets[-1]):
            return text
        for secret in self._index.candidates(text):
            if secret in text:
                text = text.replace(secret, HIDDEN)
        return text

    def tagged(self, text: str) -> str:
        """``text`` without any known secret, and still another text where the secret is another one.

        For comparing only: ``untagged`` is what may be shown.
        """
        for secret in self._index.candidates(text):
            if secret in text:
                text = text.replace(secret, f"{HIDDEN}\ue000{self._index.numbers[secret]}\ue001")
        return text

    def data(self, value: Any, sensitive: Any = False) -> Any:
        """``value`` with what ``sensitive`` marks and every known secret replaced, at any depth."""
        if sensitive is True:
            return HIDDEN if value is not None else None
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            marks = sensitive if isinstance(sensitive, Mapping) else {}
            return {
                self.text(str(key)): self.data(item, marks.get(key, False)) for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            marked = sensitive if isinstance(sensitive, list) else []
            return [self.data(item, marked[i] if i < len(marked) else False) for i, item in enumerate(value)]
        return HIDDEN if str(value) in self._index.numbers else value


def untagged(text: str) -> str:
    """What ``Redactor.tagged`` made, as it is shown."""
    return _TAG.sub("", text) if "\ue000" in text else text


def secrets_of_plan(document: Mapping[str, Any]) -> Redactor:
    """Every value a plan document marks as sensitive, on any side, and its sensitive variables."""
    found: list[object] = []
    root = document.get("configuration", {}).get("root_module", {})
    for name, variable in (document.get("variables") or {}).items():
        if root.get("variables", {}).get(name, {}).get("sensitive"):
            found.append(variable.get("value"))
    found += _of_configuration(root)
    rows = [*(document.get("resource_changes") or ()), *(document.get("resource_drift") or ())]
    rows += [each["resource_change"] for each in document.get("deferred_changes") or ()]
    for raw in rows:
        found += _marked_sides(raw["change"])
    for change in (document.get("output_changes") or {}).values():
        found += _marked_sides(change)
    prior = (document.get("prior_state") or {}).get("values") or {}
    for values in (prior, document.get("planned_values") or {}):
        found += _of_values(values)
    for raw in _invocations(document):
        found += marked(raw.get("config_values"), raw.get("config_sensitive"))
    return Redactor.of(found)


def _of_configuration(module: Mapping[str, Any]) -> Iterator[object]:
    """Defaults of sensitive variables, and what modules are called with for theirs."""
    for variable in module.get("variables", {}).values():
        if variable.get("sensitive"):
            yield variable.get("default")
    for call in module.get("module_calls", {}).values():
        inner = call.get("module", {})
        for name, variable in inner.get("variables", {}).items():
            given = call.get("expressions", {}).get(name, {})
            if variable.get("sensitive") and isinstance(given, Mapping):
                yield given.get("constant_value")
        yield from _of_configuration(inner)


def _of_values(values: Mapping[str, Any]) -> Iterator[object]:
    """What a state or planned values mark."""
    for output in (values.get("outputs") or {}).values():
        if output.get("sensitive"):
            yield output.get("value")
    waiting = [values.get("root_module") or {}]
    while waiting:
        module = waiting.pop()
        for resource in module.get("resources") or ():
            yield from marked(resource.get("values"), resource.get("sensitive_values"))
        waiting += module.get("child_modules") or ()


def _invocations(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from document.get("action_invocations") or ()
    for raw in document.get("deferred_action_invocations") or ():
        yield raw.get("action_invocation") or raw


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


def _in_base64(text: str) -> Iterator[str]:
    """The part that is the same wherever ``text`` stands in a longer one, for each of three places."""
    data = text.encode(errors="surrogatepass")
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode()
        part = encoded[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        if len(part) >= _SHORTEST:
            yield part
            yield part.translate(_URL_SAFE)


def _in_addresses(text: str) -> Iterator[str]:
    yield quote(text, safe="", errors="surrogatepass")
    yield quote_plus(text, errors="surrogatepass")


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _scalars(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _scalars(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
