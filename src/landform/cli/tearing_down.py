"""The course of ``teardown run``: one environment after the other, and the worst exit code."""

from __future__ import annotations

import sys
from datetime import datetime

import typer

from landform.cli.views.console import print_json
from landform.cli.views.live import PlainRun
from landform.cli.views.slot_runs import due_text, slot_run_document, slot_run_text
from landform.cli.views.visible import visible
from landform.errors import ExitCode, LandformError
from landform.project import Project
from landform.review.certificate import FORMAT_VERSION
from landform.workflows.place import PlaceOptions, open_place
from landform.workflows.teardown_run import Came, SlotRun, run_due
from landform.workflows.teardown_status import decide, scheduled, time_of
from landform.workflows.unattended import Watch


def run_teardowns(
    project: Project,
    names: tuple[str, ...],
    at: str,
    sandbox: bool,
    endpoint_url: str | None,
    dry_run: bool,
    as_json: bool,
) -> ExitCode:
    """Do what is due in each environment; a failure in one holds up no other."""
    now = time_of(at)
    options = PlaceOptions(sandbox, endpoint_url)
    if dry_run:
        for name in scheduled(project, names):
            typer.echo(due_text(name, decide(open_place(project, name, options), now)))
        return ExitCode.DONE
    found = tuple(_run(project, name, options, now, as_json) for name in scheduled(project, names))
    if as_json:
        print_json({"format_version": FORMAT_VERSION, "environments": [*map(slot_run_document, found)]})
    return _code(found)


def _run(project: Project, name: str, options: PlaceOptions, now: datetime, as_json: bool) -> SlotRun:
    stream = sys.stderr if as_json else sys.stdout
    watch = Watch(lambda text: print(visible(text), file=stream, flush=True), PlainRun(stream).hear)
    try:
        found = run_due(open_place(project, name, options), now, watch)
    except LandformError as error:
        found = SlotRun(name, Came.FAILED, why=error.whole)
    if not as_json:
        typer.echo(slot_run_text(found))
    return found


def _code(found: tuple[SlotRun, ...]) -> ExitCode:
    if any(each.came is Came.FAILED for each in found):
        return ExitCode.FAILED
    left = any(each.certificate and not each.certificate.sweep.is_clean for each in found)
    return ExitCode.LEFTOVERS if left else ExitCode.DONE
