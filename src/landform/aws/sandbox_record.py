"""The file that says which sandbox may live: written by rename, read by landform and by the server itself."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from landform.processes import ProcessId

RECORD = "server.json"
ID_PATTERN = re.compile(r"[0-9a-f]{8}")
ID_HEADER = "X-Landform-Sandbox"
"""The response header in which a sandbox says who it is."""


@dataclass(frozen=True, slots=True)
class Record:
    """One sandbox. ``pid`` and ``port`` are 0 until it listens; ``began`` is in seconds since 1970 (UTC)."""

    id: str
    began: float
    pid: int = 0
    started: str = ""
    port: int = 0
    moto: str = ""

    @property
    def process(self) -> ProcessId:
        """The server's process, unmistakable for a later one with the same number."""
        return ProcessId(self.pid, self.started)


def read_record(folder: Path) -> Record | None:
    """The record in ``folder``, None where there is none or it is not one of ours."""
    try:
        record = Record(**json.loads((folder / RECORD).read_bytes()))
        known = ID_PATTERN.fullmatch(record.id) and isinstance(record.pid, int)
    except (OSError, ValueError, TypeError):
        return None
    return record if known else None


def write_record(folder: Path, record: Record) -> None:
    """Replace the record in ``folder``, whole or not at all; only its user may read it. Raises OSError."""
    new = folder / f"{RECORD}.{os.getpid()}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(record), file)
    new.replace(folder / RECORD)
