"""Looks for secrets in text that is about to be kept: known ones in every guise, and what looks like one."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_LOOKS_SECRET = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,})"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@\"]+:[^/\s:@\"(]+@"),
}
_SHORTEST_ENCODED = 4
_TRIVIAL = frozenset({"true", "false", "null", "none", "default"})


def surviving(content: object, secrets: Iterable[object]) -> list[str]:
    """What secret is still in ``content`` (JSON data), each as a phrase that does not quote it.

    ``secrets`` are the sensitive values; the empty ones and true, false and null are none.
    """
    leaves = list(_leaves(content))
    text = json.dumps(content, ensure_ascii=False)
    found = []
    for secret in {one for value in secrets for one in _values(value)} - _TRIVIAL:
        if secret in leaves:
            found.append(f"a sensitive value of {len(secret)} characters, as it is")
        elif len(secret) >= _SHORTEST_ENCODED:
            found += [
                f"a sensitive value of {len(secret)} characters, {how}" for how in _guises(secret, text)
            ]
    found += [what for what, pattern in _LOOKS_SECRET.items() if pattern.search(text)]
    return sorted(found)


def _guises(secret: str, text: str) -> Iterator[str]:
    data = secret.encode()
    if secret in text or json.dumps(secret)[1:-1] in text:
        yield "inside other text"
    if any(part in text for part in _base64(data)):
        yield "as base64"
    if any(quoted != secret and quoted in text for quoted in (quote(secret, safe=""), quote_plus(secret))):
        yield "as part of an address"
    if data.hex() in text.lower():
        yield "in hexadecimal"


def _base64(data: bytes) -> Iterator[str]:
    """The characters that are the same wherever in a longer text ``data`` stands, for each of 3 places."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode()
        start = (before * 8 + 5) // 6
        end = (before + len(data)) * 8 // 6
        part = encoded[start:end]
        if len(part) >= _SHORTEST_ENCODED:
            yield part
            yield part.translate(str.maketrans("+/", "-_"))


def _leaves(value: object) -> Iterator[str]:
    """Every scalar, and every name in a map."""
    if isinstance(value, dict):
        yield from map(str, value)
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield from _values(value, shortest_number=1)


def _values(value: object, shortest_number: int = 4) -> Iterator[str]:
    """Every scalar that can be a secret; a small number is none, and neither is a yes or a no."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _values(item, shortest_number)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _values(item, shortest_number)
    elif isinstance(value, str):
        yield from [value] if value.strip() else []
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from [str(value)] if len(str(value)) >= shortest_number else []
