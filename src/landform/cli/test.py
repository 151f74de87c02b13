"""``landform test``: what belongs to tests of modules but is not a test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landform.errors import ExitCode

test_app = typer.Typer(
    help="What belongs to tests of modules: sweep.", no_args_is_help=True, rich_markup_mode=None
)


@test_app.callback()
def _group() -> None:
    """One command so far; without this Typer would drop its name."""


@test_app.command(name="sweep")
def sweep_leftovers(
    folder: Annotated[
        Path, typer.Option("--folder", help="The folder pytest ran in.", show_default="this folder")
    ] = Path(),
    only_list: Annotated[bool, typer.Option("--list", help="Say what is left; destroy nothing.")] = False,
) -> None:
    """Destroy what test runs that died have left standing. Exit 5: something could not be destroyed.

    Example: landform test sweep
    """
    from landform.cli.views.leftovers import show_foreign, show_left, show_swept
    from landform.workflows import live, sweep

    journal = folder / live.FOLDER
    dead = live.find_dead(journal)
    left = show_left(dead) if only_list else show_swept(sweep.sweep(dead))
    left += show_foreign(live.unreadable(journal))
    if not dead and not left:
        typer.echo("Nothing is left by test runs that died.")
    raise typer.Exit(ExitCode.LEFTOVERS if left else ExitCode.DONE)
