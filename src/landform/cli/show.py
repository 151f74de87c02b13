"""``landform show``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, Diff, Json, NoColor, ProjectFolder


def show(
    which: Annotated[
        str, typer.Argument(metavar="[PLAN]", help="Start of a plan's digest, or an environment.")
    ] = "",
    folder: ProjectFolder = HERE,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Show a saved plan again: the last one, an environment's last one, or the one of a digest.

    Example: landform show dev --diff
    """
    from landform.cli.views.review import show_review
    from landform.workflows.saved_reviews import find_review

    show_review(find_review(folder, which), as_json=as_json, diff=diff, no_color=no_color)
