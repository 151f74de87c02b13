"""Who holds something while a command works: a process on a host, and whether it still lives."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from landform.errors import LandformError, RecordsUnreadable
from landform.processes import ProcessId, identify, is_alive
from landform.workflows.journal import now
from landform.workflows.records import Records

BEAT_SECONDS = 30.0
"""Seconds between two signs of life."""
SILENT_SECONDS = 5 * BEAT_SECONDS
"""Seconds without a sign of life after which an owner on another host counts as dead."""

RELEASE_SECONDS = 5.0
"""Seconds that the release of a lock may take at the end of a command; what is left is found to be dead."""

_CI_PAGES = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")


class Life(StrEnum):
    """Whether an owner lives. ``unknown``: somebody's that landform has not started."""

    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Owner:
    """One process. ``space`` tells machines and containers of one name apart; ``page`` is that of its CI."""

    host: str
    space: str
    pid: int
    started: str
    page: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it is, or was, a process of this machine."""
        return (self.host, self.space) == (os.uname().nodename, _space())

    @property
    def runs_here(self) -> bool:
        """Whether exactly this process runs on this machine now."""
        return self.is_here and is_alive(ProcessId(self.pid, self.started))


def this_process() -> Owner:
    """This landform."""
    me = identify(os.getpid()) or ProcessId(os.getpid(), "")
    return Owner(os.uname().nodename, _space(), me.pid, me.started, _page())


def _space() -> str:
    """What differs between two machines, two boots and two containers."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    return ""


def _page() -> str:
    server, repository, run = (os.environ.get(name, "") for name in _CI_PAGES)
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""


def life_of(records: Records, id_: str, owner: Owner) -> tuple[Life, str]:
    """Whether an owner lives, and how that is known."""
    if owner.is_here:
        alive = owner.runs_here
        return (Life.ALIVE if alive else Life.DEAD), f"process {owner.pid} {'runs' if alive else 'is gone'}"
    last = _last_beat(records, id_)
    if last is None:
        return Life.UNKNOWN, "it gave no sign of life yet"
    silent = (datetime.now(UTC) - last).total_seconds()
    life = Life.ALIVE if silent < SILENT_SECONDS else Life.DEAD
    return life, f"last sign of life {silent:.0f} s ago"


def begin_to_beat(records: Records, id_: str) -> Callable[[], None]:
    """Give signs of life under ``id_`` from now on, so that other hosts can tell; returns what ends them.

    The last sign stays until somebody forgets it.
    """
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.is_set():
            with suppress(LandformError):  # a sign that gets lost is followed by the next one
                records.replace(_beat_name(id_), json.dumps({"at": now()}).encode())
            stopped.wait(BEAT_SECONDS)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()

    def end() -> None:
        stopped.set()
        thread.join()

    return end


def within(seconds: float, work: Callable[[], None]) -> None:
    """Do the last work of a command, and leave after ``seconds`` or an interrupt: AWS may not answer."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    with suppress(KeyboardInterrupt):
        thread.join(seconds)


def forget_beats(records: Records, id_: str) -> None:
    """Take the signs of life of ``id_`` away."""
    with suppress(RecordsUnreadable):
        records.remove(_beat_name(id_))


def _last_beat(records: Records, id_: str) -> datetime | None:
    content = records.get(_beat_name(id_))
    try:
        return datetime.fromisoformat(str(json.loads(content or b"{}")["at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _beat_name(id_: str) -> str:
    return f"alive/{id_}"
