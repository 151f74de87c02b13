"""``landform audit``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    ProjectFolder,
    Sandbox,
    place_to_read,
)
from landform.errors import LandformError


def audit(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    reviewed: Annotated[
        int, typer.Option("--reviewed", metavar="ENTRY", help="Note that you have looked into a break-glass.")
    ] = 0,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What you found; kept.")] = "",
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
) -> None:
    """Verify and show the history of an environment: who approved and applied which plan. Exit 3: damaged.

    Example: landform audit prod
    """
    from landform.cli.views.history import show_history
    from landform.workflows.approving import mend_glass
    from landform.workflows.audit import read_audit
    from landform.workflows.records import records_of

    where = place_to_read(folder, environment, sandbox, endpoint_url)
    records = records_of(where)
    if reviewed:
        if not reason:
            raise LandformError("a review of a break-glass needs its outcome", "Add --reason TEXT.")
        mend_glass(where, records, reviewed, reason)
    show_history(read_audit(records), as_json=as_json)
