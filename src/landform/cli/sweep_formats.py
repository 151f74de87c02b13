"""The formats that a sweep, a certificate and savings can be had in."""

from __future__ import annotations

from enum import StrEnum


class SweepFormat(StrEnum):
    """What ``--format`` of ``sweep`` and ``teardown certificate`` takes."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


class SavingsFormat(StrEnum):
    """What ``--format`` of ``teardown savings`` takes."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
