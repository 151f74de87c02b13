"""``landform teardown savings``."""

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
    place_to_read,
)
from landform.cli.sweep_formats import SavingsFormat


def savings(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    actual: Annotated[
        bool,
        typer.Option(
            "--actual", help="Ask AWS for its bill, too: $0.01 a request; needs ce:GetCostAndUsage."
        ),
    ] = False,
    wanted: Annotated[
        SavingsFormat, typer.Option("--format", "-f", help="What to print.")
    ] = SavingsFormat.TEXT,
    output: Output = None,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Show what an environment's teardowns save, by night and by month, from their certificates.

    Example: landform teardown savings dev --format html --output savings.html
    """
    from datetime import UTC, datetime

    from landform.cli.views.formats import show_report
    from landform.cli.views.savings import savings_view
    from landform.workflows.savings import savings_report

    where = place_to_read(folder, environment, sandbox, endpoint_url)
    found = savings_report(where, datetime.now(UTC), actual=actual)
    show_report(savings_view(found, SavingsFormat.JSON if as_json else wanted), output)
