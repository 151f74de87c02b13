"""``landform new-environment``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, ProjectFolder


def new_environment(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new environment's name, such as pr-123.")],
    source: Annotated[str, typer.Option("--from", metavar="ENV", help="The environment to copy.")],
    ttl: Annotated[
        str, typer.Option("--ttl", metavar="TIME", help="How long it lives, such as 12h or 3d; up to 90d.")
    ],
    folder: ProjectFolder = HERE,
) -> None:
    """Make an environment that expires: a copy of another one, which then goes by itself.

    Example: landform new-environment pr-123 --from dev --ttl 3d
    """
    from datetime import UTC, datetime

    from landform.workflows.new_environment import make_environment

    made = make_environment(folder, name, source, ttl, datetime.now(UTC))
    for path in made.paths:
        typer.echo(f"create  {path}")
    typer.echo(f"{name} expires at {made.expires_at}. Next: landform plan {name}")
