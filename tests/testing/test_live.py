"""What tests made is written down first, destroyed when they are stopped, and swept up when they died."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from landform.engine import prepare_cli_config
from landform.processes import ProcessId, identify
from landform.testing.emulator import Emulator, start_emulator
from landform.workflows.live import (
    FOLDER,
    Journal,
    LiveStack,
    destroy_command,
    find_dead,
    read_journal,
    unreadable,
)
from landform.workflows.sweep import Ending, sweep
from testing.aws_root import PROVIDER, Root, make_root

NOBODY = ProcessId(2**22 + 1, "0")
STUBBORN = """
resource "terraform_data" "it" {
  provisioner "local-exec" {
    when    = destroy
    command = "test -e ${path.root}/agreed"
  }
}
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with start_emulator(tmp_path_factory.mktemp("emulator")) as found:
        yield found


@pytest.fixture
def root(emulator: Emulator, tmp_path: Path) -> Root:
    """A root that refuses to be destroyed until there is a file ``agreed``."""
    env = {**emulator.access().env, "TF_VAR_x": "realsecret"}
    made = make_root(tmp_path / "top" / "a root", STUBBORN, env)
    made.init()
    return made


def _opened(journal: Journal, root: Root, emulator: Emulator) -> LiveStack:
    return journal.open(
        "tests/test_x.py::test_y",
        root.terraform,
        emulator.access(),
        top=root.folder.parent,
        emulator=emulator.process,
    )


def _orphan(stack: LiveStack, **changes: object) -> LiveStack:
    """The same entry, of a test process that is gone."""
    path = Path(stack.entry)
    path.write_text(json.dumps({**json.loads(path.read_text()), "owner": NOBODY, **changes}))
    (found,) = (one for one in read_journal(path.parent.parent) if one.entry == stack.entry)
    return found


@pytest.mark.terraform
def test_an_entry_says_where_things_are_and_holds_no_secret(
    root: Root, emulator: Emulator, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / FOLDER, "run 1/x", "gw0")
    first, second = _opened(journal, root, emulator), _opened(journal, root, emulator)
    assert {Path(first.entry).name, Path(second.entry).name} == {"gw0-0.json", "gw0-1.json"}
    text = Path(first.entry).read_text()
    assert "realsecret" not in text
    assert Path(first.entry).stat().st_mode & 0o077 == 0
    assert json.loads(text)["state"] == str(root.folder / "terraform.tfstate")
    assert read_journal(tmp_path / FOLDER) == (first, second)
    assert first.owner == identify(os.getpid())
    assert find_dead(tmp_path / FOLDER) == ()
    journal.close(first)
    journal.close(second)
    journal.close(second)
    assert read_journal(tmp_path / FOLDER) == ()
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.terraform
def test_only_what_nobody_can_destroy_any_more_is_dead(
    root: Root, emulator: Emulator, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / FOLDER, "run")
    mine, dead, elsewhere = (_opened(journal, root, emulator) for _ in range(3))
    dead = _orphan(dead)
    _orphan(elsewhere, host="another-host")
    (tmp_path / FOLDER / "run" / "notes.json").write_text('{"not": "ours"}')
    assert find_dead(tmp_path / FOLDER) == (dead,)
    assert mine in read_journal(tmp_path / FOLDER)
    assert [path.name for path in unreadable(tmp_path / FOLDER)] == ["notes.json"]


@pytest.mark.terraform
def test_what_cannot_be_destroyed_is_kept_with_a_command_that_works(
    root: Root, emulator: Emulator, tmp_path: Path
) -> None:
    root.apply()
    _orphan(_opened(Journal(tmp_path / FOLDER, "run"), root, emulator))
    done = _sweep(tmp_path)
    assert done.returncode == 5, done.stderr
    assert "not destroyed" in done.stdout
    command = done.stdout.strip().splitlines()[-1].strip()
    assert "AWS_ENDPOINT_URL=" in command
    assert (root.folder / "terraform.tfstate").exists()
    (root.folder / "agreed").touch()
    subprocess.run(["sh", "-c", f"{command} -auto-approve"], check=True, capture_output=True)
    assert root.state["resources"] == []
    done = _sweep(tmp_path)
    assert (done.returncode, "nothing in its state" in done.stdout) == (0, True)
    assert not root.folder.parent.exists()
    assert _sweep(tmp_path).stdout == "Nothing is left by test runs that died.\n"


@pytest.mark.terraform
def test_a_stack_goes_with_its_emulator_even_if_something_else_has_its_port(
    root: Root, emulator: Emulator, tmp_path: Path
) -> None:
    root.apply()
    stack = _orphan(_opened(Journal(tmp_path / FOLDER, "run"), root, emulator), emulator=NOBODY)
    (swept,) = sweep([stack])
    assert swept.ending is Ending.GONE
    assert not root.folder.parent.exists()
    assert read_journal(tmp_path / FOLDER) == ()
    assert list(sweep([stack])) == []


