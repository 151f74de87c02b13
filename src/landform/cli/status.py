"""``landform status``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, EndpointUrl, Json, NoColor, ProjectFolder, Sandbox, load


def status(
    environments: Annotated[
        list[str] | None, typer.Argument(metavar="[ENV]...", help="Environments; none means all.")
    ] = None,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Show what is applied where: stacks by environments, releases, drift seen, what a promotion would bring.

    Example: landform status dev --sandbox
    """
    from landform.cli.views.status import show_status
    from landform.project import Purpose
    from landform.workflows.place import PlaceOptions
    from landform.workflows.status import project_status

    options = PlaceOptions(sandbox, endpoint_url, purpose=Purpose.PLAN)
    found = project_status(load(folder), tuple(environments or ()), options)
    show_status(found, as_json=as_json, no_color=no_color)
