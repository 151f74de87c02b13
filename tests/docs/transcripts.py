"""Compares a transcript in the documentation with what a command really printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

SKIP = "…"
"""A line of a transcript that stands for any number of lines, none included."""

_CHANGING = (
    (r"\bplan [0-9a-f]{12}\b", "plan <digest>"),
    (r"\b(ami|eni|i|lt|sg|subnet|vpc|vpce|rtb|nat|igw)-[0-9a-f]{8,17}\b", r"\1-<id>"),
    (r"(127\.0\.0\.1|localhost):\d+", r"\1:<port>"),
    (r"\b\d{8}-\d{6}-([a-z0-9-]+)-[0-9a-f]{4}\b", r"<time>-\1-<id>"),
    (r"/[0-9a-f]{16}\b", "/<id>"),
    (r"  \d+s$", "  <seconds>"),
    (r" in \d+\.\d\ds( \(\d:\d\d:\d\d\))?$", " in <seconds>"),
)


def normalised(text: str) -> list[str]:
    """Lines without what differs between two runs: ids, digests, ports, seconds, blanks at the end."""
    lines = [line.rstrip() for line in text.splitlines()]
    for pattern, stand_in in _CHANGING:
        lines = [re.sub(pattern, stand_in, line) for line in lines]
    return lines


def mismatch(transcript: str, output: str) -> str:
    """The first line of the transcript that the output does not have there; an empty string if it has all.

    Between two ``…`` the lines must follow one another in the output; a ``…`` skips lines.
    """
    told = normalised(output)
    position = 0
    for part in _parts(normalised(transcript)):
        found = _find(part, told, position)
        if found is None:
            return _nearest(part, told, position)
        position = found + len(part)
    return ""


def _parts(lines: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == SKIP:
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for part in parts if part]


def _find(part: Sequence[str], lines: Sequence[str], start: int) -> int | None:
    last = len(lines) - len(part)
    return next((at for at in range(start, last + 1) if list(lines[at : at + len(part)]) == list(part)), None)


def _nearest(part: Sequence[str], lines: Sequence[str], start: int) -> str:
    """The line at which the longest beginning of ``part`` ends."""
    best = 0
    for at in range(start, len(lines)):
        same = 0
        while same < len(part) and at + same < len(lines) and lines[at + same] == part[same]:
            same += 1
        best = max(best, same)
    return part[min(best, len(part) - 1)] or "(an empty line)"
