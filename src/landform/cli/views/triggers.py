"""The files of a job on the terminal: whole, so that they can be piped where they belong."""

from __future__ import annotations

from collections.abc import Mapping

import typer


def show_trigger(files: Mapping[str, str]) -> None:
    """One file as it is; of several each with its name above."""
    for name, text in files.items():
        if len(files) > 1:
            typer.echo(f"# {name}")
        typer.echo(text, nl=False)
