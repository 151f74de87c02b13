"""Whether a schedule can be kept: cron expressions and the time zones they are in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_FIELDS = 5


def cron_fault(expression: str) -> str:
    """Why ``expression`` is no cron expression of five fields, or an empty string."""
    from cronsim import CronSim, CronSimError

    try:
        if len(expression.split()) != _FIELDS:
            return f"{expression!r} is no cron expression: write minute hour day month weekday"
        next(CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return f"{expression!r} is no cron expression: {str(error).lower()}"
    except StopIteration:
        return f"{expression!r} never comes"
    return ""


def timezone_fault(name: str) -> str:
    """Why ``name`` is no time zone of the IANA database, or an empty string."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return f"{name!r} is no time zone: write one such as Europe/Berlin"
    return ""
