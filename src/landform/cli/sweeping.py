"""The dialogue of ``sweep``: what is left, a list of what may go, a question, and what is left then."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from landform.cli.sweep_formats import SweepFormat
from landform.cli.views.console import json_text
from landform.cli.views.formats import show_report
from landform.cli.views.sweeps import list_text, sweep_text
from landform.cli.views.visible import visible
from landform.cli.waiting import say_locked
from landform.errors import ExitCode, Refused
from landform.review.certificate import FORMAT_VERSION
from landform.review.deletion import DeletionList
from landform.review.sweep import Sweep
from landform.workflows.environment_lock import locked
from landform.workflows.leftovers import (
    Deleted,
    check_may_delete,
    check_unmoved,
    delete_listed,
    find_list,
    make_list,
)
from landform.workflows.place import Place
from landform.workflows.records import records_of
from landform.workflows.sweep_json import list_json, sweep_json
from landform.workflows.sweeping import patient_sweep


def sweep_and_show(place: Place, wanted: SweepFormat, output: Path | None) -> ExitCode:
    """Sweep, and show what was found."""
    swept = patient_sweep(place)
    show_report(_rendered(swept, wanted), output)
    return _code(swept)


def show_list(place: Place, wanted: SweepFormat, output: Path | None) -> ExitCode:
    """Sweep, and keep a list of what can be deleted of it."""
    if wanted not in (SweepFormat.TEXT, SweepFormat.JSON):
        raise Refused(f"a list of leftovers is text or JSON, not {wanted.value}")
    check_may_delete(place)
    made = make_list(place, patient_sweep(place))
    text = json_text({"format_version": FORMAT_VERSION, **list_json(made)})
    show_report(text if wanted is SweepFormat.JSON else list_text(made), output)
    if made.items and wanted is SweepFormat.TEXT and output is None:
        name = place.environment.name
        typer.echo(
            f"Delete exactly this with: landform sweep {name} --delete {made.digest[:12]}{place.flags}"
        )
    return _code(made.sweep)


def delete_list(place: Place, digest: str) -> ExitCode:
    """Show a list, ask for the environment's name, delete what it names, and sweep again."""
    check_may_delete(place)
    wanted = find_list(records_of(place), digest)
    with locked(place, "sweep", on_wait=say_locked):
        check_unmoved(place, wanted)
        typer.echo(list_text(wanted), nl=False)
        _confirm(place, wanted)
        done = delete_listed(place, wanted, _say)
    swept = patient_sweep(place)
    show_report(sweep_text(swept), None)
    return ExitCode.FAILED if any(each.fault for each in done) else _code(swept)


def _rendered(swept: Sweep, wanted: SweepFormat) -> str:
    match wanted:
        case SweepFormat.MARKDOWN:
            from landform.cli.views.sweep_markdown import sweep_markdown

            return sweep_markdown(swept)
        case SweepFormat.HTML:
            from landform.cli.views.sweep_html import sweep_html

            return sweep_html(swept)
        case SweepFormat.JSON:
            return json_text({"format_version": FORMAT_VERSION, **sweep_json(swept)})
        case SweepFormat.TEXT:
            return sweep_text(swept)


def _confirm(place: Place, wanted: DeletionList) -> None:
    name = place.environment.name
    if not sys.stdin.isatty():
        raise Refused("there is no terminal to ask", "Leftovers are deleted by somebody who types the name.")
    answer = typer.prompt(f"  Type {name} to delete {len(wanted.items)}", default="", show_default=False)
    if answer.strip() != name:
        raise Refused(f"{name} was not typed; nothing was deleted")


def _say(each: Deleted) -> None:
    typer.echo(visible(f"{'not deleted' if each.fault else 'deleted'} {each.found.arn}{_why(each)}"))


def _why(each: Deleted) -> str:
    return f": {each.fault}" if each.fault else ""


def _code(swept: Sweep) -> ExitCode:
    return ExitCode.DONE if swept.is_clean else ExitCode.LEFTOVERS
