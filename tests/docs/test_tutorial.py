"""The tutorial works as it is written: its files, its commands, the outputs it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import ROOT
from docs.walkthrough import follow
from e2e.project_kit import LANDFORM, ProjectKit, run

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder; whatever the tutorial leaves running in it is ended."""
    made = tmp_path_factory.mktemp("tutorial")
    yield made
    for project in made.iterdir():
        run([str(LANDFORM), "sandbox", "stop", "--project", str(project)], made, code=None)


def test_every_command_shows_what_the_tutorial_says(folder: Path) -> None:
    assert follow(ROOT / "docs" / "tutorial.md", folder) == {}
    assert ProjectKit(folder).processes() == {}
