"""How long an environment lives in a month that is torn down and built up again on a schedule."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from landform.review.cost.prices import HOURS_A_MONTH

_WEEKS = 52
_MOST_CYCLES = 2_000


def living_hours(schedule: str, rebuild: str | None, timezone: str, year: int) -> float:
    """Hours a month that something lives between ``rebuild`` and ``schedule`` (cron expressions).

    It is the average over 52 weeks from the first rebuild in ``year``, with the hours that a change of the
    clock adds or takes. Without ``rebuild`` nobody says when it comes back: then it is the whole month.
    """
    if rebuild is None:
        return float(HOURS_A_MONTH)
    built = next(CronSim(rebuild, datetime(year, 1, 1, tzinfo=ZoneInfo(timezone)) - timedelta(seconds=1)))
    first, end, alive = built, built + timedelta(weeks=_WEEKS), timedelta()
    for _ in range(_MOST_CYCLES):
        gone = next(CronSim(schedule, built))
        again = next(CronSim(rebuild, gone))
        alive += _elapsed(built, gone)
        built = again
        if built >= end:
            break
    return float(HOURS_A_MONTH) * (alive / _elapsed(first, built))


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Real time: the difference of two times of one zone leaves out what its clock was put forward."""
    return timedelta(seconds=end.timestamp() - start.timestamp())
