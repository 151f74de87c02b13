"""How long an environment lives in a month."""

from __future__ import annotations

import pytest

from landform.review.cost.schedule import living_hours


@pytest.mark.parametrize(
    ("schedule", "rebuild", "hours"),
    [
        ("0 20 * * 1-5", "0 7 * * 1-5", 730 * 65 / 168),
        ("0 20 * * *", "0 8 * * *", 365),
        ("0 20 * * 5", "0 7 * * 1", 730 * 109 / 168),
        ("0 18,22 * * *", "0 8 * * *", 730 * 10 / 24),
        ("0 20 * * *", "0 8 * * 1", 730 * 12 / 168),
        ("* * * * *", "* * * * *", 365),
        ("0 20 * * 1-5", None, 730),
    ],
)
def test_it_lives_from_each_rebuild_to_the_next_teardown(
    schedule: str, rebuild: str | None, hours: float
) -> None:
    assert living_hours(schedule, rebuild, "UTC", 2026) == pytest.approx(hours, abs=0.05)


def test_weekdays_from_seven_to_eight_in_the_evening_are_282_hours() -> None:
    assert round(living_hours("0 20 * * 1-5", "0 7 * * 1-5", "America/New_York", 2026)) == 282


def test_an_hour_that_the_clock_takes_is_not_lived() -> None:
    """Europe skips the hour from 2 to 3 on the last Sunday of March, and has it twice in October."""
    night = ("30 3 * * 0", "30 1 * * 0")
    utc, berlin = (living_hours(*night, zone, 2026) for zone in ("UTC", "Europe/Berlin"))
    assert berlin == pytest.approx(utc, abs=0.02)
    march = living_hours("30 3 29 3 *", "30 1 29 3 *", "Europe/Berlin", 2026)
    assert march == pytest.approx(730 * 1 / 8760, abs=0.01)
