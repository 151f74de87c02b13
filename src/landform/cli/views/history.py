"""The history of an environment, an entry a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from landform.cli.views.console import print_json
from landform.cli.views.visible import visible
from landform.review.approval import Person
from landform.workflows.audit import Entry


def show_history(entries: Sequence[Entry], *, as_json: bool = False) -> None:
    """Show verified entries, the oldest first."""
    if as_json:
        print_json({"format_version": "1.0", "entries": [_document(each) for each in entries]})
        return
    for each in entries:
        typer.echo(visible(f"{each.number:4}  {each.at}  {each.event}: {_told(each)}"))
    typer.echo(f"{len(entries)} entries; none before the last is missing or changed.")


def _document(entry: Entry) -> dict[str, Any]:
    return {"number": entry.number, "at": entry.at, "event": entry.event, **entry.details}


def _told(entry: Entry) -> str:
    details = entry.details
    parts = [f"plan {details['digest'][:12]}"] if "digest" in details else []
    parts += [f"list {details['list'][:12]}"] if "list" in details else []
    parts += [f"entry {details['entry']}"] if "entry" in details else []
    parts += [f"run {details['run']}"] if "run" in details else []
    parts += [f"{details['stack']} as of version {details['version']}"] if "version" in details else []
    parts += [f"from {details['from']} to {details['to']}"] if "from" in details else []
    parts += [f"by {Person(**details['by']).shown}"] if "by" in details else []
    parts += [f"on {details['standing']}"] if "standing" in details else []
    parts += ["signed"] if details.get("signature") else []
    parts += [f"{stack} {phase}" for stack, phase in details.get("phases", {}).items()]
    parts += [f"“{details['reason']}”"] if "reason" in details else []
    return ", ".join(parts)
