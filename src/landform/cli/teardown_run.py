"""``landform teardown run``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, EndpointUrl, Json, ProjectFolder, Sandbox, load


def run(
    environments: Annotated[
        list[str] | None, typer.Argument(metavar="[ENV]...", help="Environments; or --all.")
    ] = None,
    folder: ProjectFolder = HERE,
    every: Annotated[bool, typer.Option("--all", help="All environments with a schedule.")] = False,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="Decide as at this time (RFC 3339), not now.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is due, and do nothing.")] = False,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Do what is due: tear environments down, sweep, certify; or bring them back. For a job; asks nothing.

    Exit 1: something failed. Exit 5: something is left over.

    Example: landform teardown run --all
    """
    from landform.cli.tearing_down import run_teardowns
    from landform.errors import LandformError

    if every == bool(environments):
        raise LandformError("name environments, or give --all", "landform teardown run dev")
    raise typer.Exit(
        run_teardowns(load(folder), tuple(environments or ()), at, sandbox, endpoint_url, dry_run, as_json)
    )
