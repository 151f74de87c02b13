"""What one command said, and the sentence for a command that failed."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landform.engine.events import (
    ChangeSummary,
    Diagnostic,
    Event,
    PlannedChange,
    Raw,
    Severity,
    parse_event,
)
from landform.engine.supervision import Outcome
from landform.errors import TerraformFailed
from landform.processes import Completed

_KEPT = 200
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(slots=True)
class Conversation:
    """Hears a command's lines: passes each on as an event and keeps what a result is made of."""

    on_event: Callable[[Event], None] | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    planned: list[PlannedChange] = field(default_factory=list)
    summary: ChangeSummary | None = None
    raw: list[str] = field(default_factory=list)
    completed: Completed = Completed(0, "")  # noqa: RUF009 - a named tuple is immutable

    @property
    def returncode(self) -> int:
        """The command's exit code, negative for a signal."""
        return self.completed.returncode

    @property
    def errors(self) -> list[Diagnostic]:
        """The diagnostics that are errors."""
        return [one for one in self.diagnostics if one.severity is Severity.ERROR]

    def hear(self, line: str) -> None:
        """Take one line of output."""
        event = parse_event(line)
        if isinstance(event, Diagnostic):
            self.diagnostics.append(event)
        elif isinstance(event, PlannedChange):
            self.planned.append(event)
        elif isinstance(event, ChangeSummary):
            self.summary = event
        elif isinstance(event, Raw) and len(self.raw) < _KEPT:
            self.raw.append(event.text)
        if self.on_event:
            self.on_event(event)

    def final_diagnostics(self, outcome: Outcome) -> tuple[Diagnostic, ...]:
        """All diagnostics; where a failure came with none, what was said in plain text makes one."""
        if outcome.returncode == 0 or self.errors:
            return tuple(self.diagnostics)
        said = "\n".join(line for line in map(_plain, self.raw) if line.strip())
        return (*self.diagnostics, Diagnostic(Severity.ERROR, _ending(outcome.returncode), said))


def failed(
    command: str,
    folder: Path,
    completed: Completed,
    diagnostics: Sequence[Diagnostic] = (),
    said: Sequence[str] = (),
) -> TerraformFailed:
    """The error for a command that ended as it should not: what, where, Terraform's first reason."""
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    text = "\n".join(_plain(part).strip() for part in (*said, completed.stderr_tail)).strip()
    if not errors and text:
        diagnostics = (*diagnostics, Diagnostic(Severity.ERROR, f"terraform {command} failed", text))
    reason = errors[0].summary.strip() if errors else _first_reason(text)
    what = f"terraform {command} in {folder}: {_ending(completed.returncode)}"
    return TerraformFailed(f"{what}: {reason}" if reason else what, diagnostics)


def _ending(returncode: int | None) -> str:
    if returncode is None:
        return "nobody saw it end"
    if returncode < 0:
        try:
            return f"killed by {signal.Signals(-returncode).name}"
        except ValueError:
            return f"killed by signal {-returncode}"
    return f"exit code {returncode}"


def _first_reason(text: str) -> str:
    lines = [line.strip("│╷╵ ") for line in text.splitlines()]
    lines = [line for line in lines if line]
    named = [line for line in lines if line.startswith("Error")]
    return (named or lines or [""])[0]


def _plain(text: str) -> str:
    return _COLOURS.sub("", text)
