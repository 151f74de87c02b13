"""A state that Terraform could not save is kept with the run whose it is, for nobody else to read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landform.workflows.unsaved import keep_unsaved


@pytest.fixture
def step(tmp_path: Path) -> Path:
    """The run folder of a step whose Terraform worked in the folder ``root`` beside it."""
    (tmp_path / "root").mkdir()
    (tmp_path / "step").mkdir()
    (tmp_path / "step" / "spec.json").write_text(json.dumps({"cwd": str(tmp_path / "root")}))
    return tmp_path / "step"


def test_it_leaves_the_folder_that_other_runs_use(step: Path, tmp_path: Path) -> None:
    left = tmp_path / "root" / "errored.tfstate"
    left.write_text("{}")

    kept = keep_unsaved(step)

    assert kept == step / "errored.tfstate"
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("{}", 0o600)
    assert not left.exists()
    assert keep_unsaved(step) == kept, "who looks later finds it too"


def test_a_state_that_was_saved_leaves_none(step: Path) -> None:
    assert keep_unsaved(step) is None
    (step / "spec.json").unlink()
    assert keep_unsaved(step) is None
