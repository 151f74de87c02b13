"""``landform teardown extend``."""

from __future__ import annotations

from landform.cli.options import HERE, EndpointUrl, EnvironmentName, ProjectFolder, Sandbox, place_to_read
from landform.cli.teardown_hold import Until


def extend(
    environment: EnvironmentName,
    until: Until,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Let a hold end at another time, thirty days from now at most.

    Example: landform teardown extend dev --until "2026-12-01T20:00"
    """
    from datetime import UTC, datetime

    from landform.cli.views.teardown import show_hold
    from landform.workflows import holds

    where = place_to_read(folder, environment, sandbox, endpoint_url)
    show_hold(environment, holds.extend(where, until, datetime.now(UTC)))
