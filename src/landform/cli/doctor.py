"""``landform doctor``."""

from __future__ import annotations

import typer

from landform.cli.options import HERE, Json, NoColor, ProjectFolder


def doctor(folder: ProjectFolder = HERE, as_json: Json = False, no_color: NoColor = False) -> None:
    """Check what landform needs on this machine, and the project if there is one.

    Example: landform doctor
    """
    from landform.cli.views.tables import show_checks
    from landform.workflows.doctor import examine

    checks = examine(folder)
    show_checks(checks, as_json=as_json, no_color=no_color)
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)
