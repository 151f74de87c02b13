"""The dialogue of ``approve``: the review, a question, and how the plan stands afterwards."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from landform.cli.views.review import show_review
from landform.errors import Refused
from landform.workflows.approving import approve
from landform.workflows.place import Place
from landform.workflows.plan_records import command_of, find_digest, read_record
from landform.workflows.records import records_of


def approve_plan(
    place: Place, start: str, key: Path | None, *, yes: bool, diff: bool, no_color: bool
) -> None:
    """Show the plan whose digest begins with ``start``, ask, record the approval."""
    records = records_of(place)
    record = read_record(records, find_digest(records, start))
    show_review(record.review, diff=diff, no_color=no_color)
    name = place.environment.name
    if not yes:
        if not sys.stdin.isatty():
            raise Refused("there is no terminal to ask for the approval", "Look at the plan, then add --yes.")
        typer.echo()
        answer = typer.prompt(f"  Approve this for {name}? [y]es, [N]o", default="n", show_default=False)
        if answer.strip().lower() not in ("y", "yes"):
            raise Refused("you said no; nothing was approved")
    stands = approve(place, records, record, key)
    typer.echo(
        f"Approved. The plan {record.digest[:12]} has {len(stands.valid)} of {stands.needed} approvals."
    )
    if stands.is_enough:
        typer.echo(f"Apply it with: {command_of(record, place.flags)}")
