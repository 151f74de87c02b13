"""``landform state orphans``."""

from __future__ import annotations

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    ProjectFolder,
    Sandbox,
    place,
)
from landform.errors import ExitCode


def orphans(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Find states without a stack, stacks without a state, and tagged resources in no state. Exit 5: found.

    Example: landform state orphans dev
    """
    from landform.cli.views.orphans import show_orphans
    from landform.workflows.orphans import find_orphans

    found = find_orphans(place(folder, environment, sandbox, endpoint_url))
    show_orphans(found, as_json=as_json)
    raise typer.Exit(ExitCode.LEFTOVERS if found.is_left_over else ExitCode.DONE)
