"""Write the workflows of a CI for a project, or say which are stale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from landform import __version__
from landform.engine.install import PINNED
from landform.engine.versions import parse_constraint, parse_version
from landform.errors import LandformError
from landform.generator.ci import PATTERN, GithubOptions, github_workflows, header
from landform.generator.files import Change, is_generated, stale_files, write_files
from landform.project import Project, load_project


@dataclass(frozen=True, slots=True)
class GithubRequest:
    """What was asked for. ``output`` None is ``.github/workflows``; an empty text is the default."""

    output: Path | None = None
    branch: str = "main"
    install: str = ""
    terraform: str = ""
    code_scanning: bool = False


def generate_github(folder: Path, request: GithubRequest, *, check: bool = False) -> list[Change]:
    """What was changed, or with ``check`` what would be; paths as the user would write them.

    Raises ProjectInvalid and HandWritten.
    """
    project = load_project(folder)
    home = project.folder.resolve()
    repository = repository_of(home)
    options = GithubOptions(
        install=request.install or f"landform=={__version__}",
        terraform=request.terraform or pinned_release(project),
        branch=request.branch,
        folder=home.relative_to(repository).as_posix(),
        code_scanning=request.code_scanning,
    )
    files = github_workflows(project, options)
    output = request.output or _shortest(repository / ".github" / "workflows")
    _refuse_another_project(output, header(project).partition(";")[0])
    changes = (stale_files if check else write_files)(output, files, [PATTERN])
    return [replace(change, path=(output / change.path).as_posix()) for change in changes]


def repository_of(home: Path) -> Path:
    """The folder of the git repository that the project lies in; the project's own where there is none."""
    return next((each for each in (home, *home.parents) if (each / ".git").exists()), home)


def _refuse_another_project(output: Path, ours: str) -> None:
    """Raise LandformError where another project has its workflows already; ``ours`` begins ours."""
    for path in sorted(output.glob(PATTERN)):
        text = path.read_text(encoding="utf-8", errors="replace")
        if is_generated(text) and not text.startswith(f"{ours};"):
            raise LandformError(
                f"{path} is a workflow of another project",
                "Name another folder with --output, or remove it if the project was renamed.",
            )


def _shortest(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def pinned_release(project: Project) -> str:
    """The release that ``engine install`` fetches by itself. Raises LandformError where that will not do."""
    if parse_constraint(project.terraform).allows(parse_version(PINNED)):
        return PINNED
    what = f"terraform {PINNED} is what landform fetches, and the project takes only {project.terraform!r}"
    raise LandformError(what, "Name another release with --terraform.")
