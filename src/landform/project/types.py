"""Terraform's type constraints: reading them, and telling whether a literal value fits.

Grammar: https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from landform.project.expressions import Expression, Template
from landform.project.values import Value

_TOKEN = re.compile(r'\s*(?:([A-Za-z_][\w-]*)|("(?:\\.|[^"\\])*")|(\S))')
_PRIMITIVES = frozenset({"string", "number", "bool", "any"})
_COLLECTIONS = frozenset({"list", "set", "map"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Type:
    """A type constraint. ``kind`` is Terraform's word; the rest is filled where the kind has parts."""

    kind: str
    element: Type | None = None
    attributes: Mapping[str, Type] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    members: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if self.element is not None:
            return f"{self.kind}({self.element})"
        return self.kind

    @property
    def is_simple(self) -> bool:
        """Whether ``str()`` is the whole constraint: a primitive, or collections of one."""
        if self.element is not None:
            return self.element.is_simple
        return self.kind in _PRIMITIVES


ANY = Type("any")


def parse_type(text: str) -> Type:
    """Read a constraint. White space, commas and newlines between attributes are all optional.

    Raises ValueError where the text is not a type constraint.
    """
    tokens = [next(part for part in match if part) for match in _TOKEN.findall(text)]
    try:
        parsed, position = _parse(tokens, 0)
    except IndexError as error:
        message = f"not a type constraint: {text} ends too early"
        raise ValueError(message) from error
    if position != len(tokens):
        message = f"not a type constraint: {text}"
        raise ValueError(message)
    return parsed


def _parse(tokens: list[str], at: int) -> tuple[Type, int]:
    word = tokens[at] if at < len(tokens) else ""
    if word in _PRIMITIVES:
        return Type(word), at + 1
    if word in _COLLECTIONS:
        if tokens[at + 1 : at + 2] != ["("]:
            return Type(word, ANY), at + 1
        element, after = _parse(tokens, at + 2)
        return Type(word, element), _expect(tokens, after, ")")
    if word == "object":
        return _parse_object(tokens, _expect(tokens, _expect(tokens, at + 1, "("), "{"))
    if word == "tuple":
        return _parse_tuple(tokens, _expect(tokens, _expect(tokens, at + 1, "("), "["))
    message = f"not a type constraint: {word!r}"
    raise ValueError(message)


def _parse_object(tokens: list[str], at: int) -> tuple[Type, int]:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    while tokens[at] != "}":
        name = json.loads(tokens[at]) if tokens[at].startswith('"') else tokens[at]
        at += 2  # the name and its = or :
        if tokens[at] == "optional":
            optional.add(name)
            attributes[name], at = _parse(tokens, _expect(tokens, at + 1, "("))
            at = _skip_default(tokens, at)
        else:
            attributes[name], at = _parse(tokens, at)
        if tokens[at] == ",":
            at += 1
    at = _expect(tokens, at + 1, ")")
    return Type("object", attributes=attributes, optional=frozenset(optional)), at


def _parse_tuple(tokens: list[str], at: int) -> tuple[Type, int]:
    members: list[Type] = []
    while tokens[at] != "]":
        member, at = _parse(tokens, at)
        members.append(member)
        if tokens[at] == ",":
            at += 1
    return Type("tuple", members=tuple(members)), _expect(tokens, at + 1, ")")


def _skip_default(tokens: list[str], at: int) -> int:
    """Past the default of an ``optional(type, default)`` and its closing parenthesis."""
    depth = 1
    while depth:
        depth += (tokens[at] in "([{") - (tokens[at] in ")]}")
        at += 1
    return at


def _expect(tokens: list[str], at: int, token: str) -> int:
    if tokens[at : at + 1] != [token]:
        message = f"not a type constraint: {token!r} is missing"
        raise ValueError(message)
    return at + 1


def misfit(value: Value, wanted: Type, path: str = "") -> str:
    """Why a literal can't become ``wanted`` (Terraform's own conversions allowed), or an empty string.

    Expressions fit anything: only Terraform knows their type.
    """
    if value is None or isinstance(value, Expression) or wanted.kind == "any":
        return ""
    if wanted.kind in _PRIMITIVES:
        return "" if _fits_primitive(value, wanted.kind) else _wrong(value, wanted, path)
    if wanted.kind in ("list", "set", "tuple"):
        return _sequence_misfit(value, wanted, path)
    return _mapping_misfit(value, wanted, path)


def _fits_primitive(value: Value, kind: str) -> bool:
    if isinstance(value, tuple | Mapping):
        return False
    if isinstance(value, Template) or kind == "string":
        return kind == "string"
    if kind == "bool":
        return isinstance(value, bool) or value in ("true", "false", "1", "0")
    if isinstance(value, str):
        return bool(_NUMBER.match(value))
    return not isinstance(value, bool)


def _sequence_misfit(value: Value, wanted: Type, path: str) -> str:
    if not isinstance(value, tuple):
        return _wrong(value, wanted, path)
    if wanted.kind == "tuple":
        if len(value) != len(wanted.members):
            return f"{_at(path)}has {len(value)} items, wants {len(wanted.members)}"
        pairs = zip(value, wanted.members, strict=True)
    else:
        pairs = ((item, wanted.element or ANY) for item in value)  # type: ignore[assignment]
    found = (misfit(item, kind, f"{path}[{index}]") for index, (item, kind) in enumerate(pairs))
    return next((sentence for sentence in found if sentence), "")


def _mapping_misfit(value: Value, wanted: Type, path: str) -> str:
    if not isinstance(value, Mapping):
        return _wrong(value, wanted, path)
    if wanted.kind == "map":
        pairs = [(key, item, wanted.element or ANY) for key, item in value.items()]
    else:
        missing = sorted(set(wanted.attributes) - set(value) - wanted.optional)
        if missing:
            return f"{_at(path)}lacks the attribute {missing[0]!r}"
        unknown = sorted(set(value) - set(wanted.attributes))
        if unknown:
            known = ", ".join(sorted(wanted.attributes))
            return f"{_at(path)}has no attribute {unknown[0]!r}; there are: {known}"
        pairs = [(key, item, wanted.attributes[key]) for key, item in value.items()]
    found = (misfit(item, kind, f"{path}.{key}" if path else key) for key, item, kind in pairs)
    return next((sentence for sentence in found if sentence), "")


def _wrong(value: Value, wanted: Type, path: str) -> str:
    return f"{_at(path)}is {_describe(value)}, wants {wanted}"


def _at(path: str) -> str:
    return f"{path} " if path else ""


def _describe(value: Value) -> str:
    if isinstance(value, tuple):
        return "a list"
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, bool):
        return f"the bool {str(value).lower()}"
    if isinstance(value, Template):
        return "a string"
    return f"the string {value!r}" if isinstance(value, str) else f"the number {value}"
