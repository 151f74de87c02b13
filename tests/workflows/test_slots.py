"""What is due: once a slot, at the time on the wall, on both days on which the clock is changed, too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landform.project import Environment, Teardown
from landform.review.approval import Person
from landform.workflows.holds import Hold
from landform.workflows.slots import Decision, Outcome, SlotKind, due, latest_slot, next_slots
from workflows.schedule_kit import MINUTE, NIGHTLY, environment, local, wall_times

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Sydney", "UTC")
HOURS = {20: "teardown", 7: "rebuild"}
QUARTER = timedelta(minutes=15)


def _runs(
    subject: Environment, start: datetime, end: datetime, step: timedelta = QUARTER
) -> list[tuple[str, datetime]]:
    """What a trigger that comes every ``step`` would run, each slot claimed as soon as it is decided."""
    claimed: set[str] = set()
    found, at = [], start
    while at < end:
        decision = due(subject, at, claimed)
        if decision is not None and decision.outcome is Outcome.RUN:
            found.append((str(decision.slot.kind), decision.slot.utc))
        if decision is not None and decision.outcome is not Outcome.HELD:
            claimed.add(decision.slot.id)
        at += step
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_has_exactly_the_times_on_the_wall(zone: str) -> None:
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    expected = list(wall_times(zone, start + MINUTE, end, HOURS))
    subject = environment(Teardown("0 20 * * 1-5", zone, "0 7 * * 1-5"))
    found = [(str(slot.kind), slot.utc) for slot in next_slots(subject, start, len(expected) + 1)]
    assert len(expected) > 500
    assert found[:-1] == expected
    assert found[-1][1] >= end
    for kind, at in expected:
        slot = latest_slot(subject, at)
        assert slot is not None
        assert (str(slot.kind), slot.utc) == (kind, at)
        before = latest_slot(subject, at - timedelta(microseconds=1))
        assert before is not None
        assert before.utc < at


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", "2027-03-14"),
        ("America/New_York", "2027-11-07"),
        ("Europe/Berlin", "2027-03-28"),
        ("Europe/Berlin", "2027-10-31"),
        ("Australia/Sydney", "2027-04-04"),
        ("Australia/Sydney", "2027-10-03"),
        ("UTC", "2027-03-28"),
    ],
)
def test_around_a_changed_clock_each_slot_runs_once(zone: str, day: str) -> None:
    """A trigger that comes every quarter of an hour, for a week around that Sunday, on every day of it."""
    start, end = local(day, zone) - timedelta(days=3), local(day, zone) + timedelta(days=4)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    subject = environment(Teardown("0 20 * * *", zone, "0 7 * * *"))
    expected = list(wall_times(zone, start, end, HOURS, range(7)))
    found = _runs(subject, start, end)
    if found[0][1] < start:  # what the first look catches up with
        found = found[1:]
    assert found == expected
    assert 13 <= len(expected) <= 15
    offsets = {at.astimezone(ZoneInfo(zone)).utcoffset() for _, at in expected}
    assert len(offsets) == (1 if zone == "UTC" else 2)


@given(
    zone=st.sampled_from((*ZONES, "Asia/Kathmandu", "America/Santiago", "Australia/Lord_Howe")),
    hour=st.integers(4, 22),
    minute=st.integers(0, 59),
    weekday=st.integers(0, 6),
    minutes_on=st.integers(0, 4 * 365 * 24 * 60),
)
def test_the_latest_slot_is_the_last_minute_on_the_wall(
    zone: str, hour: int, minute: int, weekday: int, minutes_on: int
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + minutes_on * MINUTE
    slot = latest_slot(environment(Teardown(f"{minute} {hour} * * {weekday}", zone)), at)
    wall, look = ZoneInfo(zone), at

    def fits(each: datetime) -> bool:
        shown = each.astimezone(wall)
        return (shown.hour, shown.minute, shown.isoweekday() % 7) == (hour, minute, weekday)

    minutes = (look - number * MINUTE for number in range(8 * 24 * 60))
    assert slot is not None
    assert slot.utc == next(each for each in minutes if fits(each))
    assert slot.id == f"teardown-{slot.at:%Y-%m-%d}T{hour:02}{minute:02}"


def test_a_machine_that_slept_30_hours_runs_once() -> None:
    claimed = {"rebuild-2026-12-01T0700"}
    now = local("2026-12-02T13:00")  # it slept through Tuesday's teardown and Wednesday's rebuild
    decision = due(environment(), now, claimed)
    assert decision is not None
    assert (decision.slot.id, decision.outcome) == ("rebuild-2026-12-02T0700", Outcome.RUN)
    claimed.add(decision.slot.id)
    assert [due(environment(), now + n * QUARTER, claimed) for n in range(20)] == [None] * 20


def test_a_clock_that_is_put_back_repeats_nothing() -> None:
    claimed = {"teardown-2026-12-01T2000"}  # nobody has run the rebuild of that morning
    for wall in ("2026-12-01T20:00", "2026-12-01T19:50", "2026-12-01T08:00", "2026-11-30T21:00"):
        assert due(environment(), local(wall), claimed) is None
    again = due(environment(), local("2026-12-02T07:00"), claimed)
    assert again is not None
    assert again.slot.id == "rebuild-2026-12-02T0700"


@given(steps=st.lists(st.integers(-2_000, 2_000), min_size=1, max_size=60))
def test_no_slot_runs_twice_whatever_the_clock_does(steps: list[int]) -> None:
    """Nor does an older one run after a newer one."""
    now, claimed, ran = local("2026-11-01T12:00"), set[str](), list[datetime]()
    for step in steps:
        now += timedelta(minutes=step)
        decision = due(environment(), now, claimed)
        if decision is not None:
            claimed.add(decision.slot.id)
            ran.append(decision.slot.utc)
    assert ran == sorted(set(ran))


def test_a_teardown_is_never_run_into_the_working_day() -> None:
    def at(wall: str) -> Decision:
        found = due(environment(Teardown("0 20 * * 1-5", "America/New_York", max_late=3 * 3600)), local(wall))
        assert found is not None
        return found

    assert at("2026-12-01T23:00").outcome is Outcome.RUN
    late = at("2026-12-01T23:01")
    assert (late.slot.id, late.outcome) == ("teardown-2026-12-01T2000", Outcome.LATE)
    assert late.why == "it would begin 3 h late, and max_late is 3 h"


def test_the_notice_is_given_in_any_case_and_counts_as_late() -> None:
    subject = environment(Teardown("0 20 * * 1-5", "America/New_York", grace=900, max_late=3600))
    in_time, late = due(subject, local("2026-12-01T20:45")), due(subject, local("2026-12-01T20:46"))
    assert in_time is not None
    assert in_time.outcome is Outcome.RUN
    assert in_time.begins_at == local("2026-12-01T21:00")
    assert late is not None
    assert late.outcome is Outcome.LATE


def test_a_rebuild_may_be_late_and_gives_no_notice() -> None:
    subject = environment(Teardown("0 20 * * 1-5", "America/New_York", "0 7 * * 1-5", grace=900))
    decision = due(subject, local("2026-12-01T19:59"))
    assert decision is not None
    assert (decision.slot.kind, decision.outcome) == (SlotKind.REBUILD, Outcome.RUN)
    assert decision.begins_at == local("2026-12-01T19:59")


def test_on_a_holiday_it_stays_down_in_its_own_zone() -> None:
    teardown = Teardown("0 20 * * *", "Australia/Sydney", "0 7 * * *", holidays=(date(2026, 12, 25),))
    subject, start = environment(teardown), local("2026-12-24T12:00", "Australia/Sydney").astimezone(UTC)
    days = [
        (kind, f"{at.astimezone(ZoneInfo('Australia/Sydney')):%d %H}")
        for kind, at in _runs(subject, start, start + timedelta(days=3))
    ]
    assert ("rebuild", "25 07") not in days
    assert days[1:] == [
        ("teardown", "24 20"),
        ("teardown", "25 20"),
        ("rebuild", "26 07"),
        ("teardown", "26 20"),
        ("rebuild", "27 07"),
    ]
    shown = {slot.id: slot.holiday for slot in next_slots(subject, start, 4)}
    assert shown["rebuild-2026-12-25T0700"] is True
    assert (
        list(shown.values()).count(False) == 2
    )  # the teardown of that day is on it as well, and still comes


def test_a_teardown_that_was_missed_before_a_holiday_is_still_due() -> None:
    """The rebuild that falls out doesn't take its place."""
    teardown = Teardown("0 4 * * *", "UTC", "0 5 * * *", holidays=(date(2026, 12, 25),))
    decision = due(environment(teardown), datetime(2026, 12, 25, 6, tzinfo=UTC))
    assert decision is not None
    assert (decision.slot.id, decision.outcome) == ("teardown-2026-12-25T0400", Outcome.RUN)


