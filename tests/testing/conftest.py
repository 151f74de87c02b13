"""A pytest inside the pytest: real terraform, real provider, real emulator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from testing.suite import Run, hostile_environment, write_files


@pytest.fixture
def run_suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A function that writes files and runs pytest on them in a process of its own."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    for name, value in hostile_environment().items():
        monkeypatch.setenv(name, value)

    def run(files: Mapping[str, str], *args: str) -> pytest.RunResult:
        write_files(pytester.path, files)
        # Loading the plugin of hypothesis takes longer than everything else that such a run does.
        without = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
        return pytester.runpytest_subprocess(*without, *args, timeout=240)

    return run
