"""``landform drift``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    Diff,
    EndpointUrl,
    Json,
    LockTimeout,
    NoColor,
    OnlyStacks,
    ProjectFolder,
    Sandbox,
    Verbose,
    Yes,
    load,
    place,
)
from landform.errors import LandformError


def drift(
    environments: Annotated[
        list[str] | None, typer.Argument(metavar="[ENV]...", help="Environments; or --all.")
    ] = None,
    folder: ProjectFolder = HERE,
    every: Annotated[bool, typer.Option("--all", help="All environments of the project.")] = False,
    revert: Annotated[bool, typer.Option("--revert", help="Put back what has drifted, and no more.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Take what has drifted into the states.")] = False,
    stack: OnlyStacks = [],
    unmanaged: Annotated[
        bool, typer.Option("--unmanaged/--no-unmanaged", help="Count tagged objects in no state, too.")
    ] = True,
    lock_timeout: LockTimeout = "",
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    yes: Yes = False,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
    verbose: Verbose = False,
) -> None:
    """Tell what has changed outside Terraform, and what an apply would do about it. Exit 2: there is drift.

    With --revert or --accept, mend it in one environment: after a review and a question.

    Example: landform drift dev
    """
    from landform.cli.changing import Change
    from landform.cli.mending import accept_drift, revert_drift, show_drift_of

    wanted = Change((), False, yes, diff, as_json, no_color, verbose, lock_timeout=lock_timeout)
    if not revert and not accept and not stack:
        project = load(folder)
        names = tuple(project.environment_by_name) if every else tuple(environments or ())
        raise typer.Exit(show_drift_of(project, names, (sandbox, endpoint_url), unmanaged, wanted))
    where = place(folder, one_environment(environments, every, revert, accept), sandbox, endpoint_url)
    raise typer.Exit((revert_drift if revert else accept_drift)(where, wanted, tuple(stack)))


def one_environment(environments: list[str] | None, every: bool, revert: bool, accept: bool) -> str:
    """The environment to mend. Raises LandformError for none, several, no way and two ways at once."""
    if not revert and not accept:
        raise LandformError("--stack narrows --revert and --accept only", "landform drift ENV looks at all.")
    if revert and accept:
        raise LandformError("--revert and --accept are opposites", "Name one of them; --stack narrows both.")
    if every or len(environments or ()) != 1:
        what = f"--{'revert' if revert else 'accept'} is for one environment"
        raise LandformError(what, "landform drift ENV")
    return (environments or [""])[0]
