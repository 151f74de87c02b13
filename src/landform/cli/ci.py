"""``landform ci``: a project in a CI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landform.cli.options import HERE, PipRequirement, ProjectFolder, TerraformRelease
from landform.errors import ExitCode

ci_app = typer.Typer(
    help="Workflows that run landform in a CI: github.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@ci_app.callback()
def _ci() -> None:
    """Keeps ``github`` a command of its own while it is the only one."""


@ci_app.command()
def github(
    folder: ProjectFolder = HERE,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="Write there, not to .github/workflows."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 2 if stale.")] = False,
    branch: Annotated[str, typer.Option("--branch", help="The branch that is applied.")] = "main",
    install: PipRequirement = "",
    terraform: TerraformRelease = "",
    code_scanning: Annotated[
        bool, typer.Option("--code-scanning", help="Upload the findings to code scanning, too.")
    ] = False,
) -> None:
    """Write GitHub Actions workflows that plan, apply, promote and look for drift.

    Example: landform ci github --branch main --check
    """
    from landform.workflows.ci import GithubRequest, generate_github

    wanted = GithubRequest(output, branch, install, terraform, code_scanning)
    changes = generate_github(folder, wanted, check=check)
    for change in changes:
        typer.echo(f"{change.kind}  {change.path}")
    if not changes:
        typer.echo("The workflows are up to date.")
    raise typer.Exit(ExitCode.CHANGES if check and changes else ExitCode.DONE)
