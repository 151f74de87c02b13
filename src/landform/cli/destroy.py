"""``landform destroy``."""

from __future__ import annotations

from contextlib import nullcontext

import typer

from landform.cli.options import (
    HERE,
    BreakGlass,
    Confirm,
    Diff,
    EndpointUrl,
    EnvironmentName,
    FromState,
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
    load_standing,
    place_in,
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
    from_state: FromState = False,
    confirm: Confirm = "",
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
    from landform.workflows.from_state import emptied

    project = load_standing(folder, environment) if from_state else load(folder)
    check_protection(project, environment)
    wanted = Change(
        tuple(stack), True, yes, diff, as_json, no_color, verbose, plan, resume, break_glass, lock_timeout,
        level_of(remedies), from_state, confirm,
    )  # fmt: skip
    opened = place_in(project, environment, sandbox, endpoint_url)
    with emptied(opened) if from_state else nullcontext(opened) as where:
        check_dependents(where, tuple(stack))
        raise typer.Exit(change_environment(where, wanted))
