"""``landform review``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landform.cli.options import Diff, Json, NoColor, Output
from landform.cli.views.formats import Format
from landform.errors import ExitCode


class Threshold(StrEnum):
    """What ``--deny-at`` takes."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    NEVER = "never"


def review(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What terraform show -json wrote; - for stdin.")
    ],
    wanted: Annotated[Format, typer.Option("--format", "-f", help="What to print.")] = Format.TEXT,
    output: Output = None,
    deny_at: Annotated[
        Threshold, typer.Option("--deny-at", help="Exit 3 where a finding is as severe as this.")
    ] = Threshold.NEVER,
    region: Annotated[
        str, typer.Option("--region", metavar="REGION", help="Where it is priced, if the plan does not say.")
    ] = "",
    sarif: Annotated[
        list[Path], typer.Option("--sarif", metavar="FILE", help="Findings of another program; repeatable.")
    ] = [],
    policy: Annotated[
        Path | None, typer.Option("--policy", metavar="FOLDER", help="Ask the policies (*.py) in it, too.")
    ] = None,
    diff: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Review any plan of terraform or tofu; no project is needed. Exit 2: there are changes, 3: denied.

    Example: terraform show -json my.tfplan | landform review -
    """
    from landform.cli.views.formats import report, show_report
    from landform.cli.views.review import show_review
    from landform.review.verdict import REFUSING
    from landform.workflows.foreign import FileRequest, review_file

    found = review_file(FileRequest(file, region, policy, tuple(sarif), deny_at.value))
    wanted = Format.JSON if as_json else wanted
    if wanted is Format.TEXT and output is None:
        show_review(found, diff=diff, no_color=no_color)
    else:
        show_report(report(found, wanted, diff=diff), output)
    if found.cost is None:
        typer.echo("No cost: the plan does not say in which region it is. Name it: --region REGION", err=True)
    if found.verdict.result in REFUSING:
        raise typer.Exit(ExitCode.REFUSED)
    raise typer.Exit(ExitCode.CHANGES if found.has_changes else ExitCode.DONE)
