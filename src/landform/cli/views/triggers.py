"""The files of a job on the terminal: whole, so that they can be piped where they belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from landform.generator.files import Change


def show_trigger(files: Mapping[str, str]) -> None:
    """One file as it is; of several each with its name above."""
    for name, text in files.items():
        if len(files) > 1:
            typer.echo(f"# {name}")
        typer.echo(text, nl=False)


def show_written(changes: Sequence[Change]) -> None:
    """What was written."""
    for change in changes:
        typer.echo(f"{change.kind}  {change.path}")
    if not changes:
        typer.echo("The job is up to date.")
