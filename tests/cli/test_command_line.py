"""The command line as a whole: start-up, usage errors, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LANDFORM = Path(sys.executable).parent / "landform"


def _run(*argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LANDFORM, *argv], cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_version_is_the_packages(tmp_path: Path) -> None:
    from landform import __version__

    assert _run("--version", cwd=tmp_path).stdout == f"landform {__version__}\n"


def test_outside_a_project_it_says_how_to_start_one(tmp_path: Path) -> None:
    done = _run("plan", "dev", cwd=tmp_path)
    assert done.returncode == 1
    assert "landform new DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_environment_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    _run("new", "shop", cwd=tmp_path)
    done = _run("plan", "devv", cwd=tmp_path / "shop")
    assert done.returncode == 1
    assert "unknown environment 'devv'" in done.stderr
    assert "'dev'" in done.stderr


def test_errors_of_a_json_command_are_json(tmp_path: Path) -> None:
    done = _run("plan", "dev", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["error"]["exit_code"] == done.returncode == 1


def test_a_machine_that_forgets_yes_is_refused_before_anything_runs(tmp_path: Path) -> None:
    _run("new", "shop", cwd=tmp_path)
    done = _run("apply", "dev", "--sandbox", "--json", cwd=tmp_path / "shop")
    try:
        assert done.returncode == 3
        assert "--yes" in done.stdout
    finally:
        _run("sandbox", "stop", cwd=tmp_path / "shop")


def test_bad_usage_is_not_taken_for_changes(tmp_path: Path) -> None:
    done = _run("plan", "dev", "--no-such-option", cwd=tmp_path)
    assert done.returncode == 1
    assert "--no-such-option" in done.stderr
