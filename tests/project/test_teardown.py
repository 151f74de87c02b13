"""What environment.yaml says about going and coming back, and how it says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from landform.errors import ProjectInvalid
from landform.project import Environment, Notify, Project, Remedies, Stack, Teardown, load_project
from landform.project.schedules import changed_hour_fault, changed_hours
from landform.project.times import url_fault, webhook_fault

Write = Callable[[Mapping[str, str]], Path]
_YAML = "environments/dev/environment.yaml"
_AT_20 = '  schedule: "0 20 * * *"'
_BERLIN = "  timezone: Europe/Berlin"
_EVERYTHING = """\
region: us-east-1
ephemeral: true
expires_at: 2026-12-24T18:00:00+01:00
teardown:
  schedule: "0 20 * * 1-5"
  timezone: America/New_York
  rebuild: "0 7 * * MON-FRI"
  grace: 15m
  max_late: 2h
  holidays: [2026-12-25, "2027-01-01"]
  max_changes: 40
  notify:
    - sns: arn:aws:sns:us-east-1:123456789012:nights
    - webhook: https://example.org/hook?a=b
    - webhook_env: HOOK
  remedies: purge
  health: [https://dev.example.com/health, "http://10.0.0.1:8080/"]
"""


@pytest.fixture
def nightly(good: dict[str, str]) -> dict[str, str]:
    """The files of a project one stack of which may go every night."""
    good["landform.yaml"] = good["landform.yaml"].replace(
        "    module: app\n", "    module: app\n    teardown: true\n"
    )
    return good


def _faults(folder: Path) -> list[str]:
    with pytest.raises(ProjectInvalid) as caught:
        load_project(folder)
    return [f"{each.where.line} {each.what} {each.way_out}" for each in caught.value.faults]


def test_everything_is_read(write: Write, nightly: dict[str, str]) -> None:
    nightly[_YAML] = _EVERYTHING
    dev = load_project(write(nightly)).environment_by_name["dev"]
    assert dev.teardown == Teardown(
        "0 20 * * 1-5",
        "America/New_York",
        "0 7 * * MON-FRI",
        grace=900,
        max_late=7200,
        holidays=(date(2026, 12, 25), date(2027, 1, 1)),
        max_changes=40,
        notify=(
            Notify(sns="arn:aws:sns:us-east-1:123456789012:nights"),
            Notify(webhook="https://example.org/hook?a=b"),
            Notify(webhook_env="HOOK"),
        ),
        remedies=Remedies.PURGE,
        health=("https://dev.example.com/health", "http://10.0.0.1:8080/"),
    )
    assert dev.expires_at == datetime(2026, 12, 24, 17, tzinfo=UTC)
    assert dev.remedies is Remedies.PURGE
    assert "example.org" not in repr(dev)


def test_what_is_left_out_is_careful(write: Write, nightly: dict[str, str]) -> None:
    nightly[_YAML] = 'region: us-east-1\nteardown: {schedule: "0 20 * * *"}\n'
    dev = load_project(write(nightly)).environment_by_name["dev"]
    assert dev.teardown == Teardown("0 20 * * *", "UTC", max_late=3 * 3600)
    assert dev.remedies is Remedies.BLOCK
    nightly[_YAML] += "ephemeral: true\n"
    assert load_project(write(nightly)).environment_by_name["dev"].remedies is Remedies.DISARM


@pytest.mark.parametrize(
    ("lines", "where", "says"),
    [
        (['  schedule: "0 25 * * *"'], 3, "no cron expression: bad hour"),
        (['  schedule: "@daily"'], 3, "write minute hour day month weekday"),
        (['  schedule: "* * * * * *"'], 3, "write minute hour day month weekday"),
        (['  schedule: "0 5 30 2 *"'], 3, "no cron expression"),
        (['  schedule: "* 20 * * *"'], 3, "comes more than once an hour"),
        (['  schedule: "0,30 20 * * *"'], 3, "comes more than once an hour"),
        (['  schedule: "0 5 * * *"', "  rebuild: often"], 4, "no cron expression"),
        (['  schedule: "0 5 * * *"', "  timezone: Mars/Base"], 4, "'Mars/Base' is no time zone"),
        (['  schedule: "0 5 * * *"', "  timezone: ../UTC"], 4, "is no time zone"),
        (['  rebuild: "0 7 * * *"'], 3, "nothing goes, so nothing comes back. Add teardown.schedule"),
        (["  timezone: UTC"], 2, "'teardown.schedule' is missing. Add it, or expires_at"),
        ([_AT_20, "  grace: 4h"], 4, "teardown.grace (4 h) is longer than max_late (3 h)"),
        ([_AT_20, "  grace: soon"], 4, "'soon' is no length of time"),
        ([_AT_20, "  max_changes: 0"], 4, "greater than or equal to 1"),
        ([_AT_20, "  remedies: all"], 4, "'block', 'disarm' or 'purge'"),
        ([_AT_20, "  holidays:", "    - 25.12.2026"], 5, "'25.12.2026' is no date"),
        ([_AT_20, "  holidays:", "    - 2026-02-30"], 5, "'2026-02-30' is no date"),
        ([_AT_20, "  notify:", "    - {}"], 5, "needs exactly one of sns, webhook and"),
        ([_AT_20, "  notify:", "    - {sns: topic}"], 5, "'topic' is not a valid value"),
        ([_AT_20, "  notify: [{webhook: 'http://u:hunter2@x/'}]"], 4, "a webhook is an https:// URL"),
        ([_AT_20, "  health:", "    - dev.example.org"], 5, "'dev.example.org' is no URL: write one such as"),
        ([_AT_20, "  health: ['file:///etc/passwd']"], 4, "'file:///etc/passwd' is no URL"),
        (['  schedule: "0 2 * * *"', _BERLIN], 3, "a time from 04:00 on, or timezone: UTC"),
        ([_AT_20, _BERLIN, '  rebuild: "30 3 * * 1"'], 5, "comes at 03:00 to 03:59"),
        (['  schedule: "0 * * * *"', "  timezone: America/New_York"], 3, "comes at 00:00 to 00:59"),
        (['  schedule: "0 23 * * *"', "  timezone: America/Santiago"], 3, "comes at 23:00 to 23:59"),
    ],
)  # fmt: skip
def test_a_bad_one_is_said_where_it_stands(
    write: Write, nightly: dict[str, str], lines: list[str], where: int, says: str
) -> None:
    nightly[_YAML] = "\n".join(["region: us-east-1", "teardown:", *lines]) + "\n"
    (fault,) = _faults(write(nightly))
    assert fault.startswith(f"{where} ")
    assert says in fault
    assert "hunter2" not in fault


def test_a_night_without_a_changed_clock_is_free(write: Write, nightly: dict[str, str]) -> None:
    nightly[_YAML] = 'region: us-east-1\nteardown: {schedule: "30 2 * * *", timezone: Asia/Kathmandu}\n'
    assert load_project(write(nightly)).environment_by_name["dev"].teardown


def test_what_is_protected_does_not_go_by_itself(write: Write, nightly: dict[str, str]) -> None:
    nightly[_YAML] = (
        "region: us-east-1\nprotected: true\nexpires_at: 2026-12-01T00:00:00Z\n"
        'teardown: {schedule: "0 20 * * *"}\n'
    )
    assert [fault[:40] for fault in _faults(write(nightly))] == [
        "3 expires_at: a protected environment do",
        "4 teardown.schedule: a protected environ",
    ]


def test_a_schedule_needs_something_that_goes(write: Write, good: dict[str, str]) -> None:
    good[_YAML] += 'teardown:\n  schedule: "0 20 * * *"\n'
    (fault,) = _faults(write(good))
    assert fault.startswith("3 teardown.schedule: no stack has teardown: true")


@pytest.mark.parametrize("place", ["localhost:8080", "127.0.0.1", "[::1]:9"])
def test_a_webhook_of_this_machine_needs_no_certificate(place: str) -> None:
    assert webhook_fault(f"http://{place}/hook") == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost.example.org/x", "https://ann:hunter2@example.org/", "https://:80/", "https://x:99999/",
        "https://example.org/ü", "https://example.org/\nx", "file:///etc/passwd", "http://[::1/",
    ],
)  # fmt: skip
def test_a_webhook_is_an_address_that_can_be_posted_to(url: str) -> None:
    fault = webhook_fault(url)
    assert fault.startswith("a webhook is an https:// URL")
    assert "hunter2" not in fault


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://dev.example.org/health?a=b", True), ("http://10.0.0.1:8080", True),
        ("http://[::1]:9/", True), ("http://x:0/", False),
        ("dev.example.org", False), ("ftp://example.org/", False), ("file:///etc/passwd", False),
        ("https://", False), ("https://:80/", False), ("https://ann@example.org/", False),
        ("http://x:99999/", False), ("http://[::1/", False), ("https://example.org/ x", False),
        ("https://example.org/\nHost: x", False), ("https://example.org/ü", False),
    ],
)  # fmt: skip
def test_what_is_asked_whether_it_is_well_is_a_url(url: str, is_one: bool) -> None:
    assert (url_fault(url) == "") is is_one


def test_a_password_in_the_url_of_a_health_check_is_not_repeated() -> None:
    fault = url_fault("https://ann:hunter2@example.org/")
    assert fault
    assert "hunter2" not in fault


@pytest.mark.parametrize("text", ["2026-12-01", "2026-12-01T20:00:00", "tomorrow", "2026-13-01T00:00:00Z"])
def test_an_expiry_is_a_time_with_its_offset(write: Write, good: dict[str, str], text: str) -> None:
    good[_YAML] += f"expires_at: {text}\n"
    (fault,) = _faults(write(good))
    assert fault.startswith(f"2 expires_at: '{text}' is no RFC 3339 time")


def test_what_expires_may_say_who_is_told_and_have_no_schedule(write: Write, good: dict[str, str]) -> None:
    good[_YAML] += "expires_at: 2026-12-01T00:00:00Z\nteardown: {notify: [{webhook_env: HOOK}], grace: 1h}\n"
    dev = load_project(write(good)).environment_by_name["dev"]
    assert dev.teardown == Teardown(grace=3600, notify=(Notify(webhook_env="HOOK"),))


def test_an_environment_of_python_has_the_same_faults(write: Write, good: dict[str, str]) -> None:
    folder = write(good)
    bad = Environment(
        "dev",
        "us-east-1",
        teardown=Teardown("often", "Mars", "never", grace=9, max_late=8, notify=(Notify(webhook="ftp://x"),)),
    )
    with pytest.raises(ProjectInvalid) as caught:
        Project("shop", [Stack("net", "net", {"cidr": "x"}, teardown=True)], [bad], folder=folder)
    said = "\n".join(fault.what for fault in caught.value.faults)
    assert len(caught.value.faults) == 5
    for word in ("often", "Mars", "never", "grace", "https://"):
        assert word in said


@pytest.mark.parametrize(
    "zone",
    ["America/New_York", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago"],
)
def test_the_changed_hours_are_those_that_are_missing_or_come_twice(zone: str) -> None:
    """Found on the wall, minute by minute: a time that is not there next, or was there before."""
    wall, at, last = ZoneInfo(zone), datetime(2027, 1, 1, tzinfo=UTC), None
    odd: set[int] = set()
    while at.year == 2027:
        shown = at.astimezone(wall).replace(tzinfo=None)
        if last is not None and shown != last + timedelta(minutes=1):
            first, end = sorted((shown, last + timedelta(minutes=1)))
            odd |= {
                (first + timedelta(minutes=n)).hour for n in range(int((end - first).total_seconds() // 60))
            }
        last, at = shown, at + timedelta(minutes=1)
    assert odd
    assert changed_hours(zone, 2027) == odd | {0, 1, 2, 3}
    assert changed_hour_fault("0 4 * * *", zone, 2027) == ""


def test_a_zone_whose_clock_is_never_changed_has_none() -> None:
    assert changed_hours("UTC", 2027) == changed_hours("Asia/Tokyo", 2027) == frozenset()
