"""What a run tells its watcher while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Phase(StrEnum):
    """Where a stack stands in a run."""

    WAITING = "waiting"
    PREPARING = "preparing"
    PLANNING = "planning"
    APPLYING = "applying"
    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    REFUSED = "refused"
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to the stack in this run."""
        return self not in (Phase.WAITING, Phase.PREPARING, Phase.PLANNING, Phase.APPLYING)


@dataclass(frozen=True, slots=True)
class StackProgress:
    """One stack's news. ``finished`` of ``total`` changes are made.

    ``resource`` is what Terraform has worked on the longest; ``completed`` is what it has just finished.
    """

    stack: str
    phase: Phase
    resource: str = ""
    finished: int = 0
    total: int = 0
    completed: str = ""
    detail: str = ""


Observer = Callable[[StackProgress], None]


@dataclass(frozen=True, slots=True)
class StackResult:
    """How a stack ended. ``reasons`` are lines for people: diagnostics, deviations, what blocked it."""

    stack: str
    phase: Phase
    reasons: Sequence[str] = ()
    seconds: float = 0.0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended. ``not_kept`` says why the environment's history could not take it."""

    run_id: str
    stacks: tuple[StackResult, ...] = field(default=())
    not_kept: str = ""

    def in_phase(self, *phases: Phase) -> tuple[StackResult, ...]:
        """The stacks that ended in one of these phases."""
        return tuple(each for each in self.stacks if each.phase in phases)

    @property
    def succeeded(self) -> bool:
        """Whether every stack is as the plan wanted it."""
        return all(each.phase in (Phase.DONE, Phase.UNCHANGED) for each in self.stacks)
