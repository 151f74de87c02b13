"""``landform sandbox``: the AWS emulator inside this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, ProjectFolder, place
from landform.errors import ExitCode

sandbox_app = typer.Typer(
    help="The AWS emulator inside this machine: start, stop, status, reset, env.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@sandbox_app.command()
def start(folder: ProjectFolder = HERE) -> None:
    """Start the sandbox, unless it runs already. It outlives this command.

    Example: landform sandbox start
    """
    from landform.aws import sandbox

    typer.echo(f"Sandbox runs at {sandbox.start(folder.resolve()).endpoint_url}")


@sandbox_app.command()
def stop(folder: ProjectFolder = HERE) -> None:
    """Stop the sandbox; everything in it is gone.

    Example: landform sandbox stop
    """
    from landform.aws import sandbox

    typer.echo("Sandbox stopped." if sandbox.stop(folder.resolve()) else "No sandbox runs.")


@sandbox_app.command()
def status(folder: ProjectFolder = HERE) -> None:
    """Say whether the sandbox runs, and where. Exit 1: it does not.

    Example: landform sandbox status
    """
    from landform.aws import sandbox

    found = sandbox.status(folder.resolve())
    typer.echo(
        f"Sandbox runs at {found.endpoint_url} since {found.started:%Y-%m-%d %H:%M:%S} UTC"
        if found
        else "No sandbox runs."
    )
    raise typer.Exit(ExitCode.DONE if found else ExitCode.FAILED)


@sandbox_app.command()
def reset(folder: ProjectFolder = HERE) -> None:
    """Empty the sandbox: every resource, state and lock in it.

    Example: landform sandbox reset
    """
    from landform.aws import sandbox

    typer.echo(f"Sandbox is empty again, at {sandbox.reset(folder.resolve()).endpoint_url}")


@sandbox_app.command()
def env(
    environment: Annotated[str, typer.Argument(metavar="ENV", help="Environment, such as dev.")],
    folder: ProjectFolder = HERE,
) -> None:
    """Print shell exports that point plain terraform and the AWS CLI at the sandbox.

    Example: eval "$(landform sandbox env dev)"
    """
    from landform.workflows.by_hand import shell_exports

    for line in shell_exports(place(folder, environment, True, None)):
        typer.echo(line)