def test_a_held_slot_waits_for_the_hold_and_says_whose_it_is() -> None:
    ends = local("2026-12-01T22:00").astimezone(UTC)
    hold = Hold(
        ends, Person(email="ann@example.org"), "load test", ends - timedelta(hours=5), NIGHTLY.timezone
    )
    held = due(environment(), local("2026-12-01T21:00"), (), hold)
    assert held is not None
    assert held.outcome is Outcome.HELD
    assert held.why == "held by ann@example.org until 2026-12-01 22:00 (America/New_York): load test"
    after = due(environment(), local("2026-12-01T22:00"), (), hold)
    assert after is not None
    assert after.outcome is Outcome.RUN


def test_a_hold_through_the_night_lets_the_slot_lapse_in_its_name() -> None:
    ends = local("2026-12-02T12:00").astimezone(UTC)
    hold = Hold(ends, Person(git="Ann"), "demo", ends, NIGHTLY.timezone)
    decision = due(environment(), local("2026-12-01T23:30"), (), hold)
    assert decision is not None
    assert decision.outcome is Outcome.LATE
    assert decision.why.startswith("held by Ann until")
    morning = due(environment(), local("2026-12-02T07:00"), {decision.slot.id}, hold)
    assert morning is not None
    assert (morning.slot.kind, morning.outcome) == (SlotKind.REBUILD, Outcome.HELD)


