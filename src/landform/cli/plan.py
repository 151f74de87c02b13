"""``landform plan``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    Diff,
    EndpointUrl,
    EnvironmentName,
    Json,
    KeptRelease,
    NoColor,
    ProjectFolder,
    RemedyLevel,
    Sandbox,
    Stacks,
    Verbose,
    level_of,
    place_to_read,
)
from landform.errors import ExitCode


def plan(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    stack: Stacks = [],
    release: KeptRelease = "",
    destroy: Annotated[bool, typer.Option("--destroy", help="Plan the destruction instead.")] = False,
    disarm: Annotated[
        bool, typer.Option("--disarm", help="Plan what a destroy would lift first: protections.")
    ] = False,
    remedies: RemedyLevel = None,
    sarif: Annotated[
        list[Path],
        typer.Option("--sarif", metavar="FILE", help="Show another program's findings too; may be repeated."),
    ] = [],
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
    verbose: Verbose = False,
) -> None:
    """Plan a whole environment as one, and review it. Changes nothing. Exit 2: there are changes.

    Example: landform plan dev --sandbox
    """
    from landform.cli.views.review import show_review
    from landform.cli.watching import watch_planning
    from landform.workflows.disarming import disarming
    from landform.workflows.reviewing import ReviewRequest, prepared, review_environment

    where = place_to_read(folder, environment, sandbox, endpoint_url, release)
    with prepared(where) as ready, watch_planning(where, verbose, as_json, no_color) as on_event:
        if disarm:
            allowed = level_of(remedies) or where.environment.remedies
            lifted = disarming(ready, tuple(stack), allowed, on_event)
            if lifted is None:
                typer.echo(f"Nothing in {environment} resists a destroy.")
                raise typer.Exit
            reviewed = lifted
        else:
            request = ReviewRequest(tuple(stack), destroy, sarif=tuple(sarif), on_event=on_event)
            reviewed = review_environment(ready, request)
    show_review(reviewed.review, as_json=as_json, diff=diff, no_color=no_color)
    review = reviewed.review
    if review.verdict.approvals and review.has_changes and not (as_json or reviewed.not_kept):
        typer.echo(f" Approve it: landform approve {environment} --plan {review.digest[:12]}{where.flags}")
    if reviewed.not_kept:
        typer.echo(f"This plan can't be approved, because it is not kept: {reviewed.not_kept}", err=True)
    raise typer.Exit(ExitCode.CHANGES if review.has_changes else ExitCode.DONE)
