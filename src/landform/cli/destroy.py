"""``landform destroy``."""

from __future__ import annotations

import typer

from landform.cli.options import (
    HERE,
    BreakGlass,
    Diff,
    EndpointUrl,
    EnvironmentName,
    Json,
    LockTimeout,
    NoColor,
    OnlyStacks,
    PlanDigest,
    ProjectFolder,
    RemedyLevel,
    Resume,
    Sandbox,
    Verbose,
    Yes,
    level_of,
    load,
    place,
)


def destroy(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    stack: OnlyStacks = [],
    remedies: RemedyLevel = None,
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
    """Plan the destruction of an environment, ask for its name, then destroy it in reverse order.

    What would make it fail half way is found first; protections are lifted by a reviewed apply of their own,
    as far as --remedies, or else the environment's teardown.remedies, allow.

    Example: landform destroy dev --sandbox
    """
    from landform.cli.changing import Change, change_environment
    from landform.workflows.destroy import check_dependents, check_protection

    check_protection(load(folder), environment)
    where = place(folder, environment, sandbox, endpoint_url)
    check_dependents(where, tuple(stack))
    wanted = Change(
        tuple(stack), True, yes, diff, as_json, no_color, verbose, plan, resume, break_glass, lock_timeout,
        level_of(remedies),
    )  # fmt: skip
    raise typer.Exit(change_environment(where, wanted))
