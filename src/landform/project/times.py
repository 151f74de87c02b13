"""Dates and times as people write them in ``environment.yaml``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WAY_OUT = "; {webhook_env: NAME} keeps it out of the file"


def instant_of(text: str) -> datetime:
    """The time that a valid RFC 3339 text says, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def instant_fault(text: str) -> str:
    """Why ``text`` is no RFC 3339 time, or an empty string. Without an offset it is none."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}[Tt ][\d:.]+([Zz]|[+-]\d{2}:\d{2})", text):
            instant_of(text)
            return ""
    except (ValueError, OverflowError):
        pass
    return f"{text!r} is no RFC 3339 time: write one such as 2026-12-01T20:00:00Z"


def date_of(text: str) -> date:
    """The day that a valid date says."""
    return date.fromisoformat(text)


def date_fault(text: str) -> str:
    """Why ``text`` is no date, or an empty string."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            date_of(text)
            return ""
    except ValueError:
        pass
    return f"{text!r} is no date: write one such as 2026-12-25"


def webhook_fault(url: str) -> str:
    """Why ``url`` is no address of a webhook, or an empty string. It never quotes it: it may be a secret."""
    try:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        has_place = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        fits = is_safe and has_place and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        fits = False
    return "" if fits else f"a webhook is an https:// URL without a user's name{_WAY_OUT}"


def url_fault(url: str) -> str:
    """Why ``url`` is no address that can be asked whether it is well, or an empty string.

    One with a user's name is not quoted: a password may be in it.
    """
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        fits = fits and parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        fits = False
    shown = "a URL with a user's name is not one to ask" if "@" in url else f"{url!r} is no URL"
    return "" if fits else f"{shown}: write one such as https://dev.example.com/health"
