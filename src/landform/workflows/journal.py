"""The record of one run: what was reviewed, what was started, how it ended. Append only, JSON lines."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landform.planning.redaction import Redactor
from landform.processes import ProcessId, identify, is_alive

JOURNAL = "journal.jsonl"
OWNER = "landform.json"


@dataclass(slots=True)
class Run:
    """One execution. ``folder`` holds its journal and a folder for each stack's step (both private).

    ``redactor`` grows while the run goes on: each stack's own plan may mark more as sensitive.
    """

    id: str
    folder: Path
    redactor: Redactor = field(default_factory=Redactor, repr=False)

    def record(self, event: str, **details: Any) -> None:
        """Append one event; on disk before this returns. Secrets are redacted."""
        entry = {"at": now(), "event": event} | self.redactor.data(details)
        line = json.dumps(entry, sort_keys=False, ensure_ascii=False) + "\n"
        handle = os.open(self.folder / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def hide(self, more: Redactor) -> None:
        """Take more secrets out of what is recorded from now on."""
        self.redactor |= more

    def step_folder(self, stack: str) -> Path:
        """Where the supervisor of a stack's apply keeps its files."""
        return self.folder / stack

    def put_aside(self, stack: str, number: int) -> None:
        """Make room for another try of a step that has ended."""
        self.clear(stack)
        with suppress(FileNotFoundError):  # it may have ended with its plan
            self.step_folder(stack).rename(self.folder / f".{stack}-{number}")

    def plan_file(self, stack: str) -> Path:
        """Where the plan of a stack's own root lies until its step has ended."""
        return self.folder / f"{stack}.tfplan"

    def clear(self, stack: str) -> None:
        """Once a step has ended: its plan holds every value in the clear, and its log may quote one."""
        self.plan_file(stack).unlink(missing_ok=True)
        for log in self.step_folder(stack).glob("*.log"):
            text = log.read_text(encoding="utf-8", errors="replace")
            log.write_text(self.redactor.text(text), encoding="utf-8")


def start_run(runs: Path, environment: str, operation: str, redactor: Redactor) -> Run:
    """Make a new run's folder. Ids sort by time."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    run = f"{stamp}-{environment}-{operation}-{secrets.token_hex(2)}"
    folder = runs / run
    folder.mkdir(parents=True, mode=0o700)
    (folder / OWNER).write_text(json.dumps(identify(os.getpid())), encoding="utf-8")
    return Run(run, folder, redactor)


def environment_of(folder: Path) -> str:
    """The environment of a run, from its id."""
    return "-".join(folder.name.split("-")[2:-2])


def operation_of(folder: Path) -> str:
    """What a run did, ``apply`` or ``destroy``, from its id."""
    return folder.name.rpartition("-")[0].rpartition("-")[2]


def is_abandoned(folder: Path) -> bool:
    """Whether the landform that made this run is gone. Steps it started may go on without it."""
    try:
        owner = json.loads((folder / OWNER).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return True
    return owner is None or not is_alive(ProcessId(*owner))


def read_journal(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The events of a run; a last line that a crash cut off is left out."""
    try:
        text = (folder / JOURNAL).read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return


def now() -> str:
    """The time, as RFC 3339 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
