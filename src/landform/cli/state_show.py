"""``landform state show``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    ProjectFolder,
    Sandbox,
    ShowSensitive,
    StackName,
    place,
)


def show(
    environment: EnvironmentName,
    stack: StackName,
    address: Annotated[
        str, typer.Argument(metavar="[ADDRESS]", help="One object; without its key, all of the resource.")
    ] = "",
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    show_sensitive: ShowSensitive = False,
    as_json: Json = False,
) -> None:
    """Show what a state holds: all addresses, or one object's attributes without sensitive values.

    Example: landform state show dev web aws_ssm_parameter.greeting
    """
    from landform.cli.views.state_contents import show_contents
    from landform.workflows.state_showing import state_contents

    where = place(folder, environment, sandbox, endpoint_url)
    show_contents(state_contents(where, stack, address, show_sensitive=show_sensitive), as_json=as_json)
