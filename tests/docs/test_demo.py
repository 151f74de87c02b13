"""The demo runs to its end, leaves nothing behind, and README shows what it prints."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docs.pages import ROOT, blocks
from docs.transcripts import mismatch
from e2e.project_kit import LANDFORM, Ended, ProjectKit, run

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo makes its own folder."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Ended:
    """One run of the demo, without a terminal."""
    env = {**os.environ, "PATH": f"{LANDFORM.parent}:{os.environ['PATH']}", "TMPDIR": str(folder)}
    return run(["bash", str(ROOT / "demo" / "demo.sh")], folder, {**env, "COLUMNS": "80"})


def test_it_says_nothing_on_standard_error(demo: Ended) -> None:
    assert demo.err == ""


def test_it_leaves_no_process_and_no_file(demo: Ended, folder: Path) -> None:
    assert demo.code == 0
    assert ProjectKit(folder).processes() == {}
    assert list(folder.iterdir()) == []


def test_readme_shows_what_it_prints(demo: Ended) -> None:
    transcript = next(blocks(ROOT / "README.md", "console"))
    assert mismatch(transcript.text, demo.out) == ""
