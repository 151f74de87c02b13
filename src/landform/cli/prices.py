"""``landform prices``: the table that costs are worked out with."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, Json, NoColor, ProjectFolder, load

prices_app = typer.Typer(
    help="The prices that costs are worked out with: show, refresh.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@prices_app.command("show")
def show_prices(
    resource: Annotated[
        str,
        typer.Argument(metavar="[RESOURCE]", help="Only rows that begin so, such as aws_instance:t3."),
    ] = "",
    folder: ProjectFolder = HERE,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """List the prices, each with its source and date.

    Example: landform prices show aws_nat_gateway
    """
    from landform.cli.views.prices import show_price_table
    from landform.workflows.prices import price_table

    show_price_table(price_table(folder), resource, as_json=as_json, no_color=no_color)


@prices_app.command()
def refresh(
    folder: ProjectFolder = HERE,
    endpoint_url: Annotated[
        str | None, typer.Option("--endpoint-url", metavar="URL", help="Ask there instead of AWS.")
    ] = None,
    no_color: NoColor = False,
) -> None:
    """Ask AWS for today's prices in the regions of the project's environments.

    Example: landform prices refresh
    """
    from landform.cli.views.prices import show_refreshed
    from landform.workflows.prices import refresh_prices

    show_refreshed(refresh_prices(load(folder), endpoint_url), no_color=no_color)
