"""All locks of an environment, its own and Terraform's, and whether their owners live."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from landform.aws.state_objects import StateLock
from landform.engine.supervision import is_running
from landform.workflows.environment_lock import EnvironmentLock, held_lock
from landform.workflows.journal import environment_of
from landform.workflows.owners import Life, life_of
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of
from landform.workflows.state_homes import own_home

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class HeldLock:
    """One lock. ``stack`` is empty for the environment's own; ``created`` is RFC 3339.

    ``why`` says how ``life`` is known, ``run`` is the run of this machine that took it, where one did.
    """

    stack: str
    id: str
    who: str
    operation: str
    created: str
    life: Life
    why: str
    run: str = ""

    @property
    def name(self) -> str:
        """What it is the lock of, for people."""
        return f"the state of {self.stack}" if self.stack else "the environment"


def held_locks(place: Place) -> tuple[HeldLock, ...]:
    """Every lock of an environment: its own first, then those of its states. Raises StateUnreadable."""
    records = records_of(place)
    own = held_lock(records)
    found = [_own(records, own)] if own else []
    return (*found, *(_of_state(place, stack, lock, found) for stack, lock in _state_locks(place)))


def _own(records: Records, lock: EnvironmentLock) -> HeldLock:
    life, why = life_of(records, lock.id, lock.owner)
    who = f"{lock.by.shown}@{lock.owner.host}"
    return HeldLock("", lock.id, who, lock.operation, lock.created, life, why)


def _of_state(place: Place, stack: str, lock: StateLock, own: list[HeldLock]) -> HeldLock:
    run, life, why = _owner_of(place, stack, lock)
    if life is Life.UNKNOWN and own and _was_taken_under(lock, own[0]):
        life, why = own[0].life, f"taken under the environment's lock: {own[0].why}"
    created = lock.created.isoformat(timespec="seconds") if lock.created else ""
    return HeldLock(stack, lock.id, lock.who, lock.operation, created, life, why, run)


def _was_taken_under(lock: StateLock, own: HeldLock) -> bool:
    same_host = lock.who.rpartition("@")[2] == own.who.rpartition("@")[2]
    return same_host and lock.created is not None and lock.created.isoformat() >= own.created


def _owner_of(place: Place, stack: str, lock: StateLock) -> tuple[str, Life, str]:
    """The run of this machine that worked last on the stack, if it is the one that took the lock."""
    for run in _runs(place):
        step = run / stack
        if not (step / "spec.json").is_file():
            continue
        if is_running(step):
            return run.name, Life.ALIVE, f"Terraform of run {run.name} works"
        began = (step / "spec.json").stat().st_mtime
        if lock.created is not None and lock.created.timestamp() >= began - 1:
            return run.name, Life.DEAD, f"Terraform of run {run.name} is gone"
        break
    return "", Life.UNKNOWN, "no run of this machine took it"


def _runs(place: Place) -> Iterator[Path]:
    """The runs of this environment on this machine, newest first."""
    every = sorted(place.runs.iterdir(), reverse=True) if place.runs.is_dir() else ()
    return (run for run in every if environment_of(run) == place.environment.name)


def _state_locks(place: Place) -> Iterator[tuple[str, StateLock]]:
    """(stack, lock) of each state that is locked, those without a stack in the project last."""
    home = own_home(place)
    names = dict.fromkeys((*place.project.order, *home.stacks()))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for stack, lock in zip(names, pool.map(home.lock, names), strict=True):
            if lock is not None:
                yield stack, lock