def test_the_expiry_comes_late_or_not_and_is_the_last() -> None:
    ends = datetime(2026, 12, 2, 15, tzinfo=UTC)
    subject = environment(NIGHTLY, expires_at=ends)
    coming = [str(slot.kind) for slot in next_slots(subject, local("2026-12-01T12:00"), 9)]
    assert coming == ["teardown", "rebuild", "expiry"]
    decision = due(subject, datetime(2026, 12, 3, 14, tzinfo=UTC), {"teardown-2026-12-02T2000"})
    assert decision is not None
    assert (decision.slot.id, decision.outcome) == ("expiry-2026-12-02T1000", Outcome.RUN)
    assert due(subject, datetime(2026, 12, 3, 14, 59, tzinfo=UTC), {decision.slot.id}) is None
    assert next_slots(subject, ends, 3) == ()


def test_what_has_expired_is_looked_at_each_day_until_somebody_takes_it_out() -> None:
    """What failed, or was applied again since, goes at the next one."""
    ends = datetime(2026, 12, 2, 15, tzinfo=UTC)
    runs = _runs(environment(expires_at=ends), ends - QUARTER, ends + timedelta(days=3), timedelta(hours=1))
    assert [kind for kind, _ in runs[1:]] == ["expiry"] * 3
    assert [at for _, at in runs[1:]] == [ends + timedelta(days=day) for day in range(3)]
    back = due(environment(expires_at=ends), ends + timedelta(days=1), {"expiry-2026-12-04T1000"})
    assert back is None


def test_without_schedule_and_expiry_nothing_is_due() -> None:
    assert due(environment(None), datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert due(environment(Teardown(grace=60)), datetime(2027, 1, 1, tzinfo=UTC)) is None


def test_of_a_teardown_and_a_rebuild_at_one_time_the_teardown_counts() -> None:
    subject = environment(Teardown("0 7 * * *", "UTC", "0 7 * * *"))
    decision = due(subject, datetime(2027, 1, 1, 7, tzinfo=UTC))
    assert decision is not None
    assert decision.slot.kind is SlotKind.TEARDOWN
