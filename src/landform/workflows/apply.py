"""Applies a reviewed environment plan: stacks in order, side by side where the graph allows."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter

from landform.errors import Interrupted
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.manifest import APPLY, DESTROY, DISARM
from landform.workflows.approving import Mandate, note_end, use_up
from landform.workflows.journal import Run, start_run
from landform.workflows.place import Place
from landform.workflows.plan import Planned
from landform.workflows.plan_records import command_of
from landform.workflows.progress import Observer, Phase, RunResult, StackProgress, StackResult
from landform.workflows.releasing import freeze_release
from landform.workflows.run_log import RunLog
from landform.workflows.step import Step
from landform.workflows.whereabouts import forget_whereabouts, note_whereabouts

MAX_STACKS_AT_ONCE = 4
"""Each running stack has a Terraform and a provider of its own, some 700 MB."""


def apply_plan(place: Place, planned: Planned, mandate: Mandate, observer: Observer) -> RunResult:
    """Apply what ``planned`` shows, and nothing else. Raises Interrupted after Ctrl-C.

    What is applied is kept as a release first. A stack whose own plan goes beyond the mandate is refused
    before anything in it is touched; a failed or refused stack blocks what depends on it, and nothing else.
    Raises Refused where another apply has used the mandate's approvals.
    """
    operation = mandate.record.manifest.operation
    if operation == APPLY:
        place = freeze_release(place, mandate.records, planned)
    verb, _, _ = operation.partition(" ")
    run = start_run(place.runs, place.environment.name, verb, planned.redactor)
    release = place.release.digest if place.release else ""
    use_up(place, mandate, run.id, release)
    note_whereabouts(place, mandate.records)
    run.record(
        "started",
        operation=verb,
        environment=place.environment.name,
        digest=mandate.record.digest,
        release=release,
        stacks=[stack.stack for stack in planned.plan.stacks if stack.has_changes],
    )
    log = RunLog(place, mandate, planned, run.id)
    log.began()
    result = asyncio.run(_Runner(place, run, planned, mandate, observer).run())
    phases = {each.stack: str(each.phase) for each in result.stacks}
    run.record("ended", phases=phases)
    if planned.plan.destroy and not planned.chosen and result.succeeded:
        forget_whereabouts(mandate.records)
    not_kept = "; ".join(filter(None, (log.ended(phases), note_end(mandate, run.id, phases))))
    if not_kept:
        run.record("not kept in the history", why=not_kept)
    return replace(result, not_kept=not_kept)


def way_on(place: Place, planned: Planned, mandate: Mandate, run: str) -> str:
    """The command that goes on where a run of this plan ended; approvals that it has used hold for it."""
    operation = mandate.record.manifest.operation
    if mandate.record.manifest.targets and operation != DISARM:
        return command_of(mandate.record, place.flags)
    stacks = "".join(f" --stack {stack}" for stack in planned.chosen)
    verb = DESTROY if operation == DISARM else operation
    resume = f" --resume {run}" if mandate.approvals and operation != DISARM else ""
    release = f" --release {place.release.short}" if place.release and place.opened else ""
    return f"landform {verb} {place.environment.name}{stacks}{release}{place.flags}{resume}"


class _Runner:
    def __init__(
        self, place: Place, run: Run, planned: Planned, mandate: Mandate, observer: Observer
    ) -> None:
        self.place, self.run_record, self.plan, self.observer = place, run, planned.plan, observer
        self.mandate = mandate
        self.way_on = way_on(place, planned, mandate, run.id)
        self.results: dict[str, StackResult] = {}
        self.slots = asyncio.Semaphore(MAX_STACKS_AT_ONCE)
        self.stopping = False

    async def run(self) -> RunResult:
        with _interrupts_cancel_this_task():
            return await self._run()

    async def _run(self) -> RunResult:
        sorter = TopologicalSorter(order_of(self.plan))
        sorter.prepare()
        running: dict[asyncio.Task[StackResult], str] = {}
        try:
            while sorter.is_active():
                for stack in sorted(sorter.get_ready()):
                    running[asyncio.create_task(self._stack(stack))] = stack
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    stack = running.pop(task)
                    self.results[stack] = task.result()
                    sorter.done(stack)
        except asyncio.CancelledError:
            await self._stop(running)
        changed = [stack.stack for stack in self.plan.stacks if stack.has_changes]
        return RunResult(self.run_record.id, tuple(self.results[stack] for stack in changed))

    async def _stack(self, stack: str) -> StackResult:
        reviewed = self.plan.stack(stack)
        blocking = [name for name in order_of(self.plan)[stack] if self._blocks(name)]
        if blocking:
            reason = f"it needs {', '.join(sorted(blocking))}"
            self.observer(StackProgress(stack, Phase.BLOCKED, detail=reason))
            return StackResult(stack, Phase.BLOCKED, [reason])
        if not reviewed.has_changes:
            return StackResult(stack, Phase.UNCHANGED)
        async with self.slots:
            step = Step(
                self.place, self.run_record, reviewed, self.mandate, self.plan.destroy, self._tell,
                self.mandate.record.manifest.targets,
            )  # fmt: skip
            return await step.carry_out()

    def _blocks(self, stack: str) -> bool:
        return self.results[stack].phase not in (Phase.DONE, Phase.UNCHANGED)

    def _tell(self, news: StackProgress) -> None:
        stopping = self.stopping and not news.phase.is_final
        self.observer(replace(news, phase=Phase.INTERRUPTED) if stopping else news)

    async def _stop(self, running: Mapping[asyncio.Task[StackResult], str]) -> None:
        """Have Terraform stop where it is: it ends what it has begun, keeps its state, frees its locks."""
        self.stopping = True
        for task, stack in running.items():
            self.observer(StackProgress(stack, Phase.INTERRUPTED))
            task.cancel()
        left = sorted(running[task] for task in await _leave_at_third_interrupt(running))
        self.run_record.record("interrupted", stacks=sorted(running.values()), left=left)
        end = (
            f"Terraform still ends what it has begun in {', '.join(left)}, by itself"
            if left
            else "state is kept, locks are released"
        )
        raise Interrupted(
            f"you interrupted the work on {', '.join(sorted(running.values())) or 'nothing'}; {end}",
            f"Go on with: {self.way_on}",
        )


@contextlib.contextmanager
def _interrupts_cancel_this_task() -> Iterator[None]:
    """Each Ctrl-C cancels the task; asyncio's own handler raises KeyboardInterrupt at the second one."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    with contextlib.ExitStack() as stack:
        # Not where Ctrl-C is ignored (a background job), nor in another thread than the main one.
        if task is not None and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            with contextlib.suppress(RuntimeError, ValueError):
                loop.add_signal_handler(signal.SIGINT, task.cancel)
                stack.callback(loop.remove_signal_handler, signal.SIGINT)
        yield


async def _leave_at_third_interrupt(
    cancelled: Iterable[asyncio.Task[StackResult]],
) -> set[asyncio.Task[StackResult]]:
    """Wait for tasks that were cancelled, through one more Ctrl-C; the tasks left behind at the next one."""
    tasks = set(cancelled)
    for _ in range(2):
        with contextlib.suppress(asyncio.CancelledError):
            if tasks:
                await asyncio.wait(tasks)
            return set()
    left = {task for task in tasks if not task.done()}
    for _ in range(2 if left else 0):  # see ``engine.supervise``: the supervisors carry on without landform
        for task in left:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait(left, timeout=0.2)
    return left


def order_of(plan: EnvironmentPlan) -> dict[str, frozenset[str]]:
    """Each stack of the plan with the stacks that go before it: upstream, or downstream to destroy."""
    names = {stack.stack for stack in plan.stacks}
    forward = {stack.stack: frozenset(stack.upstream) & names for stack in plan.stacks}
    if not plan.destroy:
        return forward
    return {name: frozenset(other for other in names if name in forward[other]) for name in names}
