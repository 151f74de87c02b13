"""``landform state locks``."""

from __future__ import annotations

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    NoColor,
    ProjectFolder,
    Sandbox,
    place_standing,
)


def locks(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """List the locks of an environment and of its states: whose, since when, and whether the owner lives.

    Example: landform state locks dev
    """
    from landform.cli.views.locks import show_locks
    from landform.workflows.held_locks import held_locks
    from landform.workflows.quarantine import quarantined
    from landform.workflows.records import records_of

    where = place_standing(folder, environment, sandbox, endpoint_url, to_read=True)
    waiting = tuple(quarantined(records_of(where)).values())
    show_locks(held_locks(where), waiting, as_json=as_json, no_color=no_color)
