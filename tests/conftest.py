"""What the tests of several folders share: projects written from text, and the terraform of this machine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from landform.engine import clean_environment, find_engine

# A machine that is busy with other tests is no fault of an example.
settings.register_profile("landform", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("landform")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """A function that writes ``{path: text}`` into a fresh folder and returns the folder."""

    def write_all(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "project"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write_all


@pytest.fixture(scope="session")
def terraform(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs plain terraform in a folder, as a user would; ``expected`` are its exit codes."""
    engine = find_engine(constraint=">= 1.10, < 2", cache_dir=tmp_path_factory.mktemp("cache"))
    env = clean_environment(os.environ)

    def run(
        folder: Path, *argv: str, expected: tuple[int, ...] = (0,), stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(engine.path), *argv],
            cwd=folder,
            env=env,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode in expected, done.stdout + done.stderr
        return done

    return run
