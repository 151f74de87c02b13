"""Print or write the job that asks landform what is due."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from landform import __version__
from landform.errors import LandformError
from landform.generator.ci import GithubOptions
from landform.generator.files import Change, write_files
from landform.generator.triggers import EVERY, TriggerKind, TriggerOptions, trigger_files
from landform.project import load_project
from landform.project.durations import seconds_of
from landform.workflows.ci import pinned_release, repository_of
from landform.workflows.teardown_status import scheduled


@dataclass(frozen=True, slots=True)
class TriggerRequest:
    """What was asked for: a ``TriggerKind`` by its value, and ``every`` such as ``15m``.

    An empty text is the default.
    """

    kind: str
    environments: tuple[str, ...] = ()
    every: str = f"{EVERY[0]}m"
    image: str = ""
    install: str = ""
    terraform: str = ""


def make_trigger(folder: Path, request: TriggerRequest) -> Mapping[str, str]:
    """``{file name: text}`` of the job. Raises ProjectInvalid, and LandformError for a bad request."""
    project = load_project(folder)
    names = scheduled(project, request.environments)
    home = project.folder.resolve()
    github = GithubOptions(
        install=request.install or f"landform=={__version__}",
        terraform=request.terraform or pinned_release(project),
        folder=home.relative_to(repository_of(home)).as_posix(),
    )
    options = TriggerOptions(
        program=shutil.which("landform") or str(Path(sys.argv[0]).resolve()),
        folder=str(home),
        github=github,
        every=_minutes(request.every),
        image=request.image,
        named=bool(request.environments),
    )
    return trigger_files(project, TriggerKind(request.kind), names, options)


def write_trigger(files: Mapping[str, str], output: Path) -> list[Change]:
    """Write the job's files into a folder; what changed, as the user would write it. Raises HandWritten."""
    changes = write_files(output, files, [])
    return [replace(each, path=(output / each.path).as_posix()) for each in changes]


def _minutes(every: str) -> int:
    try:
        return seconds_of(every) // 60
    except ValueError as error:
        raise LandformError(f"--every: {error}") from error
