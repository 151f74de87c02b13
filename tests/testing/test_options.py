"""``--tf-strict`` and ``--tf-timeout``, from the outside."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from landform.engine import find_engine
from landform.processes import ProcessId, identify, is_alive
from testing.suite import NOTE, Run

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.terraform

SUITE = """
    import pytest
    pytestmark = pytest.mark.tf("modules/note", vars={"name": "abc"})
"""
HANGS = f"""{sys.executable} -c '
import signal
signal.signal(signal.SIGINT, signal.SIG_DFL)  # like terraform, also where the shell has it ignored
signal.pause()
'"""
APPLIED = SUITE + "    def test_it(tf): pass\n"
PLANNED = SUITE + "    def test_it(tf_plan): pass\n"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A function that puts ``script`` before the real terraform, and returns the folder of both."""

    def put(script: str) -> Path:
        program = tmp_path / "terraform"
        program.write_text(f'#!/bin/sh\n{script}\nexec {find_engine().path} "$@"\n')
        program.chmod(0o755)
        monkeypatch.setenv("LANDFORM_TERRAFORM", str(program))
        return tmp_path

    return put


@pytest.mark.parametrize("fixture", ["tf", "tf_plan", "tf_module"])
def test_a_provider_that_is_not_installed_skips_and_fails_under_strict(run_suite: Run, fixture: str) -> None:
    files = {
        "modules/absent/main.tf": 'resource "nosuchprovider_thing" "this" {}\n',
        "test_it.py": f"""
            import pytest
            @pytest.mark.tf("modules/absent")
            def test_it({fixture}): {fixture}.plan() if {fixture == "tf_module"} else None
        """,
    }
    result = run_suite(files, "-rs")
    result.assert_outcomes(skipped=1)
    told = "modules/absent: Failed to query available provider packages: *nosuchprovider*"
    result.stdout.fnmatch_lines([f"SKIPPED*{told}"])
    strict = run_suite({}, "--tf-strict")
    assert strict.ret == pytest.ExitCode.TESTS_FAILED
    strict.stdout.fnmatch_lines(["*terraform init of modules/absent failed*"])
    strict.stdout.fnmatch_lines(["*error: Failed to query available provider packages*"])
    assert "landform/testing/" not in strict.stdout.str()  # no traceback through the plugin


def test_without_any_terraform_tests_skip_and_fail_under_strict(
    run_suite: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANDFORM_TERRAFORM", str(tmp_path / "no-such-terraform"))
    files = {"modules/note/main.tf": NOTE, "test_it.py": APPLIED}
    skipped = run_suite(files, "-rs")
    skipped.assert_outcomes(skipped=1)
    skipped.stdout.fnmatch_lines(["SKIPPED*no-such-terraform*"])
    strict = run_suite({}, "--tf-strict")
    strict.assert_outcomes(errors=1)
    strict.stdout.fnmatch_lines(["*no-such-terraform*"])


@pytest.mark.parametrize(
    ("command", "suite", "told"),
    [
        ("init", APPLIED, "terraform init of modules/note failed (it took more than 2 s)"),
        ("apply", APPLIED, "terraform apply of modules/note failed (it took more than 2 s)"),
        ("test", PLANNED, "terraform test (plans only) of modules/note failed (it took more than 2 s)"),
    ],
)
def test_a_terraform_that_hangs_is_ended_and_told(
    run_suite: Run, fake: Callable[[str], Path], command: str, suite: str, told: str
) -> None:
    folder = fake(f'[ "$1" = {command} ] && echo $$ > "${{0%/*}}/pid" && exec {HANGS}')
    files = {"modules/note/main.tf": NOTE, "test_it.py": suite}
    result = run_suite(files, "--tf-timeout=2", "--tf-reattach=off")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{told}"])
    assert not _is_there(int((folder / "pid").read_text()))
    assert list(Path(os.environ["TMPDIR"]).glob("landform-test-*")) == []


def test_an_apply_that_does_not_listen_is_killed(run_suite: Run, fake: Callable[[str], Path]) -> None:
    deaf = HANGS.replace("SIG_DFL", "SIG_IGN").replace("signal.pause()", "while True: signal.pause()")
    folder = fake(f'[ "$1" = apply ] && echo $$ > "${{0%/*}}/pid" && exec {deaf}')
    impatient = "import landform.testing.bench\nlandform.testing.bench.GRACE = 0.2\n"
    files = {"modules/note/main.tf": NOTE, "test_it.py": APPLIED, "conftest.py": impatient}
    result = run_suite(files, "--tf-timeout=2", "--tf-reattach=off")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*terraform apply of modules/note failed (it took more than 2 s)"])
    assert not _is_there(int((folder / "pid").read_text()))


def _is_there(pid: int) -> bool:
    found: ProcessId | None = identify(pid)
    return found is not None and is_alive(found)


def test_what_fills_stderr_does_not_stop_a_plan(run_suite: Run, fake: Callable[[str], Path]) -> None:
    """A pipe holds 64 kB: whoever reads only stdout waits for ever."""
    fake("head -c 300000 /dev/zero | tr '\\0' x >&2")
    files = {"modules/note/main.tf": NOTE, "test_it.py": APPLIED + "\n    def test_that(tf_plan): pass\n"}
    run_suite(files, "--tf-timeout=60").assert_outcomes(passed=2)
