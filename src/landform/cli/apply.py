"""``landform apply``."""

from __future__ import annotations

import typer

from landform.cli.options import (
    HERE,
    BreakGlass,
    Diff,
    EndpointUrl,
    EnvironmentName,
    Json,
    KeptRelease,
    LockTimeout,
    NoColor,
    PlanDigest,
    ProjectFolder,
    Resume,
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
    release: KeptRelease = "",
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
    """Plan an environment, ask, then apply what was reviewed, stack by stack.

    Where approvals are required, the last plan that has them is applied, and nothing is asked.

    Example: landform apply dev --sandbox --yes
    """
    from landform.cli.changing import Change, change_environment

    where = place(folder, environment, sandbox, endpoint_url, release)
    wanted = Change(
        tuple(stack), False, yes, diff, as_json, no_color, verbose, plan, resume, break_glass, lock_timeout
    )  # fmt: skip
    raise typer.Exit(change_environment(where, wanted))
