"""``landform apply``."""

from __future__ import annotations

import typer

from landform.cli.options import (
    HERE,
    Diff,
    EndpointUrl,
    EnvironmentName,
    Json,
    NoColor,
    ProjectFolder,
    Sandbox,
    Stacks,
    Verbose,
    Yes,
    place,
)


def apply(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    stack: Stacks = [],
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
    verbose: Verbose = False,
) -> None:
    """Plan an environment, ask, then apply what was reviewed, stack by stack.

    Example: landform apply dev --sandbox --yes
    """
    from landform.cli.changing import Change, change_environment

    where = place(folder, environment, sandbox, endpoint_url)
    wanted = Change(tuple(stack), yes=yes, diff=diff, as_json=as_json, no_color=no_color, verbose=verbose)
    raise typer.Exit(change_environment(where, wanted))
