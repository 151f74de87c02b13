"""``landform show``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, Diff, Json, NoColor, Output, ProjectFolder
from landform.cli.views.formats import Format


def show(
    which: Annotated[
        str, typer.Argument(metavar="[PLAN]", help="Start of a plan's digest, or an environment.")
    ] = "",
    folder: ProjectFolder = HERE,
    wanted: Annotated[Format, typer.Option("--format", "-f", help="What to print.")] = Format.TEXT,
    output: Output = None,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Show a saved plan again: the last one, an environment's last one, or the one of a digest.

    Example: landform show dev --format html --output review.html
    """
    from landform.cli.views.formats import render, show_report
    from landform.cli.views.review import show_review
    from landform.workflows.saved_reviews import find_review

    review = find_review(folder, which)
    wanted = Format.JSON if as_json else wanted
    if wanted is Format.TEXT and output is None:
        show_review(review, diff=diff, no_color=no_color)
    else:
        show_report(render(review, wanted, diff=diff), output)
