"""The dialogue of ``apply`` and ``destroy``: review, question, run, result; again for deferred stacks."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any

import typer

from landform.cli.views.console import print_json
from landform.cli.views.obstacles import obstacles_document, show_obstacles
from landform.cli.views.review import show_review
from landform.cli.views.runs import run_document, show_run
from landform.cli.waiting import say_locked, say_waiting
from landform.cli.watching import watch_planning, watch_run
from landform.errors import ExitCode, LandformError, Refused
from landform.project import Remedies
from landform.review import Review
from landform.review.document import FORMAT_VERSION
from landform.review.obstacles import Obstacle
from landform.workflows.apply import apply_plan, way_on
from landform.workflows.disarming import check_none, disarm_request, settings_for
from landform.workflows.environment_lock import lock_seconds, locked
from landform.workflows.obstacles import obstacles_of
from landform.workflows.place import Place
from landform.workflows.progress import Phase, RunResult
from landform.workflows.reverting import check_only_reverts
from landform.workflows.reviewing import Reviewed, ReviewRequest
from landform.workflows.stages import Stage, opened
from landform.workflows.unfinished import wait_for_unfinished
from landform.workflows.whereabouts import prove_whereabouts


@dataclass(frozen=True, slots=True)
class Change:
    """What the user asked for on the command line.

    ``plan`` names an approved plan by its digest, ``resume`` a run to go on with; ``break_glass`` is the
    reason for going around the approvals; ``lock_timeout`` is a length of time such as ``10m``. ``remedies``
    are what may be done to objects that resist a destroy; None: what the environment says. ``from_state``
    destroys from the states alone, where ``confirm`` is what somebody else would type. ``reverts`` are the
    addresses of drifted objects, which are put back, and nothing else is done.
    """

    stacks: tuple[str, ...] = ()
    destroy: bool = False
    yes: bool = False
    diff: bool = False
    as_json: bool = False
    no_color: bool = False
    verbose: bool = False
    plan: str = ""
    resume: str = ""
    break_glass: str = ""
    lock_timeout: str = ""
    remedies: Remedies | None = None
    from_state: bool = False
    confirm: str = ""
    reverts: tuple[str, ...] = ()

    @property
    def operation(self) -> str:
        """What it is called where somebody else waits for it."""
        return "destroy" if self.destroy else "apply"

    @property
    def request(self) -> ReviewRequest:
        """What is to be planned."""
        return ReviewRequest(self.stacks, self.destroy, targets=self.reverts, from_state=self.from_state)


def change_environment(place: Place, wanted: Change) -> ExitCode:
    """Review, ask, run, under the environment's lock; each stage of deferred stacks by itself."""
    check_confirm(place.environment.name, wanted)
    if wanted.as_json and not (wanted.confirm if wanted.from_state else wanted.yes):
        raise Refused("--json leaves no room to ask", "Add --confirm." if wanted.from_state else "Add --yes.")
    prove_whereabouts(place)
    with locked(place, wanted.operation, lock_seconds(wanted.lock_timeout), say_locked):
        wait_for_unfinished(place, say_waiting)
        return change_under_lock(place, wanted)


def change_under_lock(place: Place, wanted: Change) -> ExitCode:
    """The same for who has the lock already."""
    stages: list[dict[str, Any]] = []
    request, code, more = wanted.request, ExitCode.DONE, True
    while more:
        with opened(place, request, wanted.plan, wanted.resume) as stage:
            reviewed = _review(stage, wanted)
            resisting, lifting = _resisting(stage, reviewed, wanted)
            result = _run(stage, reviewed, wanted) if reviewed.review.has_changes and not resisting else None
            if result is None and not wanted.reverts:
                stage.note_unchanged(reviewed)
        stages.append(run_document(result, reviewed.review) | _shown(resisting))
        code = _exit_code(result) if result else ExitCode.DONE
        more = bool(reviewed.review.deferred or resisting or request.settings) and code is ExitCode.DONE
        more = more and not wanted.reverts
        request = lifting or wanted.request
        if not resisting:
            wanted = replace(wanted, plan="", resume="")
    if wanted.as_json:
        print_json({"format_version": FORMAT_VERSION, "stages": stages})
    return code


def _resisting(
    stage: Stage, reviewed: Reviewed, wanted: Change
) -> tuple[tuple[Obstacle, ...], ReviewRequest | None]:
    """What has to be lifted before this destroy, and by which plan. Raises Refused where that can't be."""
    if not reviewed.planned.plan.destroy:
        return (), None
    chosen = wanted.remedies or stage.place.environment.remedies
    allowed = Remedies.BLOCK if wanted.from_state else chosen
    found = obstacles_of(stage.place, reviewed.planned, allowed)
    if wanted.from_state:
        check_none(found)
    settings = settings_for(stage.place, found, allowed)
    if found and not wanted.as_json:
        show_obstacles(found, no_color=wanted.no_color)
    return found, disarm_request(stage.request.stacks, settings) if settings else None


