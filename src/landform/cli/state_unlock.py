"""``landform state unlock``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    ProjectFolder,
    Sandbox,
    Yes,
    place_standing,
)


def unlock(
    environment: EnvironmentName,
    stack: Annotated[
        str, typer.Argument(metavar="[STACK]", help="Whose state; default: the environment's own lock.")
    ] = "",
    folder: ProjectFolder = HERE,
    force: Annotated[
        bool, typer.Option("--force", help="Also where the owner lives, or may; asks for the name.")
    ] = False,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
) -> None:
    """Show a lock, ask, and release it; its stack is looked at before the next apply.

    Example: landform state unlock dev network
    """
    from landform.cli.unlocking import release_a_lock

    release_a_lock(place_standing(folder, environment, sandbox, endpoint_url), stack, force=force, yes=yes)
