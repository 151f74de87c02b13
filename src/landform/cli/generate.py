"""``landform generate``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, ProjectFolder
from landform.errors import ExitCode


def generate(
    folder: ProjectFolder = HERE,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 2 if stale.")] = False,
) -> None:
    """Write the Terraform root of each stack into generated/.

    Example: landform generate --check
    """
    from landform.workflows.generate import generate_project

    changes = generate_project(folder, check=check)
    for change in changes:
        typer.echo(f"{change.kind}  {change.path}")
    if not changes:
        typer.echo("generated/ is up to date.")
    raise typer.Exit(ExitCode.CHANGES if check and changes else ExitCode.DONE)
