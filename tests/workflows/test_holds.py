"""Somebody keeps an environment as it is: by name, with a reason, until a time on its own clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from landform.errors import LandformError, Refused
from landform.project import Environment, Teardown
from landform.workflows.audit import read_audit
from landform.workflows.holds import current_hold, extend, hold, release, until_of
from landform.workflows.records import records_of
from landform.workflows.slots import Outcome
from landform.workflows.teardown_status import decide
from workflows.place_kit import ANN, BOB, Shop
from workflows.schedule_kit import local, scheduled_shop

NOW = local("2026-12-01T18:00", "Europe/Berlin")
NY = Environment("dev", "us-east-1", teardown=Teardown("0 20 * * *", "America/New_York"))


@pytest.fixture(autouse=True)
def _scheduled(shop: Shop) -> None:
    scheduled_shop(shop)


def test_it_is_held_said_and_kept_and_ends_by_itself(shop: Shop) -> None:
    place = shop.place(ANN)
    made = hold(place, "2026-12-01T21:30", "load test", NOW)
    records = records_of(place)
    assert current_hold(records, NOW) == made
    assert made.until == datetime(2026, 12, 1, 20, 30, tzinfo=UTC)
    assert made.shown == f"held by {ANN} until 2026-12-01 21:30 (Europe/Berlin): load test"
    (entry,) = read_audit(records)
    assert (entry.event, entry.details["by"]["email"]) == ("teardown held", ANN)
    assert entry.details["reason"] == "load test"

    def outcome(wall: str) -> Outcome:
        found = decide(place, local(wall, "Europe/Berlin"))
        assert found is not None
        return found.outcome

    assert outcome("2026-12-01T20:00") is Outcome.HELD
    assert outcome("2026-12-01T21:30") is Outcome.RUN
    assert current_hold(records, made.until) is None


def test_another_one_extends_it_and_another_one_releases_it(shop: Shop) -> None:
    ann, bob, records = shop.place(ANN), shop.place(BOB), records_of(shop.place())
    hold(ann, "+2h", "demo", NOW)
    with pytest.raises(Refused) as refused:
        hold(shop.place(BOB), "+1h", "mine", NOW)
    assert f"dev is held by {ANN}" in refused.value.what
    assert "landform teardown extend dev --until TIME" in refused.value.way_out
    longer = extend(bob, "+20h", NOW)
    assert longer.until == NOW + timedelta(hours=20)
    release(shop.place(BOB), NOW + timedelta(hours=1))
    assert current_hold(records, NOW + timedelta(hours=1)) is None
    assert [
        (each.event, each.details["by"]["email"], each.details["holder"]["email"])
        for each in read_audit(records)
    ] == [
        ("teardown held", ANN, ANN),
        ("hold extended", BOB, ANN),
        ("hold released", BOB, ANN),
    ]
    again = hold(shop.place(BOB), "+2h", "again", NOW + timedelta(hours=1))
    assert current_hold(records, NOW + timedelta(hours=1)) == again


def test_of_two_at_once_one_holds_it(shop: Shop) -> None:
    place, barrier = shop.place(), Barrier(4)

    def try_to(number: int) -> bool:
        barrier.wait()
        try:
            hold(place, "+2h", str(number), NOW)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_to, range(4))) == [False, False, False, True]
    assert len(read_audit(records_of(place))) == 1


@pytest.mark.parametrize(
    ("until", "reason", "says"),
    [
        ("2026-12-01T17:59", "x", "that is in the past"),
        ("+31d", "x", "30 days at most"),
        ("2027-01-02T00:00", "x", "30 days at most"),
        ("+2h", "  ", "needs a reason"),
        ("tomorrow", "x", "'tomorrow' is no time"),
        ("2026-12-01", "x", "is no time"),
        ("2026-13-01T00:00", "x", "is no time"),
        ("+2 hours", "x", "no length of time"),
    ],
)
def test_a_bad_one_holds_nothing(shop: Shop, until: str, reason: str, says: str) -> None:
    place = shop.place()
    with pytest.raises(LandformError) as refused:
        hold(place, until, reason, NOW)
    assert says in refused.value.what
    assert refused.value.way_out
    assert records_of(place).names("") == []


def test_what_is_not_held_is_neither_extended_nor_released(shop: Shop) -> None:
    with pytest.raises(Refused, match="dev is not held"):
        extend(shop.place(), "+1h", NOW)
    with pytest.raises(Refused, match="dev is not held"):
        release(shop.place(), NOW)


def test_what_stays_anyway_is_not_held(shop: Shop) -> None:
    shop.rules("{required: 0}")
    with pytest.raises(Refused, match="dev has nothing to hold"):
        hold(shop.place(), "+1h", "x", NOW)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-01T20:00", "2026-12-02T01:00+00:00"),
        ("2026-12-01 20:00", "2026-12-02T01:00+00:00"),
        ("2026-12-01T20:00Z", "2026-12-01T20:00+00:00"),
        ("2026-12-01T20:00+01:00", "2026-12-01T19:00+00:00"),
        ("+90m", "2026-12-01T18:30+00:00"),
    ],
)
def test_a_time_is_the_environments_unless_it_says_otherwise(text: str, utc: str) -> None:
    assert until_of(text, NY, NOW) == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    ("wall", "now"), [("2027-03-14T02:30", "2027-03-13"), ("2026-11-01T01:30", "2026-10-31")]
)
def test_a_time_that_is_missing_or_comes_twice_is_asked_for_again(wall: str, now: str) -> None:
    with pytest.raises(LandformError) as refused:
        until_of(wall, NY, local(f"{now}T12:00"))
    assert "the clock of America/New_York is changed then" in refused.value.what
    assert "offset" in refused.value.way_out
