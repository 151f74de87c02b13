"""What a migration moves, each move, and the way back."""

from __future__ import annotations

import typer

from landform.cli.views.console import print_json
from landform.cli.views.visible import visible
from landform.workflows.migrating import Fate, Migrated, Migration, Move


def show_migration(wanted: Migration) -> None:
    """Show both places and what becomes of each state."""
    typer.echo(f"from {visible(wanted.source.home.where)}")
    typer.echo(f"to   {visible(wanted.target.where)}")
    for move in wanted.moves:
        state = f" (serial {move.serial}, {_count(move.resources)})" if move.fate is not Fate.NOTHING else ""
        typer.echo(f"  {move.stack}: {move.fate}{state}")
    for name in wanted.strangers:
        typer.echo(f"  {visible(name)}: stays there, no stack of this project")
    typer.echo("The old states stay as they are. If this is stopped half way, run it again.")


def show_move(move: Move) -> None:
    """Say that a state is in the new place."""
    if move.fate is Fate.MOVE:
        told = f"lineage {move.lineage}, serial {move.serial_there}, {_count(move.resources)}"
        typer.echo(f"{move.stack}: moved and compared ({visible(told)})")


def show_end(wanted: Migration, done: Migrated) -> None:
    """Say what was done, where it is noted, and how to go back."""
    moved = sum(each.fate is Fate.MOVE for each in done.moves)
    typer.echo(f"{moved} of {len(done.moves)} states moved; noted as {done.run}.")
    if done.history:
        typer.echo(f"The history of the environment was not taken along: {visible(done.history)}.")
    typer.echo(
        "To go back: put the old place into backend: of landform.yaml again. After an apply, also: "
        f'landform state migrate {done.environment} --from "{visible(wanted.target.where)}"'
    )
    typer.echo(f"Once you are sure, delete the old states yourself: {visible(wanted.source.home.where)}")


def migration_document(wanted: Migration, done: Migrated) -> None:
    """The same as one JSON document."""
    stacks = [
        {"stack": each.stack, "fate": str(each.fate), "lineage": each.lineage, "serial": each.serial,
         "serial_there": each.serial_there, "resources": each.resources}
        for each in done.moves
    ]  # fmt: skip
    print_json(
        {
            "format_version": "1.0",
            "run": done.run,
            "from": wanted.source.home.where,
            "to": wanted.target.where,
            "stacks": stacks,
            "not_moved": list(wanted.strangers),
            "history": done.history or None,
        }
    )


def _count(resources: int) -> str:
    return f"{resources} resource{'s' if resources != 1 else ''}"
