"""The dialogue of ``state restore``: what would change, the stack's name, and how it ended."""

from __future__ import annotations

import sys

import typer

from landform.cli.views.restoring import show_restoration
from landform.cli.waiting import say_waiting
from landform.errors import Refused
from landform.workflows.environment_lock import locked
from landform.workflows.place import Place
from landform.workflows.restoring import prepare_restore, restore
from landform.workflows.unfinished import wait_for_unfinished
from landform.workflows.whereabouts import prove_whereabouts


def restore_version(place: Place, stack: str, version: str, *, yes: bool) -> None:
    """Compare, ask, push, under the environment's lock. Raises Refused where its name is not typed."""
    prove_whereabouts(place)
    with locked(place, "state restore"):
        wait_for_unfinished(place, say_waiting)
        _restore(place, stack, version, yes)


def _restore(place: Place, stack: str, version: str, yes: bool) -> None:
    wanted = prepare_restore(place, stack, version)
    show_restoration(wanted)
    if not yes:
        if not sys.stdin.isatty():
            raise Refused(
                f"there is no terminal to ask for the restore of {stack}",
                "Look at the difference, then add --yes.",
            )
        typer.echo()
        answer = typer.prompt(f"  Type {stack} to restore this", default="", show_default=False)
        if answer.strip() != stack:
            raise Refused(f"{stack} was not typed; nothing was restored")
    found = restore(place, wanted)
    typer.echo(
        f"Restored: the state of {stack} is that of version {wanted.version.id}, as serial {found.serial}."
    )
    typer.echo(f"See what it means: landform plan {place.environment.name} --stack {stack}{place.flags}")
