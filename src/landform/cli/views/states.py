"""States and their versions, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import typer

from landform.cli.views.console import print_json
from landform.cli.views.visible import visible
from landform.workflows.state_listing import StateFacts, StateListing
from landform.workflows.state_versions import KnownVersion, StateHistory


def show_states(found: StateListing, *, as_json: bool = False) -> None:
    """A row for each stack."""
    if as_json:
        states = [state_document(each) for each in found.states]
        print_json(
            {
                "format_version": "1.0",
                "environment": found.environment,
                "where": found.where,
                "states": states,
            }
        )
        return
    headings = ("stack", "serial", "resources", "size", "written (UTC)", "terraform", "lineage")
    _show([headings, *((each.stack, *_told(each)) for each in found.states)])
    typer.echo(f"in {visible(found.where)}")


def state_document(facts: StateFacts) -> dict[str, Any]:
    """One state, for JSON."""
    return {
        "stack": facts.stack,
        "address": facts.address,
        "written": _json_time(facts.written),
        "size": facts.size,
        "serial": facts.serial,
        "lineage": facts.lineage,
        "terraform_version": facts.terraform,
        "resources": facts.resources,
        "fault": facts.fault or None,
    }


def show_versions(found: StateHistory, *, as_json: bool = False) -> None:
    """A row for each version, the newest first."""
    if as_json:
        versions = [_version_document(each) for each in found.versions]
        document = {"format_version": "1.0", "stack": found.stack, "versions": versions}
        print_json(document | {"left_out": found.left_out})
        return
    headings = ("version", "written (UTC)", "serial", "resources", "size", "")
    _show([headings, *((each.version.id, *_told_version(each)) for each in found.versions)])
    if found.left_out:
        typer.echo(f"{found.left_out} older left out; --limit shows more.")


def _show(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need to be: an id is there to be copied, so none is cut."""
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _told(facts: StateFacts) -> tuple[str, ...]:
    if facts.written is None:
        return ("-", "-", "-", "never", "", "")
    size, written = _size(facts.size), _time(facts.written)
    if facts.fault:
        return ("?", "?", size, written, "", facts.fault)
    return (str(facts.serial), str(facts.resources), size, written, facts.terraform, facts.lineage)


def _told_version(known: KnownVersion) -> tuple[str, ...]:
    facts, version = known.facts, known.version
    now = "now" if version.latest else ""
    if version.deleted:
        return (_time(version.written), "", "", "", f"deleted {now}".strip())
    if facts.fault:
        return (_time(version.written), "?", "?", _size(version.size), f"not a state {now}".strip())
    return (_time(version.written), str(facts.serial), str(facts.resources), _size(version.size), now)


def _version_document(known: KnownVersion) -> dict[str, Any]:
    version, facts = known.version, known.facts
    readable = not version.deleted and not facts.fault
    return {
        "version": version.id,
        "written": _json_time(version.written),
        "size": version.size,
        "latest": version.latest,
        "deleted": version.deleted,
        "serial": facts.serial if readable else None,
        "lineage": facts.lineage if readable else None,
        "resources": facts.resources if readable else None,
        "fault": facts.fault or None,
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _json_time(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size / 1024:.1f} KiB"
