"""Steps of earlier runs that still go on because their landform died: they are waited for, never repeated."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from landform.engine.supervision import interrupt, is_running
from landform.engine.terraform import adopt_apply
from landform.errors import Interrupted
from landform.workflows.journal import JOURNAL, Run, environment_of, is_abandoned, operation_of
from landform.workflows.place import Place
from landform.workflows.plan import known_secrets

_COMMANDS = {"apply": "apply", "destroy": "destroy"}
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
        ended = "unknown" if result is None else str(result.outcome.kind.value)
        adopted.record("adopted", stack=step.name, outcome=ended)
        adopted.clear(step.name)
        waited += 1
    for run in filter(is_abandoned, _runs(place)):
        for plan in run.glob("*.tfplan"):  # its landform was killed, and could not clear up
            Run(run.name, run, known_secrets(place)).clear(plan.stem)
    return waited


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
