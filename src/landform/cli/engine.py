"""``landform engine``: the terraform that landform drives."""

from __future__ import annotations

from typing import Annotated

import typer

engine_app = typer.Typer(
    help="The terraform or tofu that landform drives: show, path, install.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@engine_app.command("show")
def show_engine() -> None:
    """Say which terraform or tofu is used.

    Example: landform engine show
    """
    from landform.engine import find_engine

    typer.echo(str(find_engine()))


@engine_app.command("path")
def engine_path() -> None:
    """Print the path of the terraform or tofu that is used.

    Example: $(landform engine path) version
    """
    from landform.engine import find_engine

    typer.echo(find_engine().path)


@engine_app.command()
def install(
    version: Annotated[str | None, typer.Option("--version", help="A release; else the pinned one.")] = None,
) -> None:
    """Fetch an official Terraform release, verify its checksum, keep it in your cache.

    Example: landform engine install
    """
    from landform.engine.install import PINNED, install_engine

    typer.echo(f"Installed {install_engine(version or PINNED)}")
