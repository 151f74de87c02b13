"""The dialogue of ``rebuild``: the review, a question, the run, and whether everything is well."""

from __future__ import annotations

import sys

import typer

from landform.cli.changing import Change, confirm
from landform.cli.views.live import PlainRun
from landform.cli.views.review import show_review
from landform.cli.views.visible import visible
from landform.cli.waiting import say_locked, say_waiting
from landform.errors import ExitCode
from landform.workflows.environment_lock import lock_seconds, locked
from landform.workflows.health import wait_until_well
from landform.workflows.place import Place
from landform.workflows.rebuilding import rebuild
from landform.workflows.reviewing import Reviewed
from landform.workflows.unattended import Watch
from landform.workflows.unfinished import wait_for_unfinished
from landform.workflows.whereabouts import prove_whereabouts


def rebuild_environment(
    place: Place, lock_timeout: str, *, yes: bool, diff: bool, no_color: bool
) -> ExitCode:
    """Show what comes back, ask, apply, look."""

    def ask(reviewed: Reviewed) -> None:
        show_review(reviewed.review, diff=diff, no_color=no_color)
        if reviewed.review.has_changes:
            confirm(place, reviewed.review, Change(yes=yes, diff=diff, no_color=no_color))

    prove_whereabouts(place)
    with locked(place, "rebuild", lock_seconds(lock_timeout), say_locked):
        wait_for_unfinished(place, say_waiting)
        carried = rebuild(place, Watch(typer.echo, PlainRun(sys.stdout).hear), ask)
    for stack in carried.result.stacks if carried.result else ():
        for reason in stack.reasons:
            typer.echo(visible(f"{stack.stack}: {reason}"), err=True)
    if not carried.succeeded:
        return ExitCode.FAILED
    unwell = wait_until_well(place)
    for each in unwell:
        typer.echo(visible(f"not well: {each}"), err=True)
    return ExitCode.FAILED if unwell else ExitCode.DONE
