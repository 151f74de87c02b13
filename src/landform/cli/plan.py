"""``landform plan``."""

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
    place,
)
from landform.errors import ExitCode


def plan(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    stack: Stacks = [],
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
    from landform.workflows.reviewing import review_environment

    where = place(folder, environment, sandbox, endpoint_url)
    with watch_planning(where, verbose=verbose, quiet=as_json, no_color=no_color) as on_event:
        reviewed = review_environment(where, tuple(stack), on_event=on_event)
    show_review(reviewed.review, as_json=as_json, diff=diff, no_color=no_color)
    raise typer.Exit(ExitCode.CHANGES if reviewed.review.has_changes else ExitCode.DONE)
