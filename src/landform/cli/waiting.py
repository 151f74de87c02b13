"""What is said while an earlier run still works."""

from __future__ import annotations

import typer

from landform.cli.views.visible import visible


def say_waiting(run: str, stack: str) -> None:
    """Tell, beside the results, that a run is waited for."""
    typer.echo(f"An earlier run ({run}) still works on {stack}; waiting for it.", err=True)


def say_locked(who: str) -> None:
    """Somebody else has the environment's lock."""
    typer.echo(visible(f"The environment is locked: {who}; waiting for it."), err=True)
