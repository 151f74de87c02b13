"""``landform policy``: the rules of the project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landform.cli.options import HERE, EndpointUrl, Json, NoColor, ProjectFolder, Sandbox, load, place_to_read
from landform.errors import ExitCode, LandformError

policy_app = typer.Typer(help="The rules of the project: test.", no_args_is_help=True, rich_markup_mode=None)

_WAY_OUT = "Say: landform policy test ENV, or: landform policy test --plan FILE.json"


@policy_app.callback()
def _group() -> None:
    """One command so far; without this Typer would drop its name."""


@policy_app.command(name="test")
def ask_policies(
    environment: Annotated[str, typer.Argument(metavar="[ENV]", help="Environment, such as dev.")] = "",
    folder: ProjectFolder = HERE,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Plan nothing: take terraform show -json.")
    ] = None,
    sarif: Annotated[
        list[Path], typer.Option("--sarif", metavar="FILE", help="Findings of another program; repeatable.")
    ] = [],
    sandbox: Sandbox = False,
    endpoint_url: EndpointUrl = None,
    as_json: Json = False,
    no_color: NoColor = False,
) -> None:
    """Ask all policies about an environment's plan, or a plan's file. Exit 3: denied, or it can't be told.

    Example: landform policy test prod --plan plan.json
    """
    from landform.cli.views.policies import show_policies
    from landform.review.verdict import REFUSING
    from landform.workflows.policies import try_on_environment, try_on_file

    if plan is not None:
        tried = try_on_file(load(folder), environment, plan, sarif)
    elif environment:
        tried = try_on_environment(place_to_read(folder, environment, sandbox, endpoint_url), sarif)
    else:
        raise LandformError("there is no plan to ask about", _WAY_OUT)
    show_policies(tried.results, tried.verdict, as_json=as_json, no_color=no_color)
    raise typer.Exit(ExitCode.REFUSED if tried.verdict.result in REFUSING else ExitCode.DONE)
