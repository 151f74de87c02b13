"""``landform rebuild``."""

from __future__ import annotations

import typer

from landform.cli.options import (
    HERE,
    Diff,
    EndpointUrl,
    EnvironmentName,
    LockTimeout,
    NoColor,
    ProjectFolder,
    Sandbox,
    Yes,
    place,
)


def rebuild(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    lock_timeout: LockTimeout = "",
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
    diff: Diff = False,
    no_color: NoColor = False,
) -> None:
    """Bring an environment back after a teardown: its own release, as it was approved. Looks if it works.

    It adds and updates, and ends nothing. Values that have changed since need an apply.

    Example: landform rebuild dev
    """
    from landform.cli.rebuilding import rebuild_environment

    where = place(folder, environment, sandbox, endpoint_url)
    raise typer.Exit(rebuild_environment(where, lock_timeout, yes=yes, diff=diff, no_color=no_color))
