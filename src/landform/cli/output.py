"""``landform output``."""

from __future__ import annotations

from landform.cli.options import (
    HERE,
    EndpointUrl,
    EnvironmentName,
    Json,
    NoColor,
    OnlyStacks,
    ProjectFolder,
    Sandbox,
    ShowSensitive,
    place_to_read,
)


def output(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    stack: OnlyStacks = [],
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    show_sensitive: ShowSensitive = False,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Print the outputs of an environment's stacks.

    Example: landform output dev --stack web --json
    """
    from landform.cli.views.tables import show_outputs
    from landform.workflows.outputs import environment_outputs

    found = environment_outputs(place_to_read(folder, environment, sandbox, endpoint_url), tuple(stack))
    show_outputs(found, show_sensitive=show_sensitive, as_json=as_json, no_color=no_color)
