"""``landform state list``."""

from __future__ import annotations

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    OnlyStacks,
    ProjectFolder,
    Sandbox,
    place_standing,
)
from landform.errors import ExitCode


def list_(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    stack: OnlyStacks = [],
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """List the states of an environment: serial, resources, size, when written. Exit 1: one can't be read.

    Example: landform state list dev
    """
    from landform.cli.views.states import show_states
    from landform.workflows.state_listing import list_states

    found = list_states(place_standing(folder, environment, sandbox, endpoint_url), tuple(stack))
    show_states(found, as_json=as_json)
    if any(each.fault for each in found.states):
        raise typer.Exit(ExitCode.FAILED)
