"""The dialogue of ``state bootstrap``: review, question, run, where the state lies."""

from __future__ import annotations

import typer

from landform.cli.changing import Change, confirm
from landform.cli.views.console import print_json
from landform.cli.views.review import show_review
from landform.cli.views.runs import run_document, show_run
from landform.cli.waiting import say_waiting
from landform.cli.watching import watch_planning, watch_run
from landform.errors import ExitCode, Refused
from landform.review.document import FORMAT_VERSION
from landform.workflows.bootstrap import Bootstrap, BootstrapPlan, opened_bootstrap
from landform.workflows.place import Place
from landform.workflows.progress import RunResult
from landform.workflows.unfinished import wait_for_unfinished


def bootstrap_bucket(place: Place, wanted: Change) -> ExitCode:
    """Review, ask, apply, move the state. Nothing is asked where only the state has to be moved."""
    if wanted.as_json and not wanted.yes:
        raise Refused("--json leaves no room to ask", "Add --yes.")
    wait_for_unfinished(place, say_waiting)
    with opened_bootstrap(place) as opened:
        with watch_planning(place, wanted.verbose, wanted.as_json, wanted.no_color) as on_event:
            planned = opened.plan(on_event)
        if not wanted.as_json:
            show_review(planned.review, diff=wanted.diff, no_color=wanted.no_color)
        result = _run(opened, planned, wanted)
        _tell(opened, planned, result, wanted)
    return ExitCode.DONE if result is None or result.succeeded else ExitCode.FAILED


def say_nothing_to_make(as_json: bool) -> ExitCode:
    """For ``backend: local``."""
    if as_json:
        print_json({"format_version": FORMAT_VERSION, "stages": []})
    else:
        typer.echo("There is no state bucket to make: 'backend: local' keeps states in files.")
    return ExitCode.DONE


def _run(opened: Bootstrap, planned: BootstrapPlan, wanted: Change) -> RunResult | None:
    if not planned.review.has_changes and planned.in_bucket:
        return None
    if planned.review.has_changes:
        confirm(opened.place, planned.review, wanted)
    with watch_run(planned.review, wanted.as_json, wanted.no_color, wanted.verbose) as observer:
        return opened.apply(planned, observer)


def _tell(opened: Bootstrap, planned: BootstrapPlan, result: RunResult | None, wanted: Change) -> None:
    if wanted.as_json:
        stages = [run_document(result, planned.review)]
        print_json({"format_version": FORMAT_VERSION, "stages": stages, "state": opened.state_url})
        return
    if result is not None:
        show_run(result, planned.review, opened.command, no_color=wanted.no_color)
    if result is None or result.succeeded:
        typer.echo(f" The state of the bucket is at {opened.state_url}")
