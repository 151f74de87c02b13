"""The wheel, installed where nothing else is, does the whole job in an empty folder."""

from __future__ import annotations

import os
import sys
import venv
from pathlib import Path

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import Ended, ProjectKit, run
from e2e.small_projects import two_stacks

pytestmark = pytest.mark.e2e

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landform of the wheel, in a virtual environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(CHECKOUT)], folder, _bare_environ())
    (wheel,) = folder.glob("landform-*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    run(
        [*pip, "--python", str(python), "install", "--no-compile", f"{wheel}[sandbox]"],
        folder,
        _bare_environ(),
    )
    return folder / "venv" / "bin" / "landform"


def test_the_wheel_does_the_whole_job_in_an_empty_folder(installed: Path, make_project: MakeProject) -> None:
    project = make_project({})

    _landform(installed, project, "new", ".", "--name", "shop")
    planned = _landform(installed, project, "plan", "dev", "--sandbox", "--json", code=2).json
    assert planned["project"] == "shop"
    assert [stack["stack"] for stack in planned["stacks"] if stack["changes"]] == ["network", "web"]
    assert str(CHECKOUT) not in "".join(path.read_text() for path in project.folder.rglob("*.tf"))

    for example in ("shop", "eks"):
        other = make_project({})
        _landform(installed, other, "new", ".", "--name", "other", "--example", example)
        assert _landform(installed, other, "validate").out.startswith("Valid.")

    small = make_project(two_stacks())
    _landform(installed, small, "apply", "dev", "--sandbox", "--yes", "--stack", "network")
    assert small.parameter("/shop/cidr") == "10.0.0.0/16"
    assert _landform(installed, small, "sandbox", "stop").out == "Sandbox stopped.\n"


def _landform(installed: Path, project: ProjectKit, *args: str, code: int = 0) -> Ended:
    return run([str(installed), *args], project.folder, _bare_environ(), code)


def _bare_environ() -> dict[str, str]:
    """A shell in which this checkout and its virtual environment are unknown."""
    own = str(Path(sys.executable).parent)
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if part != own)
    hidden = ("PYTHON", "VIRTUAL_ENV", "PIP_")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)} | {"PATH": path}
