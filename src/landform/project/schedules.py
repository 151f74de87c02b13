"""Whether a schedule can be kept: cron expressions, time zones, and clocks that are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_FIELDS = 5
_NIGHT = frozenset(range(4))
"""The hours in which most clocks are changed, 00:00 to 03:59."""
_YEARS = 3
_STEP = timedelta(days=3)
_MINUTE = timedelta(minutes=1)


def cron_fault(expression: str) -> str:
    """Why ``expression`` is no cron expression of five fields to plan with, or an empty string."""
    from cronsim import CronSim, CronSimError

    try:
        if len(expression.split()) != _FIELDS:
            return f"{expression!r} is no cron expression: write minute hour day month weekday"
        cron = CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC))
        if len(cron.minutes) > 1:
            return f"{expression!r} comes more than once an hour: write one minute, such as 0 20 * * 1-5"
        next(cron)
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


def changed_hour_fault(expression: str, timezone: str, year: int) -> str:
    """Why the times of a valid ``expression`` are not there every day, or an empty string.

    In a zone whose clock is changed, a time of the night does not exist on one day and comes twice on
    another. ``year`` is the first one that is looked at.
    """
    from cronsim import CronSim

    changed = changed_hours(timezone, year)
    hit = sorted(CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)).hours & changed)
    if not hit:
        return ""
    free = next(hour for hour in (4, *range(5, 24)) if hour not in changed)
    return (
        f"{expression!r} comes at {hit[0]:02}:00 to {hit[0]:02}:59, which {timezone} leaves out or has twice "
        f"where its clock is changed: write a time from {free:02}:00 on, or timezone: UTC"
    )


def changed_hours(timezone: str, year: int) -> frozenset[int]:
    """The hours of the day in which a zone's clock is changed, and the night's; none where it never is.

    Mostly that is 01:00 to 03:59; America/Santiago has 23:00 twice.
    """
    zone, found = ZoneInfo(timezone), set()
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + _YEARS, 1, 1, tzinfo=UTC)
    while at < end:
        if _offset(zone, at) != _offset(zone, at + _STEP):
            found |= _hours_of_change(zone, at)
        at += _STEP
    return frozenset(found | _NIGHT) if found else frozenset()


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _hours_of_change(zone: ZoneInfo, start: datetime) -> set[int]:
    """The hours on the wall that the change within a step from ``start`` leaves out or brings twice."""
    low, high = start, start + _STEP
    while high - low > _MINUTE:
        middle = low + (high - low) // 2
        low, high = (middle, high) if _offset(zone, middle) == _offset(zone, start) else (low, middle)
    change = low.replace(second=0, microsecond=0) + _MINUTE
    walls = sorted(change.replace(tzinfo=None) + _offset(zone, each) for each in (low, high))
    minutes = int((walls[1] - walls[0]) / _MINUTE)
    return {(walls[0] + number * _MINUTE).hour for number in range(minutes)}
