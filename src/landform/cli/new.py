"""``landform new``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landform.workflows.examples import Example


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    name: Annotated[str | None, typer.Option("--name", help="The project's name, else the folder's.")] = None,
    example: Annotated[
        Example,
        typer.Option(
            "--example",
            help="What to copy: starter (a network and a web app), shop (three tiers), eks (Kubernetes).",
        ),
    ] = Example.STARTER,
) -> None:
    """Start a project as a copy of an example: by default, a network and a web app.

    Example: landform new shop
    """
    from landform.workflows.new import new_project

    made = new_project(directory, name, example)
    typer.echo(f"Made {directory} with {len(made)} files. Next:")
    typer.echo(f"  cd {directory} && landform plan dev --sandbox")
