"""``landform promote``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    BreakGlass,
    Diff,
    DryRun,
    EndpointUrl,
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
    place_to_read,
)


def promote(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Environment whose release it is.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Environment it goes to.")],
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
    """Bring the release that SOURCE runs to TARGET: exactly it, with TARGET's values, reviewed as any plan.

    Example: landform promote staging prod
    """
    from landform.cli.changing import Change
    from landform.cli.moving import promote_release

    wanted = Change((), False, yes, diff, as_json, no_color, verbose, plan, resume, break_glass, lock_timeout)
    origin = place_to_read(folder, source, sandbox, endpoint_url)
    where = place(folder, target, sandbox, endpoint_url)
    raise typer.Exit(promote_release(origin, where, wanted, dry_run=dry_run))
