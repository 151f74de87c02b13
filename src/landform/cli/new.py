"""``landform new``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    name: Annotated[str | None, typer.Option("--name", help="The project's name, else the folder's.")] = None,
) -> None:
    """Start a project: a network and a web app in dev, staging and prod.

    Example: landform new shop
    """
    from landform.workflows.new import new_project

    made = new_project(directory, name)
    typer.echo(f"Made {directory} with {len(made)} files. Next:")
    typer.echo(f"  cd {directory} && landform plan dev --sandbox")
