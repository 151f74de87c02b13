"""``landform sweep``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    Output,
    ProjectFolder,
    Sandbox,
    place_standing,
)
from landform.cli.sweep_formats import SweepFormat


def sweep(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    delete_leftovers: Annotated[
        bool, typer.Option("--delete-leftovers", help="Make a list of what could be deleted, and show it.")
    ] = False,
    delete: Annotated[
        str, typer.Option("--delete", metavar="DIGEST", help="Delete exactly what this list names.")
    ] = "",
    wanted: Annotated[SweepFormat, typer.Option("--format", "-f", help="What to print.")] = SweepFormat.TEXT,
    output: Output = None,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Find what stands in the account with the environment's tags or name, and is in no state. Exit 5: found.

    Example: landform sweep dev --format html --output sweep.html
    """
    from landform.cli.sweeping import delete_list, show_list, sweep_and_show

    wanted = SweepFormat.JSON if as_json else wanted
    where = place_standing(folder, environment, sandbox, endpoint_url, to_read=not delete)
    if delete:
        code = delete_list(where, delete)
    elif delete_leftovers:
        code = show_list(where, wanted, output)
    else:
        code = sweep_and_show(where, wanted, output)
    raise typer.Exit(code)
