"""What is said while an earlier run still works."""

from __future__ import annotations

import typer


def say_waiting(run: str, stack: str) -> None:
    """Tell, beside the results, that a run is waited for."""
    typer.echo(f"An earlier run ({run}) still works on {stack}; waiting for it.", err=True)
