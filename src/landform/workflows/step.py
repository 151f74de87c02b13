"""One stack of a run: initialise its root, plan it, prove that the plan is what was reviewed, apply it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landform.engine.events import Event, Operation, ResourceEvent, Severity
from landform.engine.events import Phase as EnginePhase
from landform.engine.results import ApplyResult, PlanOptions
from landform.engine.supervision import OutcomeKind
from landform.engine.terraform import Terraform
from landform.errors import TerraformFailed
from landform.planning.changes import Change
from landform.planning.environment_plan import StackPlan
from landform.planning.refinement import deviations
from landform.workflows import unrefreshed
from landform.workflows.approving import Mandate
from landform.workflows.journal import Run
from landform.workflows.place import Place
from landform.workflows.plan_records import prints_of
from landform.workflows.progress import Observer, Phase, StackProgress, StackResult
from landform.workflows.quarantine import quarantine
from landform.workflows.stack_root import StackRoot
from landform.workflows.transient import PAUSES, all_pass
from landform.workflows.unknown_ends import keep_unsaved, why_unknown


@dataclass(slots=True)
class Step:
    """Takes one stack from its reviewed changes to its applied ones."""

    place: Place
    run: Run
    reviewed: StackPlan
    mandate: Mandate
    destroy: bool
    observer: Observer
    targets: tuple[str, ...] = ()
    _finished: int = 0
    _active: dict[str, None] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)

    @property
    def stack(self) -> str:
        """The stack's name."""
        return self.reviewed.stack

    async def carry_out(self) -> StackResult:
        """Do it; every expected failure is in the result, and in the journal."""
        self.run.record("stack started", stack=self.stack)
        try:
            result = await self._carry_out()
        except TerraformFailed as error:
            result = self._result(Phase.FAILED, [error.what, *_rendered(error.diagnostics)])
        finally:
            self.run.clear(self.stack)
        reasons = [self.run.redactor.text(reason) for reason in result.reasons]
        result = StackResult(self.stack, result.phase, reasons, result.seconds, result.changes)
        self.run.record("stack ended", stack=self.stack, phase=str(result.phase), reasons=list(reasons))
        self._tell(result.phase)
        return result

    async def _carry_out(self) -> StackResult:
        root = StackRoot(self.place, self.stack)
        self._tell(Phase.PREPARING)
        await root.init()
        result = await self._attempt(root)
        for number, pause in enumerate(PAUSES if self.destroy else (), start=1):
            if result.phase is not Phase.FAILED or not all_pass(result.reasons):
                break
            self.run.record("tried again", stack=self.stack, after=list(result.reasons))
            self.run.put_aside(self.stack, number)
            await asyncio.sleep(0 if self.place.emulated else pause)
            result = await self._attempt(root)
        return result

    async def _attempt(self, root: StackRoot) -> StackResult:
        """Plan, prove, apply."""
        terraform = root.terraform
        self._tell(Phase.PLANNING)
        file = self.run.plan_file(self.stack)
        # No lock: a landform killed meanwhile would leave it behind. Terraform refuses to apply a stale plan.
        own = tuple(each for each in self.targets if each.startswith(f"module.{self.stack}."))
        options = PlanOptions(self.place.var_files, own, destroy=self.destroy, lock=False)
        planned, _ = await unrefreshed.plan(terraform, file, options)
        if planned.errored:
            return self._result(Phase.FAILED, _rendered(planned.errors))
        if not planned.changes:
            return self._result(Phase.UNCHANGED)
        step, secrets = await root.read(file)
        self.run.hide(secrets)
        beyond = deviations(
            prints_of(step, self.mandate.key),
            self.mandate.record.prints,
            resumed=bool(self.mandate.resumes),
        )
        if beyond:
            return self._result(Phase.REFUSED, [str(each) for each in beyond])
        return await self._apply(terraform, file, step.stack(self.stack).effective)

    async def _apply(self, terraform: Terraform, file: Path, changes: Sequence[Change]) -> StackResult:
        total = sum(2 if each.action.is_replacement else 1 for each in changes)
        self._tell(Phase.APPLYING, total=total)
        self.run.record("apply started", stack=self.stack, changes=len(changes))
        applied = await terraform.apply(
            file,
            self.run.step_folder(self.stack),
            on_event=lambda event: self._hear(event, total),
            lock_timeout=self.mandate.lock_timeout,
        )
        step = self.run.step_folder(self.stack)
        if why := why_unknown(step, applied.outcome.kind, applied.diagnostics):
            quarantine(self.mandate.records, self.stack, why, self.run.id)
        if applied.succeeded:
            return self._result(Phase.DONE, changes=len(changes))
        return self._result(Phase.FAILED, _reasons(applied, why, keep_unsaved(step)))

    def _hear(self, event: Event, total: int) -> None:
        if not isinstance(event, ResourceEvent) or event.operation is not Operation.APPLY:
            return
        address = event.address.removeprefix(f"module.{self.stack}.")
        if event.phase is EnginePhase.START:
            self._active[address] = None
        elif event.phase is not EnginePhase.PROGRESS:
            self._active.pop(address, None)
        if event.phase is EnginePhase.ERRORED:
            self.run.record("resource failed", stack=self.stack, address=event.address)
        completed = address if event.phase is EnginePhase.COMPLETE else ""
        self._finished += bool(completed)
        self._tell(Phase.APPLYING, total, completed)

    def _tell(self, phase: Phase, total: int = 0, completed: str = "") -> None:
        longest = next(iter(self._active), "")
        finished = min(self._finished, total)
        self.observer(StackProgress(self.stack, phase, longest, finished, total, completed))

    def _result(self, phase: Phase, reasons: list[str] | None = None, changes: int = 0) -> StackResult:
        return StackResult(self.stack, phase, reasons or [], time.monotonic() - self._started, changes)


def _reasons(applied: ApplyResult, unknown: str, unsaved: Path | None) -> list[str]:
    reasons = _rendered(applied.diagnostics)
    if any("acquiring the state lock" in reason for reason in reasons):
        reasons.append("Whose lock it is, and how to release it: landform state locks ENV")
    if unsaved:
        reasons.append(f"The state is kept in {unsaved}; terraform state push takes it in.")
    if applied.outcome.kind is OutcomeKind.UNKNOWN:
        reasons.append(
            "Terraform was killed: nobody knows what it did last, and its state lock may still be there "
            "(landform state locks ENV)."
        )
    if unknown:
        reasons.append(f"As {unknown}, the next apply looks for what is in no state before it goes on.")
    return reasons


def _rendered(diagnostics: Any) -> list[str]:
    return [each.render() for each in diagnostics if each.severity is Severity.ERROR]
