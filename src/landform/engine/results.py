"""What a command is told, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landform.engine.events import ChangeSummary, Diagnostic, PlannedChange, Severity
from landform.engine.supervision import Outcome, OutcomeKind


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How to plan. ``lock_timeout`` is in seconds; ``parallelism`` None leaves Terraform's own (10).

    ``refresh_only`` plans what the state would say of what stands, and changes nothing else.
    """

    var_files: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    destroy: bool = False
    refresh: bool = True
    lock: bool = True
    lock_timeout: int = 0
    parallelism: int | None = None
    refresh_only: bool = False


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan that was made. ``errored``: Terraform found errors, and the plan is not whole."""

    changes: bool
    errored: bool
    diagnostics: tuple[Diagnostic, ...]
    planned: tuple[PlannedChange, ...]
    summary: ChangeSummary | None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are errors."""
        return tuple(one for one in self.diagnostics if one.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """An apply that ended, however it ended; ``outcome.kind`` unknown means: do not apply this plan again."""

    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...]
    summary: ChangeSummary | None

    @property
    def succeeded(self) -> bool:
        """Everything in the plan was done."""
        return self.outcome.kind is OutcomeKind.FINISHED and self.outcome.returncode == 0


@dataclass(frozen=True, slots=True)
class OutputValue:
    """One root output; ``type`` is Terraform's JSON form of it ("string", ["list", "string"])."""

    value: Any
    type: Any
    sensitive: bool

    def __repr__(self) -> str:
        shown = "(sensitive value)" if self.sensitive else repr(self.value)
        return f"OutputValue({shown})"
