"""``landform teardown certificate``."""

from __future__ import annotations

from pathlib import Path
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
    place_to_read,
)
from landform.cli.sweep_formats import SweepFormat


def certificate(
    environment: EnvironmentName,
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="Its run; none means the newest.")] = "",
    folder: ProjectFolder = HERE,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE", help="Show this file, if it is what was kept.")
    ] = None,
    wanted: Annotated[SweepFormat, typer.Option("--format", "-f", help="What to print.")] = SweepFormat.TEXT,
    output: Output = None,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Show the certificate of a teardown: what was destroyed, what is left, what it saves. Exit 3: none.

    Example: landform teardown certificate dev --format html --output certificate.html
    """
    from landform.cli.certifying import chosen, rendered
    from landform.cli.views.formats import show_report

    where = place_to_read(folder, environment, sandbox, endpoint_url)
    found = chosen(where, run, verify)
    show_report(rendered(where, found, SweepFormat.JSON if as_json else wanted), output)
