"""``landform teardown release``."""

from __future__ import annotations

from landform.cli.options import HERE, EndpointUrl, EnvironmentName, ProjectFolder, Sandbox, place_to_read


def release(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
) -> None:
    """End a hold now: the environment is torn down and rebuilt by its schedule again.

    Example: landform teardown release dev
    """
    from datetime import UTC, datetime

    from landform.cli.views.teardown import show_released
    from landform.workflows import holds

    where = place_to_read(folder, environment, sandbox, endpoint_url)
    show_released(environment, holds.release(where, datetime.now(UTC)))
