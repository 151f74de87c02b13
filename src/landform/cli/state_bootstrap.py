"""``landform state bootstrap``."""

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
    Verbose,
    Yes,
    load,
    place,
)


def bootstrap(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
    verbose: Verbose = False,
) -> None:
    """Make the environment's state bucket, or bring it up to date: plan, ask, apply, keep its state in it.

    Example: landform state bootstrap dev --sandbox --yes
    """
    from landform.cli.bootstrapping import bootstrap_bucket, say_nothing_to_make
    from landform.cli.changing import Change
    from landform.workflows.place import has_state_bucket

    if not has_state_bucket(load(folder), environment):
        raise typer.Exit(say_nothing_to_make(as_json))
    wanted = Change(yes=yes, diff=diff, as_json=as_json, no_color=no_color, verbose=verbose)
    raise typer.Exit(bootstrap_bucket(place(folder, environment, sandbox, endpoint_url), wanted))
