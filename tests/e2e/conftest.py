"""Projects that clean up after themselves: no sandbox and no Terraform may be left when a test ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from e2e.project_kit import LANDFORM, ProjectKit, run, wait_until
from e2e.small_projects import two_stacks

MakeProject = Callable[[Mapping[str, str]], ProjectKit]


@pytest.fixture
def make_project(tmp_path: Path) -> Iterator[MakeProject]:
    """A function that makes a project of some files; its sandbox is gone, and seen to be gone, at the end."""
    made: list[ProjectKit] = []

    def make(files: Mapping[str, str]) -> ProjectKit:
        folder = tmp_path / f"project{len(made) or ''}"
        folder.mkdir()
        made.append(ProjectKit(folder))
        made[-1].write(files)
        return made[-1]

    yield make
    for project in made:
        close(project)


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectKit]:
    """The two small stacks, applied once for all tests of this worker; who changes something puts it back."""
    project = ProjectKit(tmp_path_factory.mktemp("standing"))
    project.write(two_stacks())
    try:
        project.landform("apply", "dev", "--sandbox", "--yes")
        yield project
    finally:
        close(project)


def close(project: ProjectKit) -> None:
    """End what the test left running by accident, stop the sandbox, and see that nothing is left."""
    for process in project.started:
        if process.poll() is None:
            process.kill()
        process.communicate()
    run([str(LANDFORM), "sandbox", "stop"], project.folder, project.environ)
    with suppress(AssertionError):
        wait_until(lambda: not project.processes(), "every process has ended", seconds=15)
    left = project.processes()
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert not left
