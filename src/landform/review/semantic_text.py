"""What a text holds: JSON, or base64 of a text."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, NoReturn

_LARGEST = 1 << 20
_SHORTEST_BASE64 = 24


def json_in(text: str) -> Any:
    """The object or list that a JSON text holds, or None.

    None, too, for JSON that can't be told from its parts: with a key twice, or with numbers that are none.
    """
    if text.lstrip()[:1] not in ("{", "[") or len(text) > _LARGEST:
        return None
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def text_in_base64(text: str) -> str | None:
    """The readable text that base64 holds; None where ``text`` is something else."""
    if not _SHORTEST_BASE64 <= len(text) <= _LARGEST or len(text) % 4:
        return None
    try:
        found = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return found if all(each.isprintable() or each in "\n\r\t" for each in found) else None
