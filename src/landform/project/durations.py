"""Lengths of time as people write them: ``90s``, ``15m``, ``24h``, ``3d``."""

from __future__ import annotations

import re

PATTERN = r"^[1-9]\d{0,4}[smhd]$"
_SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}


def seconds_of(text: str) -> int:
    """How many seconds ``text`` says. Raises ValueError with what would be right."""
    if not re.match(PATTERN, text):
        message = f"{text!r} is no length of time: write a number and s, m, h or d, such as 15m"
        raise ValueError(message)
    return int(text[:-1]) * _SECONDS[text[-1]]


def shown_seconds(seconds: float) -> str:
    """The same for people, in the largest unit that leaves a whole number above 0: ``3 h``, ``12 min``."""
    for size, unit in ((24 * 60 * 60, "days"), (60 * 60, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and unit != "days"):
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
