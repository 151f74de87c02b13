"""A hold keeps an environment from what its schedule would do, until a time; it ends by itself.

Record ``holds/N`` is what holds after the Nth time that somebody held, extended or released; the last counts.
Each is written once, so of two people at a time one is first, and the other is told.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from landform.errors import LandformError, RecordsUnreadable, Refused
from landform.project import Environment
from landform.project.durations import seconds_of
from landform.review.approval import Person
from landform.workflows.audit import append
from landform.workflows.identity import whoami
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of

HELD, EXTENDED, RELEASED = "teardown held", "hold extended", "hold released"
LONGEST = timedelta(days=30)
_FOLDER = "holds/"
_UNTIL = 'Write --until "2026-12-01T20:00", a time with an offset, or +8h.'


@dataclass(frozen=True, slots=True)
class Hold:
    """Who keeps an environment as it is, until when (UTC), and why."""

    until: datetime
    by: Person
    reason: str
    since: datetime
    zone: str = "UTC"

    def is_on(self, at: datetime) -> bool:
        """Whether it holds at a time."""
        return at < self.until

    @property
    def shown(self) -> str:
        """For people: who, until when on whose clock, why."""
        local = self.until.astimezone(ZoneInfo(self.zone))
        return f"held by {self.by.shown} until {local:%Y-%m-%d %H:%M} ({self.zone}): {self.reason}"


def current_hold(records: Records, now: datetime) -> Hold | None:
    """The hold that is on at ``now``. Raises RecordsUnreadable for a damaged one."""
    names = records.names(_FOLDER)
    found = _read(records, names[-1]) if names else None
    return found if found is not None and found.is_on(now) else None


def hold(place: Place, until: str, reason: str, now: datetime) -> Hold:
    """Hold an environment.

    Raises Refused where it is held already or has no schedule, LandformError for a bad time or no reason.
    """
    environment, records = place.environment, records_of(place)
    if environment.expires_at is None and (environment.teardown is None or not environment.teardown.schedule):
        raise Refused(
            f"{environment.name} has nothing to hold: no teardown.schedule and no expires_at",
            "Only what goes by itself is held.",
        )
    number = _next(records)
    if found := current_hold(records, now):
        way_out = f"landform teardown extend {environment.name} --until TIME{place.flags}"
        raise Refused(f"{environment.name} is {found.shown}", way_out)
    if not reason.strip():
        raise LandformError("a hold needs a reason", "Add --reason TEXT.")
    end = until_of(until, environment, now)
    made = Hold(end, whoami(place), reason.strip(), now.astimezone(UTC), environment.timezone)
    return _kept(records, number, made, HELD, made.by)


def extend(place: Place, until: str, now: datetime) -> Hold:
    """Let a hold end at another time. Raises Refused where there is none, LandformError for bad times."""
    records = records_of(place)
    number, found = _next(records), _held(place, records, now)
    end = until_of(until, place.environment, now)
    made = replace(found, until=end, zone=place.environment.timezone)
    return _kept(records, number, made, EXTENDED, whoami(place))


def release(place: Place, now: datetime) -> Hold:
    """End a hold now, whoever's it is; the history says who did. Raises Refused where there is none."""
    records = records_of(place)
    number, found = _next(records), _held(place, records, now)
    _kept(records, number, replace(found, until=now.astimezone(UTC)), RELEASED, whoami(place))
    return found


def until_of(text: str, environment: Environment, now: datetime) -> datetime:
    """The end of a hold, in UTC. A time without an offset is one of the environment's zone.

    Raises LandformError for what is no time, in the past, or more than 30 days away.
    """
    end = _relative(text, now) if text.startswith("+") else _absolute(text, environment.timezone)
    if end <= now:
        raise LandformError(f"--until {text}: that is in the past", _UNTIL)
    if end - now > LONGEST:
        what = f"--until {text}: a hold is for {LONGEST.days} days at most"
        raise LandformError(what, "Extend it then, or take the schedule out of environment.yaml.")
    return end


def _relative(text: str, now: datetime) -> datetime:
    try:
        return now.astimezone(UTC) + timedelta(seconds=seconds_of(text[1:]))
    except ValueError as error:
        raise LandformError(f"--until: {error}", _UNTIL) from error


def _absolute(text: str, timezone: str) -> datetime:
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
        raise LandformError(f"--until {text!r} is no time", _UNTIL)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        both = {found.replace(tzinfo=ZoneInfo(timezone), fold=fold).astimezone(UTC) for fold in (0, 1)}
    except (ValueError, OverflowError) as error:
        raise LandformError(f"--until {text!r} is no time", _UNTIL) from error
    if len(both) > 1:
        what = f"--until {text}: the clock of {timezone} is changed then, so that time is not one time"
        raise LandformError(what, "Give it with its offset, such as 2026-11-01T01:30-04:00.")
    return both.pop()


def _held(place: Place, records: Records, now: datetime) -> Hold:
    found = current_hold(records, now)
    if found is None:
        raise Refused(f"{place.environment.name} is not held", "landform teardown status shows holds.")
    return found


def _next(records: Records) -> int:
    """The number of the next record. Ask for it first: what is read then can't be older."""
    return len(records.names(_FOLDER)) + 1


def _kept(records: Records, number: int, made: Hold, event: str, by: Person) -> Hold:
    """Write it down, and then into the history. Raises Refused where somebody else was quicker."""
    times = {"until": made.until.isoformat(), "since": made.since.isoformat()}
    content = json.dumps(asdict(made) | times, sort_keys=True).encode()
    name = f"{_FOLDER}{number:08}.json"
    if not records.put(name, content) and records.get(name) != content:
        raise Refused("somebody else has just held or released it", "See: landform teardown status")
    append(records, event, by=asdict(by), holder=asdict(made.by), until=times["until"], reason=made.reason)
    return made


def _read(records: Records, name: str) -> Hold:
    try:
        raw = json.loads(records.get(name) or b"")
        until, since = (datetime.fromisoformat(raw[key]).astimezone(UTC) for key in ("until", "since"))
        return Hold(until, Person(**raw["by"]), str(raw["reason"]), since, str(raw["zone"]))
    except (ValueError, KeyError, TypeError) as error:
        raise RecordsUnreadable(
            f"the record {name} of this environment is damaged", "Delete it beside the states, and hold anew."
        ) from error
