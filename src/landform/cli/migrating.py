"""The dialogue of ``state migrate``: what moves where, a question, each move, and the way back."""

from __future__ import annotations

import sys

import typer

from landform.cli.views.migrating import migration_document, show_end, show_migration, show_move
from landform.cli.waiting import say_waiting
from landform.errors import Refused
from landform.workflows.environment_lock import locked
from landform.workflows.migrating import migrate, prepare_migration
from landform.workflows.place import Place
from landform.workflows.unfinished import wait_for_unfinished


def migrate_states(place: Place, source: str, *, yes: bool, as_json: bool) -> None:
    """Compare both places, ask, move, under the environment's lock. Raises Refused after a no."""
    if as_json and not yes:
        raise Refused("--json leaves no room to ask", "Add --yes.")
    with locked(place, "state migrate"):
        wait_for_unfinished(place, say_waiting)
        _migrate(place, source, yes, as_json)


def _migrate(place: Place, source: str, yes: bool, as_json: bool) -> None:
    wanted = prepare_migration(place, source)
    if not as_json:
        show_migration(wanted)
    if wanted.waiting and not yes:
        _confirm(place.environment.name)
    done = migrate(place, wanted, lambda move: None if as_json else show_move(move))
    if as_json:
        migration_document(wanted, done)
    else:
        show_end(wanted, done)


def _confirm(environment: str) -> None:
    if not sys.stdin.isatty():
        raise Refused(
            f"there is no terminal to ask for the move of {environment}", "Look at it, then add --yes."
        )
    typer.echo()
    answer = typer.prompt(
        f"  Move these states of {environment}? [y]es, [N]o", default="n", show_default=False
    )
    if answer.strip().lower() not in ("y", "yes"):
        raise Refused("you said no; nothing was moved")
