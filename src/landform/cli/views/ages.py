"""How long ago something was, for people."""

from __future__ import annotations

from datetime import datetime

_UNITS = ((24 * 60 * 60, "d"), (60 * 60, "h"), (60, "min"))


def age(moment: str, now: datetime) -> str:
    """``2 h ago`` for an RFC 3339 time; empty for a text that is none."""
    try:
        seconds = (now - datetime.fromisoformat(moment)).total_seconds()
    except (ValueError, TypeError):
        return ""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size:.0f} {unit} ago"
    return "just now" if seconds < 10 else f"{seconds:.0f} s ago"


def lasting(moment: str, now: datetime) -> str:
    """``for 2 h``, ``for 3 days`` since an RFC 3339 time; empty for a text that is none."""
    past = age(moment, now)
    number, _, unit = past.removesuffix(" ago").partition(" ")
    if not past or not number.isdigit():
        return past and "since just now"
    return f"for {number} {'day' if number == '1' else 'days'}" if unit == "d" else f"for {number} {unit}"
