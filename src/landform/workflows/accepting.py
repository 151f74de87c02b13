"""Takes what has drifted into the states: by a refresh-only plan of each stack, which changes nothing in AWS.

What is applied is the very plan that was shown. Terraform refuses it where the state has moved since; before
that it is read once more, and afterwards the state is held to what was shown.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from landform.engine.events import Severity
from landform.engine.results import PlanOptions
from landform.errors import Interrupted, LandformError, Refused, TerraformFailed
from landform.planning.changes import Action, Change
from landform.planning.environment_plan import StackPlan
from landform.planning.redaction import Redactor
from landform.review.diff import diff_of
from landform.workflows.accept_checks import beyond_shown, changed_outputs, check_only_shown
from landform.workflows.audit import append
from landform.workflows.drifting import as_it_runs
from landform.workflows.identity import whoami
from landform.workflows.journal import Run, start_run
from landform.workflows.place import Place, scratch_root
from landform.workflows.plan import known_secrets
from landform.workflows.records import records_of
from landform.workflows.reviewing import prepared
from landform.workflows.seen_drift import forget_drift
from landform.workflows.stack_root import StackRoot
from landform.workflows.states import read_states

STARTED, ENDED = "drift accept started", "drift accept ended"
_AT_ONCE = 3
"""Refresh-only plans side by side; each is a Terraform and a provider, some 700 MB."""


@dataclass(frozen=True, slots=True)
class TakenObject:
    """An object of which its state will say something else, or nothing: it is gone.

    ``attributes`` are path, old and new value, redacted; ``folded`` counts those that say nothing new.
    """

    address: str
    type: str
    deleted: bool = False
    attributes: tuple[tuple[str, object, object], ...] = ()
    folded: int = 0


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the state of one stack will say. ``outputs`` are the names of those that change with it.

    ``file`` is Terraform's plan of it, ``plan`` what that held when it was shown.
    """

    stack: str
    objects: tuple[TakenObject, ...]
    outputs: tuple[str, ...]
    file: Path
    plan: StackPlan = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """How it ended: ``run``, and for each stack ``done``, ``refused`` or ``failed``, with the reasons."""

    run: str
    phases: Mapping[str, str]
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def check_may_accept(place: Place) -> None:
    """Raise Refused where changes of an environment need approvals."""
    name = place.environment.name
    if place.environment.approvals.required:
        raise Refused(
            f"what {name} changes needs approvals, and what a state takes in can't be approved",
            f"Write it into the code, and have that plan approved: landform plan {name}{place.flags}. "
            f"Or put it back: landform drift {name} --revert{place.flags}",
        )


@contextmanager
def acceptances(place: Place, stacks: Sequence[str]) -> Iterator[tuple[Place, tuple[Acceptance, ...]]]:
    """A refresh-only plan of each stack, with the release that the environment runs, and its frozen place.

    Raises TerraformFailed, without the secrets that are known.
    """
    with prepared(as_it_runs(place)) as ready, scratch_root(place.home) as folder:
        found = asyncio.run(_plans(ready, folder, stacks))
        yield ready, tuple(each for each in found if each.objects or each.outputs)


def accept(place: Place, taken: Sequence[Acceptance], lock_timeout: int = 0) -> Accepted:
    """Have Terraform write what was shown into the states, one after another, and note it in the history."""
    run = start_run(place.runs, place.environment.name, "accept", known_secrets(place))
    objects = {each.stack: [one.address for one in each.objects] for each in taken}
    run.record("started", operation="accept", environment=place.environment.name, objects=objects)
    append(records_of(place), STARTED, run=run.id, by=asdict(whoami(place)), objects=objects)
    reasons: dict[str, tuple[str, ...]] = {}
    phases: dict[str, str] = {}
    try:
        for each in taken:
            phases[each.stack], reasons[each.stack] = _accept(place, run, each, lock_timeout)
    finally:
        run.record("ended", phases=phases)
        append(records_of(place), ENDED, run=run.id, phases=phases)
    done = [one.address for each in taken if phases[each.stack] == "done" for one in each.objects]
    forget_drift(records_of(place), done)
    return Accepted(run.id, phases, {stack: found for stack, found in reasons.items() if found})


async def _plans(place: Place, folder: Path, stacks: Sequence[str]) -> list[Acceptance]:
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(stack: str) -> Acceptance:
        async with slots:
            return await _plan(place, folder / f"{stack}.tfplan", stack)

    return list(await asyncio.gather(*map(one, stacks)))


async def _plan(place: Place, file: Path, stack: str) -> Acceptance:
    root = StackRoot(place, stack)
    await root.init()
    planned = await root.terraform.plan(file, PlanOptions(place.var_files, lock=False, refresh_only=True))
    if planned.errored:
        hide = known_secrets(place)
        shown = [hide.text(each.render()) for each in planned.errors]
        raise TerraformFailed(f"Terraform can't look at what stands of {stack}", shown)
    plan, secrets = await root.read(file)
    found = plan.stack(stack)
    objects = tuple(_taken(each, secrets | known_secrets(place)) for each in found.drift)
    return Acceptance(stack, objects, changed_outputs(found), file, found)


def _taken(change: Change, redactor: Redactor) -> TakenObject:
    if change.action is Action.DELETE:
        return TakenObject(change.address, change.type, deleted=True)
    diff = diff_of(change, redactor)
    attributes = tuple((each.path, each.before, each.after) for each in diff.attributes)
    return TakenObject(change.address, change.type, attributes=attributes, folded=diff.folded)


def _accept(place: Place, run: Run, taken: Acceptance, lock_timeout: int) -> tuple[str, tuple[str, ...]]:
    """Do it for one stack; a failure is in the result, and in the journal."""
    run.record("stack started", stack=taken.stack)
    before = read_states(place, [taken.stack])[taken.stack]
    try:
        failures = asyncio.run(_apply(place, run, taken, lock_timeout))
        phase = "failed" if failures else "done"
        if not failures:
            after = read_states(place, [taken.stack])[taken.stack]
            failures = tuple(beyond_shown(taken.plan, before, after))
            phase = "failed" if failures else "done"
    except Refused as error:
        phase, failures = "refused", (error.what,)
    except LandformError as error:
        phase, failures = "failed", (error.what,)
    except KeyboardInterrupt:
        run.record("interrupted", stack=taken.stack)
        raise Interrupted(
            f"you interrupted the work on the state of {taken.stack}; Terraform has ended",
            f"See what is left: landform drift {place.environment.name}{place.flags}",
        ) from None
    finally:
        run.clear(taken.stack)
    reasons = tuple(run.redactor.text(each) for each in failures)
    run.record("stack ended", stack=taken.stack, phase=phase, reasons=list(reasons))
    return phase, reasons


async def _apply(place: Place, run: Run, taken: Acceptance, lock_timeout: int) -> tuple[str, ...]:
    """Apply the plan that was shown. Raises Refused where the file holds anything else by now."""
    root, file = StackRoot(place, taken.stack), run.plan_file(taken.stack)
    shutil.move(taken.file, file)
    plan, secrets = await root.read(file)
    run.hide(secrets)
    check_only_shown(taken.plan, plan)
    applied = await root.terraform.apply(file, run.step_folder(taken.stack), lock_timeout=lock_timeout)
    if applied.succeeded:
        return ()
    errors = (each.render() for each in applied.diagnostics if each.severity is Severity.ERROR)
    return tuple(errors) or ("Terraform was stopped",)
