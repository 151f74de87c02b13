"""The formats a sweep can be had in."""

from __future__ import annotations

from enum import StrEnum


class SweepFormat(StrEnum):
    """What ``--format`` of ``sweep`` takes."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
