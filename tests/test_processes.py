"""Reads, detached servers and process identity. Supervised steps: ``tests/engine/test_supervision.py``."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from landform import processes
from landform.processes import Completed, ProcessId, capture, identify, is_alive, start_daemon, stream

ENV = {"PATH": os.environ["PATH"]}


def run(body: str, on_line: Callable[[str], None], cwd: Path, limit: int = processes.MAX_LINE) -> Completed:
    return asyncio.run(stream(["/bin/sh", "-c", body], cwd=cwd, env=ENV, on_line=on_line, limit=limit))


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_lines_come_while_the_program_still_runs(tmp_path: Path) -> None:
    lines: list[str] = []

    def hear(line: str) -> None:
        lines.append(line)
        (tmp_path / "gate").touch()  # the program waits for this before its second line

    done = run("echo one; while [ ! -e gate ]; do sleep 0.02; done; printf 'two\\r\\nlast'", hear, tmp_path)
    assert lines == ["one", "two", "last"]
    assert done == Completed(0, "")


def test_a_full_stderr_does_not_stop_the_program_and_its_end_is_kept(tmp_path: Path) -> None:
    lines: list[str] = []
    done = run(
        "head -c 300000 /dev/zero | tr '\\0' e >&2; echo the end >&2; echo out; exit 3",
        lines.append,
        tmp_path,
    )
    assert (lines, done.returncode) == (["out"], 3)
    assert done.stderr_tail.endswith("eee" + "the end\n")
    assert len(done.stderr_tail) == 64 * 1024


def test_a_line_longer_than_the_limit_comes_in_pieces(tmp_path: Path) -> None:
    pieces: list[str] = []
    run("head -c 1000000 /dev/zero | tr '\\0' x; echo", pieces.append, tmp_path, limit=100_000)
    assert len(pieces) > 1
    assert "".join(pieces) == "x" * 1_000_000


def test_a_failing_listener_is_heard_of_once_the_program_has_ended(tmp_path: Path) -> None:
    def broken(line: str) -> None:
        raise RuntimeError(line)

    with pytest.raises(RuntimeError, match="first"):
        run("echo first; head -c 300000 /dev/zero; touch ended", broken, tmp_path)
    assert (tmp_path / "ended").exists()


def test_a_program_gets_no_terminal_no_input_and_a_session_of_its_own(tmp_path: Path) -> None:
    code = (
        "import os, sys; print(repr(sys.stdin.read()), os.getsid(0) == os.getpid(), 'SECRET' in os.environ)"
    )
    done = asyncio.run(capture([sys.executable, "-c", code], cwd=tmp_path, env=ENV))
    assert done.stdout == b"'' True False\n"


def test_capture_keeps_bytes_as_they_are(tmp_path: Path) -> None:
    done = asyncio.run(capture(["/bin/sh", "-c", "printf 'a\\377\\r\\n\\0b'"], cwd=tmp_path, env=ENV))
    assert done.stdout == b"a\xff\r\n\0b"


def cancelled(body: str, cwd: Path) -> None:
    """Run a shell script until it has made the file ``ready``, then cancel the read."""

    async def main() -> None:
        def ready(_: str) -> None:
            read.cancel()

        read = asyncio.create_task(stream(["/bin/sh", "-c", body], cwd=cwd, env=ENV, on_line=ready))
        with pytest.raises(asyncio.CancelledError):
            await read

    asyncio.run(main())


def test_cancelling_a_read_sends_one_sigint_and_waits_for_its_end(tmp_path: Path) -> None:
    wait = "while [ ! -e told ]; do sleep 0.02; done"
    cancelled(f"trap 'echo got >> told' INT; echo ready; {wait}; sleep 0.2; touch ended", tmp_path)
    assert (tmp_path / "told").read_text() == "got\n"
    assert (tmp_path / "ended").exists()


def test_a_read_that_ignores_sigint_and_sigterm_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.1)
    monkeypatch.setattr(processes, "TERM_GRACE", 0.1)
    cancelled("trap '' INT TERM; sleep 1000 & echo $! > child; echo ready; wait", tmp_path)
    child = int((tmp_path / "child").read_text())
    wait_until(lambda: identify(child) is None)


def test_a_daemon_outlives_who_started_it_and_writes_to_a_private_log(tmp_path: Path) -> None:
    code = """
import os
from pathlib import Path
from landform.processes import start_daemon
held = os.open("/dev/null", os.O_RDONLY); os.set_inheritable(held, True)
script = "readlink /proc/self/fd/* ; echo $SECRET; exec sleep 1000"
env = {"SECRET": "s3", **os.environ}
print(*start_daemon(["/bin/sh", "-c", script], env=env, log=Path("log"), cwd=Path(".")))
print(held)
"""
    starter = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    pid, started = starter.stdout.split()[:2]
    daemon = ProcessId(int(pid), started)
    try:
        assert is_alive(daemon)
        wait_until(lambda: "s3" in (tmp_path / "log").read_text())
        assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "log").read_text().count("/dev/null") == 1  # its stdin; nothing inherited
    finally:
        os.kill(daemon.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(daemon))


def test_a_process_is_not_mistaken_for_another_with_its_number(tmp_path: Path) -> None:
    me = identify(os.getpid())
    assert me is not None
    assert is_alive(me)
    assert not is_alive(ProcessId(me.pid, "another start"))


def test_a_zombie_is_not_alive(tmp_path: Path) -> None:
    child = subprocess.Popen(["/bin/sh", "-c", "read line"], stdin=subprocess.PIPE)
    known = identify(child.pid)
    assert known is not None
    assert child.stdin is not None
    child.stdin.close()
    wait_until(lambda: not is_alive(known))
    assert child.wait() != 0


def test_the_name_of_a_program_does_not_confuse_its_identity(tmp_path: Path) -> None:
    program = tmp_path / "a) Z 1 (b"
    program.symlink_to("/bin/sleep")
    daemon = start_daemon([str(program), "1000"], env=ENV, log=tmp_path / "log", cwd=tmp_path)
    try:
        assert daemon.started.isdigit()
        assert is_alive(daemon)
    finally:
        os.kill(daemon.pid, signal.SIGKILL)


def test_a_question_that_is_never_answered_ends(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match=r"did not answer within 0\.1 s"):
        processes.ask(["/bin/sleep", "100"], env=ENV, timeout=0.1)
