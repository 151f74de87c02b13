"""``landform teardown status``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, EndpointUrl, Json, ProjectFolder, Sandbox, load


def status(
    environments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ENV]...", help="Environments; none means all with a schedule."),
    ] = None,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Show when environments go and come back, who holds them, how the last time went, what was saved.

    Example: landform teardown status dev --json
    """
    from datetime import UTC, datetime

    from landform.cli.views.teardown import show_teardowns
    from landform.project import Purpose
    from landform.workflows.place import PlaceOptions
    from landform.workflows.teardown_status import teardown_status

    options = PlaceOptions(sandbox, endpoint_url, purpose=Purpose.PLAN)
    found = teardown_status(load(folder), tuple(environments or ()), options, datetime.now(UTC))
    show_teardowns(found, as_json=as_json)
