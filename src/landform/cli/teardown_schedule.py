"""``landform teardown schedule``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landform.cli.options import HERE, PipRequirement, ProjectFolder, TerraformRelease


class For(StrEnum):
    """What is to start the job."""

    CRON = "cron"
    SYSTEMD = "systemd"
    GITHUB = "github"
    KUBERNETES = "kubernetes"
    EVENTBRIDGE = "eventbridge"


def schedule(
    kind: Annotated[For, typer.Option("--for", help="What starts the job.")],
    environments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ENV]...", help="Environments; none means all with a schedule."),
    ] = None,
    folder: ProjectFolder = HERE,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write files there, not to the terminal.")
    ] = None,
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="How often to ask: 15m, 30m or 60m.")
    ] = "15m",
    image: Annotated[
        str, typer.Option("--image", help="For kubernetes: holds landform, terraform, the project.")
    ] = "",
    install: PipRequirement = "",
    terraform: TerraformRelease = "",
) -> None:
    """Print or write the job that asks landform, every quarter of an hour, what is due.

    Example: landform teardown schedule --for systemd --output ~/.config/systemd/user
    """
    from landform.cli.views.triggers import show_trigger
    from landform.workflows.triggers import TriggerRequest, make_trigger, write_trigger

    wanted = TriggerRequest(str(kind), tuple(environments or ()), every, image, install, terraform)
    files = make_trigger(folder, wanted)
    if output is None:
        show_trigger(files)
        return
    changes = write_trigger(files, output)
    for change in changes:
        typer.echo(f"{change.kind}  {change.path}")
    if not changes:
        typer.echo("The job is up to date.")
