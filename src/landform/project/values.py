"""The values of a stack's inputs: plain data, with expressions where the user wrote ``${…}``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from landform.project.expressions import Expression, Reference, Template, parse_text

Value = None | bool | int | float | str | Expression | Template | tuple["Value", ...] | Mapping[str, "Value"]


def parse_value(raw: object) -> Value:
    """Turn YAML or Python data into a Value. Parsed values pass through unchanged.

    Raises ExpressionError for a bad ``${…}`` and TypeError for data Terraform has no type for.
    """
    if isinstance(raw, float) and not math.isfinite(raw):
        message = f"{raw} is no number to Terraform"
        raise TypeError(message)
    if raw is None or isinstance(raw, bool | int | float | Expression | Template):
        return raw
    if isinstance(raw, str):
        return parse_text(raw)
    if isinstance(raw, Mapping):
        return {_key(key): parse_value(value) for key, value in raw.items()}
    if isinstance(raw, Sequence | set | frozenset):
        return tuple(parse_value(item) for item in raw)
    message = f"a {type(raw).__name__} is no value for Terraform; use a string, number, bool, list or map"
    raise TypeError(message)


def references(value: Value) -> Iterator[Reference]:
    """Every reference in ``value``, at any depth."""
    if isinstance(value, Expression | Template):
        yield from value.references
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from references(item)


def _key(key: object) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)
