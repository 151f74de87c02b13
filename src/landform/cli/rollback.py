"""``landform rollback``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    BreakGlass,
    Diff,
    DryRun,
    EndpointUrl,
    EnvironmentName,
    Json,
    LockTimeout,
    NoColor,
    PlanDigest,
    ProjectFolder,
    Resume,
    Sandbox,
    Verbose,
    Yes,
    place,
)


def rollback(
    environment: EnvironmentName,
    release: Annotated[
        str, typer.Argument(metavar="[RELEASE]", help="Start of its digest; default: the one before.")
    ] = "",
    folder: ProjectFolder = HERE,
    dry_run: DryRun = False,
    plan: PlanDigest = "",
    resume: Resume = "",
    break_glass: BreakGlass = "",
    lock_timeout: LockTimeout = "",
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
    verbose: Verbose = False,
) -> None:
    """Bring an earlier release back to an environment, planned, reviewed and applied as any other.

    Example: landform rollback prod
    """
    from landform.cli.changing import Change
    from landform.cli.moving import roll_back

    wanted = Change((), False, yes, diff, as_json, no_color, verbose, plan, resume, break_glass, lock_timeout)
    where = place(folder, environment, sandbox, endpoint_url)
    raise typer.Exit(roll_back(where, release, wanted, dry_run=dry_run))
