"""Steps of earlier runs that still go on because their landform died: they are waited for, never repeated."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from landform.engine.results import ApplyResult
from landform.engine.supervision import OutcomeKind, interrupt, is_running
from landform.engine.terraform import adopt_apply
from landform.errors import Interrupted
from landform.workflows.journal import (
    JOURNAL,
    Run,
    environment_of,
    is_abandoned,
    operation_of,
    read_journal,
)
from landform.workflows.place import Place
from landform.workflows.plan import known_secrets
from landform.workflows.quarantine import quarantine
from landform.workflows.records import records_of
from landform.workflows.unknown_ends import why_unknown

_COMMANDS = {"apply": "apply", "destroy": "destroy", "bootstrap": "state bootstrap", "accept": "drift"}
"""What goes on with a run, by its operation; of others one looks first at what they have come to."""


def wait_for_unfinished(place: Place, on_wait: Callable[[str, str], None]) -> int:
    """Wait until no earlier run of this environment works any more; ``on_wait(run id, stack)`` is told.

    Returns how many steps were waited for. Terraform holds their locks, and their result decides on the plan.
    """
    waited = 0
    for run, step in _running_steps(place):
        adopted = Run(run.name, run, known_secrets(place))
        try:
            on_wait(run.name, step.name)
            result = asyncio.run(adopt_apply(step))
        except KeyboardInterrupt:
            raise _stopped(place, adopted, step) from None
        _note(place, adopted, step.name, result)
        waited += 1
    for run in filter(is_abandoned, _runs(place)):
        _clear_up(place, Run(run.name, run, known_secrets(place)))
    return waited


def _note(place: Place, run: Run, stack: str, result: ApplyResult | None) -> None:
    """Note how a step ended whose landform was killed; of an unknown end the stack is looked at first."""
    outcome = OutcomeKind.UNKNOWN if result is None else result.outcome.kind
    errors = () if result is None else result.diagnostics
    if why := why_unknown(run.step_folder(stack), outcome, errors):
        quarantine(records_of(place), stack, why, run.id)
    run.record("adopted", stack=stack, outcome=str(outcome.value))
    run.clear(stack)


def _clear_up(place: Place, run: Run) -> None:
    """What a landform that was killed could not: steps that have ended by now, and their plans."""
    events = list(read_journal(run.folder))
    began = [each["stack"] for each in events if each["event"] == "apply started"]
    ended = {each.get("stack") for each in events if each["event"] in ("stack ended", "adopted")}
    for stack in began:
        step = run.step_folder(stack)
        if stack not in ended and (step / "spec.json").exists() and not is_running(step):
            _note(place, run, stack, asyncio.run(adopt_apply(step)))
    for plan in run.folder.glob("*.tfplan"):
        run.clear(plan.stem)


def _stopped(place: Place, run: Run, step: Path) -> Interrupted:
    """Ctrl-C stops a step as it would have stopped its own landform; Terraform gets one SIGINT at most."""
    interrupt(step)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(adopt_apply(step))
    left = is_running(step)
    run.record("interrupted", stacks=[step.name], left=[step.name] if left else [])
    end = "Terraform still ends what it has begun, by itself" if left else "state is kept, locks are released"
    again = f"{_COMMANDS.get(operation_of(run.folder), 'state list')} {place.environment.name}{place.flags}"
    return Interrupted(
        f"you interrupted the work of {run.id} on {step.name}; {end}", f"Go on with: landform {again}"
    )


def _runs(place: Place) -> list[Path]:
    every = sorted(place.runs.iterdir()) if place.runs.is_dir() else ()
    return [
        run for run in every if environment_of(run) == place.environment.name and (run / JOURNAL).is_file()
    ]


def _running_steps(place: Place) -> Iterator[tuple[Path, Path]]:
    for run in _runs(place):
        for step in sorted(path for path in run.iterdir() if path.is_dir()):
            if is_running(step):
                yield run, step
