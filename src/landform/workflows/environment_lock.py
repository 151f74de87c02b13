"""The lock of a whole environment for the time of a run: one at a time changes it, and says who.

It is a record that is written only where there is none, beside the states. Terraform's own locks of single
states stay what they are. A lock whose process is gone is taken over by the next run on the same machine;
what that process left half done is looked at first (``unfinished``). One of another machine is released by
a person: ``landform state unlock``.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import Any

from landform.errors import LandformError, Locked, RecordsUnreadable, Refused
from landform.project.durations import seconds_of
from landform.review.approval import Person
from landform.workflows.identity import whoami
from landform.workflows.journal import now
from landform.workflows.owners import (
    RELEASE_SECONDS,
    Life,
    Owner,
    begin_to_beat,
    forget_beats,
    life_of,
    this_process,
    within,
)
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of

_NAME = "lock"
_POLL = 2.0


@dataclass(frozen=True, slots=True)
class EnvironmentLock:
    """Who works on an environment. ``created`` is RFC 3339 in UTC; ``operation`` is the command's name."""

    id: str
    operation: str
    by: Person
    owner: Owner
    created: str

    @property
    def shown(self) -> str:
        """For people: who, where, what, since when."""
        page = f" ({self.owner.page})" if self.owner.page else ""
        return f"{self.by.shown} on {self.owner.host}, {self.operation} since {self.created}{page}"


@contextmanager
def locked(
    place: Place, operation: str, timeout: float = 0, on_wait: Callable[[str], None] = lambda _: None
) -> Iterator[EnvironmentLock]:
    """Hold the environment's lock. Raises Locked with its owner after waiting ``timeout`` seconds.

    ``on_wait`` is told once whom it waits for.
    """
    records = records_of(place)
    mine = EnvironmentLock(secrets.token_hex(8), operation, whoami(place), this_process(), now())
    _acquire(place, records, mine, timeout, on_wait)
    end_signs = begin_to_beat(records, mine.id)

    def release() -> None:
        end_signs()
        _release(records, mine.id)

    try:
        yield mine
    finally:
        within(RELEASE_SECONDS, release)


def lock_seconds(text: str) -> int:
    """How long to wait for a lock, from a text such as ``10m``; empty is 0. Raises LandformError."""
    try:
        return seconds_of(text) if text else 0
    except ValueError as error:
        raise LandformError(f"--lock-timeout: {error}") from error


def held_lock(records: Records) -> EnvironmentLock | None:
    """The environment's lock, None where nobody has it. Raises RecordsUnreadable for a damaged one."""
    content = records.get(_NAME)
    if content is None:
        return None
    try:
        return _parsed(json.loads(content))
    except (ValueError, KeyError, TypeError) as error:
        raise RecordsUnreadable(
            "the lock of this environment is damaged", f"Delete the record {_NAME!r} beside the states."
        ) from error


def release_lock(records: Records, id_: str) -> None:
    """Take the lock with this id away. Raises Refused where by now there is another one, or none."""
    held = held_lock(records)
    if held is None or held.id != id_:
        found = f"it is {held.id} now, of {held.shown}" if held else "nobody has it any more"
        raise Refused(f"the lock {id_} is not there: {found}")
    records.remove(_NAME)
    forget_beats(records, id_)


def _acquire(
    place: Place, records: Records, mine: EnvironmentLock, timeout: float, on_wait: Callable[[str], None]
) -> None:
    give_up, told = time.monotonic() + timeout, False
    content = json.dumps(asdict(mine), sort_keys=True).encode()
    while not records.put(_NAME, content):
        held = held_lock(records)
        if held is None or held.id == mine.id or _taken_over(records, held):
            if held is not None and held.id == mine.id:
                return  # a write that was repeated because its answer got lost finds itself
            continue
        if time.monotonic() >= give_up:
            raise _is_locked(place, records, held)
        if not told:
            on_wait(held.shown)
            told = True
        time.sleep(min(_POLL, max(give_up - time.monotonic(), 0)))


def _taken_over(records: Records, held: EnvironmentLock) -> bool:
    """Whether the lock was left by a process of this machine that is gone, and is now free.

    Of several who see that, the one that writes it down takes the lock away: another one could come later,
    and take away the lock of the first.
    """
    if not held.owner.is_here or held.owner.runs_here or not records.put(f"taken/{held.id}", b"{}"):
        return False
    records.remove(_NAME)
    forget_beats(records, held.id)
    return True


def _is_locked(place: Place, records: Records, held: EnvironmentLock) -> Locked:
    name = place.environment.name
    life, why = life_of(records, held.id, held.owner)
    way_out = "Wait for it, or give --lock-timeout."
    if life is not Life.ALIVE:
        way_out = f"Its run may be over ({why}): landform state locks {name}{place.flags}"
    return Locked(f"{name} is locked: {held.shown}", way_out)


def _release(records: Records, id_: str) -> None:
    """Free the lock unless somebody else has it by now. What can't be freed is found to be dead later."""
    try:
        held = held_lock(records)
        if held is not None and held.id == id_:
            records.remove(_NAME)
        forget_beats(records, id_)
    except RecordsUnreadable:
        return


def _parsed(raw: dict[str, Any]) -> EnvironmentLock:
    plain = {each.name: str(raw[each.name]) for each in fields(EnvironmentLock) if each.type == "str"}
    return EnvironmentLock(**plain, by=Person(**raw["by"]), owner=Owner(**raw["owner"]))
