"""Which slot of an environment's schedule is due: facts and a clock go in, at most one decision comes out.

A slot is one time at which something is to happen: a teardown, a rebuild, the expiry. Only the newest counts,
so a machine that slept through several catches up with one. Times are those on the wall of its zone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

from landform.project import Environment, Teardown
from landform.project.durations import shown_seconds
from landform.workflows.holds import Hold

_ON_THE_WALL = "%Y-%m-%dT%H%M"
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


class SlotKind(StrEnum):
    """What is to happen."""

    TEARDOWN = "teardown"
    REBUILD = "rebuild"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of a schedule. ``at`` is in the schedule's zone; ``holiday``: then nothing comes back."""

    kind: SlotKind
    at: datetime
    holiday: bool = False

    @property
    def id(self) -> str:
        """Kind and local time, such as ``teardown-2026-12-01T2000``: a name of records."""
        return f"{self.kind}-{self.at:{_ON_THE_WALL}}"

    @property
    def utc(self) -> datetime:
        """The same time in UTC."""
        return self.at.astimezone(UTC)


class Outcome(StrEnum):
    """What becomes of a slot that is due."""

    RUN = "run"
    HELD = "held"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now. ``begins_at`` is in UTC: ``grace`` after it was decided. ``why``: why it does not run.

    ``held`` is for now, and is not claimed: when the hold is over the slot is judged anew. ``late`` is for
    good: claim it, and write down that it was skipped.
    """

    slot: Slot
    outcome: Outcome
    begins_at: datetime
    why: str = ""


def due(
    environment: Environment, now: datetime, claimed: Collection[str] = (), hold: Hold | None = None
) -> Decision | None:
    """The decision about the newest slot that has come by ``now``; None where there is none to decide about.

    ``claimed`` are ids of slots that somebody has: nothing as old as the newest of them is due any more, so a
    clock that is put back repeats nothing.
    """
    slot = latest_slot(environment, now)
    if slot is None or slot.id in claimed or _is_passed(environment, slot, claimed):
        return None
    return _decision(environment.teardown or Teardown(), slot, now, hold)


def latest_slot(environment: Environment, now: datetime) -> Slot | None:
    """The newest slot that has come by ``now``. A rebuild on a holiday is none.

    After the expiry there is nothing but the expiry, each day anew: a failure must not let it live for ever.
    """
    expires_at = environment.expires_at
    if expires_at is not None and expires_at <= now:
        at = expires_at + (now - expires_at) // _DAY * _DAY
        return Slot(SlotKind.EXPIRY, at.astimezone(ZoneInfo(environment.timezone)))
    last = [_last(environment, kind, cron, now) for kind, cron in _crons(environment.teardown)]
    return max((slot for slot in last if slot is not None), key=_by_time, default=None)


def next_slots(environment: Environment, now: datetime, count: int) -> tuple[Slot, ...]:
    """The next ``count`` slots after ``now``, those on holidays too; nothing comes after the expiry."""
    zone = ZoneInfo(environment.timezone)
    streams = [_coming(environment, kind, cron, now) for kind, cron in _crons(environment.teardown)]
    end = environment.expires_at
    if end is not None:
        streams.append(iter([Slot(SlotKind.EXPIRY, end.astimezone(zone))] if end > now else []))
    found = merge(*streams, key=_by_time)
    return tuple(islice(takewhile(lambda slot: end is None or slot.utc <= end, found), count))


def _crons(teardown: Teardown | None) -> Iterator[tuple[SlotKind, str]]:
    if teardown is not None and teardown.schedule is not None:
        yield SlotKind.TEARDOWN, teardown.schedule
        if teardown.rebuild is not None:
            yield SlotKind.REBUILD, teardown.rebuild


def _last(environment: Environment, kind: SlotKind, cron: str, now: datetime) -> Slot | None:
    start = _wall(environment, now).replace(second=0, microsecond=0) + _MINUTE
    for wall in CronSim(cron, start, reverse=True):
        slot = _slot(environment, kind, wall)
        if slot.utc <= now and not (kind is SlotKind.REBUILD and slot.holiday):
            return slot
    return None


def _coming(environment: Environment, kind: SlotKind, cron: str, now: datetime) -> Iterator[Slot]:
    for wall in CronSim(cron, _wall(environment, now)):
        slot = _slot(environment, kind, wall)
        if slot.utc > now:
            yield slot


def _wall(environment: Environment, at: datetime) -> datetime:
    """What a clock on the wall shows. Cron counts on it; the zone says when that is."""
    return at.astimezone(ZoneInfo(environment.timezone)).replace(tzinfo=None, fold=0)


def _slot(environment: Environment, kind: SlotKind, wall: datetime) -> Slot:
    holidays = environment.teardown.holidays if environment.teardown else ()
    return Slot(kind, wall.replace(tzinfo=ZoneInfo(environment.timezone)), wall.date() in holidays)


def _is_passed(environment: Environment, slot: Slot, claimed: Collection[str]) -> bool:
    """Whether a slot that is no older was claimed already. An expiry is compared with its own kind only."""
    wall = _wall(environment, slot.at)
    return any(each >= wall for each in _claimed_walls(claimed, expiry=slot.kind is SlotKind.EXPIRY))


def _claimed_walls(claimed: Collection[str], *, expiry: bool) -> Iterator[datetime]:
    for id_ in claimed:
        kind, _, wall = id_.partition("-")
        if (kind == SlotKind.EXPIRY) is expiry:
            with suppress(ValueError):
                yield datetime.strptime(wall, _ON_THE_WALL)  # noqa: DTZ007 - the zone is the schedule's


def _by_time(slot: Slot) -> tuple[datetime, bool]:
    """Of a teardown and a rebuild at one time the teardown is the later: what is down costs nothing."""
    return slot.utc, slot.kind is not SlotKind.REBUILD


def _decision(teardown: Teardown, slot: Slot, now: datetime, hold: Hold | None) -> Decision:
    grace = timedelta(seconds=0 if slot.kind is SlotKind.REBUILD else teardown.grace)
    begins_at = now.astimezone(UTC) + grace
    late = (begins_at - slot.utc).total_seconds()
    is_late = slot.kind is SlotKind.TEARDOWN and late > teardown.max_late
    if hold is not None and hold.is_on(begins_at):
        return Decision(slot, Outcome.LATE if is_late else Outcome.HELD, begins_at, hold.shown)
    if is_late:
        limit = shown_seconds(teardown.max_late)
        why = f"it would begin {shown_seconds(late)} late, and max_late is {limit}"
        return Decision(slot, Outcome.LATE, begins_at, why)
    return Decision(slot, Outcome.RUN, begins_at)
