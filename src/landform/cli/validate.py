"""``landform validate``."""

from __future__ import annotations

import typer

from landform.cli.options import HERE, ProjectFolder


def validate(folder: ProjectFolder = HERE) -> None:
    """Check the project, then let Terraform validate all stacks together. Needs no AWS.

    Example: landform validate --project shop
    """
    from landform.workflows.validate import validate_project

    project = validate_project(folder)
    typer.echo(
        f"Valid. Stacks: {', '.join(project.order)}; environments: {', '.join(project.environment_by_name)}."
    )
