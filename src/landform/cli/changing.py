"""The dialogue of ``apply`` and ``destroy``: review, question, run, result; again for deferred stacks."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import typer

from landform.cli.views.console import print_json
from landform.cli.views.review import show_review
from landform.cli.views.runs import run_document, show_run
from landform.cli.watching import watch_planning, watch_run
from landform.errors import ExitCode, LandformError, Refused
from landform.review.document import FORMAT_VERSION
from landform.workflows.applied import record_unchanged
from landform.workflows.apply import apply_plan, way_on
from landform.workflows.place import Place
from landform.workflows.progress import Phase, RunResult
from landform.workflows.reviewing import Reviewed, review_environment
from landform.workflows.unfinished import wait_for_unfinished


@dataclass(frozen=True, slots=True)
class Change:
    """What the user asked for on the command line."""

    stacks: tuple[str, ...] = ()
    destroy: bool = False
    yes: bool = False
    diff: bool = False
    as_json: bool = False
    no_color: bool = False
    verbose: bool = False


def change_environment(place: Place, wanted: Change) -> ExitCode:
    """Review, ask, run. Each stage of deferred stacks is reviewed and asked for on its own."""
    if wanted.as_json and not wanted.yes:
        raise Refused("--json leaves no room to ask", "Add --yes.")
    wait_for_unfinished(place, _say_waiting)
    stages: list[dict[str, Any]] = []
    code, more = ExitCode.DONE, True
    while more:
        reviewed = _review(place, wanted)
        record_unchanged(place, reviewed.planned)
        result = _run(place, reviewed, wanted) if reviewed.review.has_changes else None
        stages.append(run_document(result, reviewed.review))
        code = _exit_code(result) if result else ExitCode.DONE
        more = bool(reviewed.review.deferred) and code is ExitCode.DONE
    if wanted.as_json:
        print_json({"format_version": FORMAT_VERSION, "stages": stages})
    return code


def _review(place: Place, wanted: Change) -> Reviewed:
    with watch_planning(place, wanted.verbose, wanted.as_json, wanted.no_color) as on_event:
        reviewed = review_environment(place, wanted.stacks, destroy=wanted.destroy, on_event=on_event)
    if not wanted.as_json:
        show_review(reviewed.review, diff=wanted.diff, no_color=wanted.no_color)
    if reviewed.review.deferred and not any(stack.has_changes for stack in reviewed.planned.plan.stacks):
        stack, reason = reviewed.review.deferred[0]
        raise LandformError(f"all else is applied, and {stack} still can't be planned: {reason}")
    return reviewed


def _run(place: Place, reviewed: Reviewed, wanted: Change) -> RunResult:
    _confirm(place, reviewed, wanted)
    with watch_run(reviewed.review, wanted.as_json, wanted.no_color, wanted.verbose) as observer:
        result = apply_plan(place, reviewed.planned, observer)
    if not wanted.as_json:
        show_run(result, reviewed.review, way_on(place, reviewed.planned), no_color=wanted.no_color)
    return result


def _confirm(place: Place, reviewed: Reviewed, wanted: Change) -> None:
    """Return only after a yes. Raises Refused after anything else."""
    if wanted.yes:
        return
    name = place.environment.name
    verb = "destroy" if wanted.destroy else "apply"
    if not sys.stdin.isatty():
        raise Refused(
            f"there is no terminal to ask for the {verb} of {name}", "Look at the plan, then add --yes."
        )
    if wanted.destroy:
        typer.echo()
        answer = typer.prompt(f"  Type {name} to destroy all of this", default="", show_default=False)
        if answer.strip() != name:
            raise Refused(f"{name} was not typed; nothing was destroyed")
        return
    _ask_to_apply(name, reviewed, wanted)


def _ask_to_apply(name: str, reviewed: Reviewed, wanted: Change) -> None:
    typer.echo()
    while True:
        answer = typer.prompt(f"  Apply this to {name}? [y]es, [d]iff, [N]o", default="n", show_default=False)
        if answer.strip().lower() in ("d", "diff"):
            show_review(reviewed.review, diff=True, no_color=wanted.no_color)
        elif answer.strip().lower() in ("y", "yes"):
            return
        else:
            raise Refused("you said no; nothing was applied")


def _exit_code(result: RunResult) -> ExitCode:
    if result.in_phase(Phase.FAILED):
        return ExitCode.FAILED
    return ExitCode.DONE if result.succeeded else ExitCode.REFUSED


def _say_waiting(run: str, stack: str) -> None:
    typer.echo(f"An earlier run ({run}) still works on {stack}; waiting for it.", err=True)
