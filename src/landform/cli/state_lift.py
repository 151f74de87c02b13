"""``landform state lift``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, EndpointUrl, EnvironmentName, ProjectFolder, Sandbox, place_standing


def lift(
    environment: EnvironmentName,
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The stack you have looked at.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What you found; kept.")],
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
) -> None:
    """End the quarantine of a stack after you have looked at what Terraform may have left.

    Example: landform state lift dev network --reason "the subnet is of another team"
    """
    from landform.workflows.unlocking import end_quarantine

    end_quarantine(place_standing(folder, environment, sandbox, endpoint_url), stack, reason)
    typer.echo(f"{stack} is out of quarantine.")
