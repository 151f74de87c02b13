"""``landform drift``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, EndpointUrl, Json, NoColor, ProjectFolder, Sandbox, load
from landform.errors import ExitCode, LandformError


def drift(
    environments: Annotated[
        list[str] | None, typer.Argument(metavar="[ENV]...", help="Environments; or --all.")
    ] = None,
    folder: ProjectFolder = HERE,
    every: Annotated[bool, typer.Option("--all", help="All environments of the project.")] = False,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Tell what has changed outside Terraform, and what an apply would do about it. Exit 2: there is drift.

    Example: landform drift dev
    """
    from landform.cli.views.drift import show_drift
    from landform.workflows.drifting import drift_of_environments

    project = load(folder)
    names = tuple(project.environment_by_name) if every else tuple(environments or ())
    if not names:
        raise LandformError("no environment is named", "landform drift ENV, or --all.")
    found = drift_of_environments(project, names, sandbox, endpoint_url)
    show_drift(found, as_json=as_json, no_color=no_color)
    failed = any(each.error for each in found)
    drifted = any(each.has_drift for each in found)
    raise typer.Exit(ExitCode.FAILED if failed else ExitCode.CHANGES if drifted else ExitCode.DONE)
