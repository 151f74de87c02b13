"""One emulator per project: found again, never doubled, never left behind, never with the user's secrets."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from landform.aws import sandbox
from landform.aws.emulator import emulated_access
from landform.aws.sandbox_record import RECORD, Record, write_record
from landform.aws.session import AwsClient, client
from landform.aws.state_objects import ensure_bucket
from landform.errors import SandboxFailed
from landform.processes import identify, is_alive

Wait = Callable[[Callable[[], object]], None]


def _s3(found: sandbox.Sandbox) -> AwsClient:
    return client(emulated_access(found.endpoint_url, None, "us-east-1"), "s3")


def test_two_commands_at_once_start_one_server_that_outlives_them(project: Path) -> None:
    script = (
        "import sys, pathlib; from landform.aws import sandbox; "
        "s = sandbox.start(pathlib.Path(sys.argv[1])); print(s.id, s.process.pid)"
    )
    argv = [sys.executable, "-c", script, str(project)]
    commands = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {command.communicate(timeout=60)[0] for command in commands}
    found = sandbox.status(project)
    assert found is not None
    assert said == {f"{found.id} {found.process.pid}\n"}
    assert _s3(found).list_buckets()["Buckets"] == []


def test_stop_leaves_no_process_and_no_data(project: Path) -> None:
    found = sandbox.start(project)
    (found.folder / "terraform.tfstate").write_text("{}")
    assert sandbox.stop(project)
    assert not is_alive(found.process)
    assert not found.folder.exists()
    assert sandbox.status(project) is None
    assert not sandbox.stop(project)


def test_stop_where_none_was_ever_started_makes_no_folder(tmp_path: Path) -> None:
    assert not sandbox.stop(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_after_a_killed_server_nothing_of_it_is_taken_for_current(project: Path, wait_until: Wait) -> None:
    killed = sandbox.start(project)
    (killed.folder / "terraform.tfstate").write_text("{}")
    os.kill(killed.process.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(killed.process))
    assert sandbox.status(project) is None
    fresh = sandbox.start(project)
    assert fresh.id != killed.id
    assert fresh.folder.is_dir()
    assert not killed.folder.exists()


def test_reset_empties_aws_and_begins_a_new_life(project: Path) -> None:
    before = sandbox.start(project)
    ensure_bucket(_s3(before), "kept", "us-east-1")
    (before.folder / "terraform.tfstate").write_text("{}")
    after = sandbox.reset(project)
    assert after.id != before.id
    assert after.process == before.process
    assert _s3(after).list_buckets()["Buckets"] == []
    assert after.folder.is_dir()
    assert not before.folder.exists()
    assert sandbox.start(project) == after


def test_a_reset_from_elsewhere_is_noticed(project: Path) -> None:
    before = sandbox.start(project)
    request = urllib.request.Request(f"{before.endpoint_url}/moto-api/reset", method="POST")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()
    after = sandbox.start(project)
    assert after.id != before.id
    assert not before.folder.exists()


def test_a_server_whose_folder_is_gone_ends_by_itself(project: Path, wait_until: Wait) -> None:
    found = sandbox.start(project)
    shutil.rmtree(project)
    wait_until(lambda: not is_alive(found.process))


def test_a_pid_that_belongs_to_someone_else_by_now_is_left_alone(project: Path) -> None:
    found = sandbox.start(project)
    sandbox.stop(project)
    stranger = identify(os.getpid())
    assert stranger is not None
    folder = project / sandbox.FOLDER
    write_record(folder, Record(found.id, time.time(), stranger.pid, stranger.started + "0", port=1))
    assert sandbox.status(project) is None
    assert not sandbox.stop(project)  # and this process lives on to say so


def test_the_server_knows_no_secret_of_the_user(
    project: Path, planted: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "realrealtoken")
    monkeypatch.setenv("TF_VAR_password", "realrealsecret")
    found = sandbox.start(project)
    environ = Path(f"/proc/{found.process.pid}/environ")
    if not environ.exists():
        pytest.skip("no /proc here")
    text = environ.read_text()
    assert [secret for secret in planted if secret in text] == []


def test_only_the_user_may_read_the_record_and_the_data(project: Path) -> None:
    found = sandbox.start(project)
    assert (found.folder.parent / RECORD).stat().st_mode & 0o077 == 0
    assert found.folder.stat().st_mode & 0o077 == 0


def test_status_costs_no_aws_library(project: Path) -> None:
    sandbox.start(project)
    script = (
        "import sys, pathlib, time; from landform.aws import sandbox\n"
        "def once():\n"
        "    began = time.perf_counter(); assert sandbox.status(pathlib.Path(sys.argv[1]))\n"
        "    return time.perf_counter() - began\n"
        "print(min(once() for _ in range(5)) < 0.02, {'moto', 'boto3', 'botocore'} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(project)], capture_output=True, text=True, check=True
    )
    assert said.stdout == "True set()\n"


def test_a_server_that_cannot_start_says_why(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shadow" / "moto").mkdir(parents=True)
    (tmp_path / "shadow" / "moto" / "__init__.py").write_text("raise RuntimeError('moto is broken here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "shadow"))
    with pytest.raises(SandboxFailed, match=r"ended at once: .*moto is broken here") as failure:
        sandbox.start(project)
    assert "server.log" in failure.value.way_out
    assert sandbox.status(project) is None
    monkeypatch.delenv("PYTHONPATH")
    assert sandbox.start(project).endpoint_url


def test_without_moto_the_way_out_is_to_install_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flask_cors", None)
    with pytest.raises(SandboxFailed, match="flask_cors") as failure:
        sandbox.start(project)
    assert failure.value.way_out == "pip install 'landform[sandbox]'"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / ".landform").write_text("a file where the folder should be")
    with pytest.raises(SandboxFailed, match=str(tmp_path)):
        sandbox.start(tmp_path)
