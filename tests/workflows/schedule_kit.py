"""Environments with schedules, and what a clock on the wall says, found by asking it each minute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from landform.project import Environment, Teardown
from workflows.place_kit import Shop

NIGHTLY = Teardown("0 20 * * 1-5", "America/New_York", "0 7 * * 1-5")
PROJECT = "project: shop\nstacks:\n  net: {module: m, teardown: true, inputs: {x: '${var.x}'}}\n"
MINUTE = timedelta(minutes=1)


def environment(teardown: Teardown | None = NIGHTLY, **more: object) -> Environment:
    """An environment of Python with a schedule."""
    return Environment("dev", "us-east-1", teardown=teardown, **more)  # type: ignore[arg-type]


def local(text: str, zone: str = "America/New_York") -> datetime:
    """A time on the wall of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def wall_times(
    zone: str, start: datetime, end: datetime, hours: Mapping[int, str], days: range = range(5)
) -> Iterator[tuple[str, datetime]]:
    """``(kind, UTC)`` of each minute from ``start`` on at which the wall shows a full hour of ``hours``."""
    wall, at = ZoneInfo(zone), start.astimezone(UTC)
    while at < end:
        shown = at.astimezone(wall)
        if shown.minute == 0 and shown.hour in hours and shown.weekday() in days:
            yield hours[shown.hour], at
        at += MINUTE


def scheduled_shop(shop: Shop, teardown: str = "", more: str = "") -> Shop:
    """The shop, with a stack that goes every night, and dev with a schedule."""
    teardown = teardown or '{schedule: "0 20 * * 1-5", timezone: Europe/Berlin, rebuild: "0 7 * * 1-5"}'
    shop.write(
        {
            "landform.yaml": PROJECT,
            "environments/dev/environment.yaml": f"region: us-east-1\nteardown: {teardown}\n{more}",
        }
    )
    return shop
