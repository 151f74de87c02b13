"""``landform teardown hold``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, EndpointUrl, EnvironmentName, ProjectFolder, Sandbox, place_to_read

Until = Annotated[
    str,
    typer.Option(
        "--until",
        metavar="TIME",
        help='A time on the environment\'s clock, such as "2026-12-01T20:00", one with an offset, or +8h.',
    ),
]


def hold(
    environment: EnvironmentName,
    until: Until,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept, and shown to others.")],
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Keep an environment as it is until a time: its schedule does nothing before. Thirty days at most.

    Example: landform teardown hold dev --until +8h --reason "load test"
    """
    from datetime import UTC, datetime

    from landform.cli.views.teardown import show_hold
    from landform.workflows import holds

    where = place_to_read(folder, environment, sandbox, endpoint_url)
    show_hold(environment, holds.hold(where, until, reason, datetime.now(UTC)))