@pytest.mark.terraform
def test_a_real_stack_is_destroyed_in_its_own_account_only(
    root: Root, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root.apply()
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    for name, value in {
        "AWS_ENDPOINT_URL_STS": emulator.endpoint_url,
        "AWS_ACCESS_KEY_ID": "own",
        "AWS_SECRET_ACCESS_KEY": "own",
    }.items():
        monkeypatch.setenv(name, value)
    journal = Journal(tmp_path / FOLDER, "run")
    access = replace(emulator.access(), endpoint_url=None)
    stack = _orphan(journal.open("t", root.terraform, access, account_id="999999999999"))
    (swept,) = sweep([stack])
    assert swept.ending is Ending.KEPT
    assert "account 999999999999, but these credentials are of 123456789012" in swept.why
    assert "AWS_ACCESS_KEY_ID" not in swept.command
    (root.folder / "agreed").touch()
    (swept,) = sweep([_orphan(stack, account_id="123456789012")])
    assert swept.ending is Ending.DESTROYED
    assert not root.folder.exists()


@pytest.mark.terraform
def test_a_state_that_could_not_be_saved_or_is_gone_needs_a_person(
    root: Root, emulator: Emulator, tmp_path: Path
) -> None:
    stack = _orphan(_opened(Journal(tmp_path / FOLDER, "run"), root, emulator))
    (root.folder / "errored.tfstate").write_text("{}")
    (swept,) = sweep([stack])
    assert (swept.ending, "errored.tfstate" in swept.why) == (Ending.KEPT, True)
    root.folder.rename(tmp_path / "elsewhere")
    (swept,) = sweep([stack])
    assert (swept.ending, "is gone" in swept.why) == (Ending.KEPT, True)
    assert "-chdir=" in destroy_command(stack)


SUITE = """
import os, pathlib, sys
import pytest
from testing.aws_root import make_root
from landform.aws.emulator import emulated_access
from landform.workflows.live import Journal

@pytest.fixture
def stack(tmp_path):
    access = emulated_access(os.environ["EMULATOR"], None, "us-east-1")
    root = make_root(tmp_path / "root", os.environ["ROOT"], access.env)
    journal = Journal(pathlib.Path(".landform/tests/live"), "run")
    entry = journal.open("test_it", root.terraform, access)
    root.init()
    root.apply()
    yield root
    root.apply(destroy=True)
    assert root.state["resources"] == []
    journal.close(entry)
    pathlib.Path("destroyed").touch()

def test_it(stack):
    pathlib.Path("applied").touch()
    sys.stdin.read()
"""
BUCKET = 'resource "aws_s3_bucket" "b" { bucket = "left-by-a-test" }'
CONFTEST = """
import pytest
from landform.testing.graceful import graceful

def pytest_configure(config):
    graceful(config)
"""


@pytest.mark.e2e
def test_what_a_killed_run_has_left_is_swept_up(emulator: Emulator, tmp_path: Path) -> None:
    if PROVIDER not in prepare_cli_config(os.environ).mirrored:
        pytest.skip("no mirror here holds the AWS provider")
    process = _suite(tmp_path, SUITE, {"EMULATOR": emulator.endpoint_url, "ROOT": BUCKET}, "-s")
    _wait(process, tmp_path / "applied")
    process.kill()
    process.communicate()
    assert [one["Name"] for one in emulator.client("s3").list_buckets()["Buckets"]] == ["left-by-a-test"]
    listed = _sweep(tmp_path, "--list")
    assert (listed.returncode, "test_it: in the emulator" in listed.stdout) == (5, True)
    done = _sweep(tmp_path)
    assert (done.returncode, "test_it: destroyed" in done.stdout) == (0, True), done.stdout
    assert emulator.client("s3").list_buckets()["Buckets"] == []
    assert read_journal(tmp_path / FOLDER) == ()


@pytest.mark.terraform
def test_a_run_that_is_told_to_end_destroys_what_it_made(emulator: Emulator, tmp_path: Path) -> None:
    env = {"EMULATOR": emulator.endpoint_url, "ROOT": 'resource "terraform_data" "it" {}'}
    process = _suite(tmp_path, SUITE, env, "-s")
    _wait(process, tmp_path / "applied")
    process.terminate()
    said, _ = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM, said
    assert (tmp_path / "destroyed").exists()
    assert read_journal(tmp_path / FOLDER) == ()


SLOW = """
import os, pathlib, signal, sys, time
import pytest

@pytest.fixture(scope="session")
def made(worker_id):
    yield
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
    pathlib.Path(f"torn-down-{worker_id}").touch()

@pytest.mark.parametrize("number", [0, 1])
def test_it(made, number):
    pathlib.Path(f"started-{number}").touch()
    while True:
        time.sleep(0.05)
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_a_request_to_stop_tears_everything_down_once(tmp_path: Path, workers: int) -> None:
    process = _suite(tmp_path, SLOW, {}, f"-n{workers}")
    for number in range(max(workers, 1)):
        _wait(process, tmp_path / f"started-{number}")
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM, said
    expected = {f"torn-down-gw{number}" for number in range(workers)} or {"torn-down-master"}
    assert {path.name for path in tmp_path.glob("torn-down-*")} == expected


def test_it_also_stops_where_a_shell_has_ctrl_c_ignored(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN), signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        process = _suite(tmp_path, SLOW, {}, "-n0")
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGHUP, before[1])
    _wait(process, tmp_path / "started-0")
    process.send_signal(signal.SIGHUP)
    process.communicate()
    assert process.returncode == 128 + signal.SIGHUP
    assert (tmp_path / "torn-down-master").exists()


def _suite(folder: Path, text: str, env: Mapping[str, str], *options: str) -> subprocess.Popen[str]:
    """Pytest with one file of tests, in a process of its own."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(text)
    (folder / "pytest.ini").write_text("[pytest]\n")
    tests = Path(__file__).parents[1]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--basetemp={folder / 'tmp'}",
            *options,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(tests), **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _wait(process: subprocess.Popen[str], path: Path) -> None:
    while not path.exists():
        if process.poll() is not None:
            raise AssertionError(process.communicate()[0])
        time.sleep(0.01)


def _sweep(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    landform = Path(sys.executable).with_name("landform")
    return subprocess.run(
        [str(landform), "test", "sweep", *options], cwd=folder, capture_output=True, text=True, check=False
    )
