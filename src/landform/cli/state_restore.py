"""``landform state restore``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    ProjectFolder,
    Sandbox,
    StackName,
    Yes,
    place,
)


def restore(
    environment: EnvironmentName,
    stack: StackName,
    version: Annotated[
        str, typer.Argument(metavar="VERSION", help="Id of the version, or the start of it: state versions.")
    ],
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
) -> None:
    """Have Terraform write an earlier version of a state again; resources in AWS stay as they are.

    Example: landform state restore dev web 3f0c62a1
    """
    from landform.cli.restoring import restore_version

    restore_version(place(folder, environment, sandbox, endpoint_url), stack, version, yes=yes)
