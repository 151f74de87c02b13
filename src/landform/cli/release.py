"""``landform release``: what an environment has run and can run again."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import (
    HERE,
    Diff,
    EndpointUrl,
    EnvironmentName,
    Json,
    NoColor,
    ProjectFolder,
    Sandbox,
    place_to_read,
)

release_app = typer.Typer(
    help="Releases of an environment: list, show, diff.", no_args_is_help=True, rich_markup_mode=None
)

_START = "Start of its digest, six characters or more"


@release_app.command("list")
def list_(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """List the releases that are kept beside the states of an environment, what ran last first.

    Example: landform release list dev
    """
    from landform.cli.views.releases import show_releases
    from landform.workflows.releases import releases

    found = releases(place_to_read(folder, environment, sandbox, endpoint_url))
    show_releases(found, as_json=as_json, no_color=no_color)


@release_app.command()
def show(
    environment: EnvironmentName,
    release: Annotated[
        str, typer.Argument(metavar="[RELEASE]", help=f"{_START}; default: the current one.")
    ] = "",
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Show what a release holds: files, downloaded modules, provider versions.

    Example: landform release show dev
    """
    from landform.cli.views.releases import show_release
    from landform.workflows.releases import one_release

    found, files = one_release(place_to_read(folder, environment, sandbox, endpoint_url), release)
    show_release(found, files, as_json=as_json, no_color=no_color)


@release_app.command()
def diff(
    environment: EnvironmentName,
    old: Annotated[str, typer.Argument(metavar="OLD", help=f"{_START}.")],
    new: Annotated[str, typer.Argument(metavar="[NEW]", help=f"{_START}; default: the current one.")] = "",
    folder: ProjectFolder = HERE,
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    whole: Diff = False,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Show what differs between two releases: files, with --diff their lines, modules, provider versions.

    Example: landform release diff dev 3f0c62a1b9de
    """
    from landform.cli.views.releases import show_comparison
    from landform.workflows.releases import compare

    found = compare(place_to_read(folder, environment, sandbox, endpoint_url), old, new)
    show_comparison(found, diff=whole, as_json=as_json, no_color=no_color)
