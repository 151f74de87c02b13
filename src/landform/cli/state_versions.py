"""``landform state versions``."""

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
    StackName,
    place,
)


def versions(
    environment: EnvironmentName,
    stack: StackName,
    folder: ProjectFolder = HERE,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="How many, the newest first.")
    ] = 10,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """List the versions that are kept of a state, the newest first; each reads that version.

    Example: landform state versions dev web
    """
    from landform.cli.views.states import show_versions
    from landform.workflows.state_versions import state_history

    where = place(folder, environment, sandbox, endpoint_url)
    show_versions(state_history(where, stack, limit), as_json=as_json)
