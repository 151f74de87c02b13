"""``landform approve``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    Diff,
    EndpointUrl,
    EnvironmentName,
    NoColor,
    ProjectFolder,
    Sandbox,
    Yes,
    place_standing,
)


def approve(
    environment: EnvironmentName,
    plan: Annotated[str, typer.Option("--plan", metavar="DIGEST", help="The plan, as its review names it.")],
    folder: ProjectFolder = HERE,
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Sign with this SSH key (or its .pub).")
    ] = None,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
    diff: Diff = False,
    no_color: NoColor = False,
) -> None:
    """Show a plan as it was reviewed, and approve exactly it, once, for as long as the environment says.

    Example: landform approve prod --plan 3f0c62a1b9de
    """
    from landform.cli.approving import approve_plan

    where = place_standing(folder, environment, sandbox, endpoint_url, to_read=True)
    approve_plan(where, plan, sign, yes=yes, diff=diff, no_color=no_color)
