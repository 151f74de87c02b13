"""Plain data as values: text stays text, whatever it looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landform.project.values import Value


def literal(data: object) -> Value:
    """``data`` as a Value in which no string is an expression."""
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, Mapping):
        return {str(key): literal(item) for key, item in data.items()}
    if isinstance(data, Sequence):
        return tuple(literal(item) for item in data)
    return str(data)
