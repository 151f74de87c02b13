"""``landform graph``."""

from __future__ import annotations

from typing import Annotated

import typer

from landform.cli.options import HERE, EnvironmentName, ProjectFolder, load


def graph(
    environment: EnvironmentName,
    folder: ProjectFolder = HERE,
    dot: Annotated[bool, typer.Option("--dot", help="Print Graphviz's language.")] = False,
) -> None:
    """Show which stack needs which, and through which outputs.

    Example: landform graph dev --dot
    """
    from landform.cli.views.graph import graph_dot, graph_text
    from landform.workflows.place import environment_of

    project = load(folder)
    environment_of(project, environment)
    typer.echo(graph_dot(project) if dot else graph_text(project))