def _shown(resisting: tuple[Obstacle, ...]) -> dict[str, Any]:
    return {"obstacles": obstacles_document(resisting)} if resisting else {}


def _review(stage: Stage, wanted: Change) -> Reviewed:
    with watch_planning(stage.place, wanted.verbose, wanted.as_json, wanted.no_color) as on_event:
        reviewed = stage.review(on_event)
    if not wanted.as_json:
        show_review(reviewed.review, diff=wanted.diff, no_color=wanted.no_color)
    if wanted.reverts:
        check_only_reverts(reviewed.planned.plan, wanted.reverts)
    elif reviewed.review.deferred and not any(stack.has_changes for stack in reviewed.planned.plan.stacks):
        stack, reason = reviewed.review.deferred[0]
        raise LandformError(f"all else is applied, and {stack} still can't be planned: {reason}")
    return reviewed


def _run(stage: Stage, reviewed: Reviewed, wanted: Change) -> RunResult:
    mandate = stage.mandate(reviewed, wanted.break_glass, lock_seconds(wanted.lock_timeout))
    if wanted.from_state:
        confirm_from_state(stage.place.environment.name, wanted)
    elif not mandate.approvals:
        confirm(stage.place, reviewed.review, wanted)
    with watch_run(reviewed.review, wanted.as_json, wanted.no_color, wanted.verbose) as observer:
        result = apply_plan(stage.place, reviewed.planned, mandate, observer)
    if not wanted.as_json:
        on = way_on(stage.place, reviewed.planned, mandate, result.run_id)
        show_run(result, reviewed.review, on, no_color=wanted.no_color)
    return result


def confirm(place: Place, review: Review, wanted: Change) -> None:
    """Return only after a yes. Raises Refused after anything else."""
    if wanted.yes:
        return
    name = place.environment.name
    verb = "destroy" if wanted.destroy else "apply"
    if not sys.stdin.isatty():
        raise Refused(
            f"there is no terminal to ask for the {verb} of {name}", "Look at the plan, then add --yes."
        )
    if wanted.destroy or wanted.break_glass:
        typer.echo()
        what = "destroy all of this" if wanted.destroy else "apply this without its approvals"
        answer = typer.prompt(f"  Type {name} to {what}", default="", show_default=False)
        if answer.strip() != name:
            raise Refused(f"{name} was not typed; nothing was {'destroyed' if wanted.destroy else 'applied'}")
        return
    _ask_to_apply(name, review, wanted)


def check_confirm(name: str, wanted: Change) -> None:
    """Raise Refused for a ``--confirm`` that does not fit."""
    if wanted.confirm and not wanted.from_state:
        raise Refused("--confirm is for --from-state", "Otherwise it is --yes.")
    if wanted.confirm and wanted.confirm.strip() != f"{name} from state":
        raise Refused(f"--confirm does not say {name} from state; nothing was destroyed")


def confirm_from_state(name: str, wanted: Change) -> None:
    """Return only after the whole sentence, approved or not: the configuration protects nothing here."""
    if wanted.confirm:  # see ``check_confirm``
        return
    sentence = f"{name} from state"
    if not sys.stdin.isatty():
        raise Refused(
            f"there is no terminal to ask for the destruction of {sentence}, and --yes is not enough for it",
            f"Look at the plan: prevent_destroy keeps nothing. Then add: --confirm '{sentence}'",
        )
    typer.echo()
    typer.echo("  Planned from the states alone: prevent_destroy is configuration, and keeps nothing here.")
    answer = typer.prompt(f"  Type '{sentence}' to destroy all of this", default="", show_default=False)
    if answer.strip() != sentence:
        raise Refused(f"{sentence!r} was not typed; nothing was destroyed")


def _ask_to_apply(name: str, review: Review, wanted: Change) -> None:
    typer.echo()
    while True:
        answer = typer.prompt(f"  Apply this to {name}? [y]es, [d]iff, [N]o", default="n", show_default=False)
        if answer.strip().lower() in ("d", "diff"):
            show_review(review, diff=True, no_color=wanted.no_color)
        elif answer.strip().lower() in ("y", "yes"):
            return
        else:
            raise Refused("you said no; nothing was applied")


def _exit_code(result: RunResult) -> ExitCode:
    if result.in_phase(Phase.FAILED):
        return ExitCode.FAILED
    return ExitCode.DONE if result.succeeded else ExitCode.REFUSED
