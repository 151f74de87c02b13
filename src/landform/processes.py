"""The one file that starts processes: reads, detached servers, and the supervisor of what changes state.

Reads (plan, show) are children of landform. What changes state runs under a **supervisor**: this same file,
started as ``python -I -S processes.py supervise SPEC.json`` in a session of its own. The program's output
goes to files, so a landform that dies breaks no pipe; the program gets at most one SIGINT ever, because
Terraform takes the second one as "abort without saving"; the result is written by rename, so it is there
whole or not at all. Standard library only, and asyncio imported late: the supervisor has to start in a few
hundredths of a second.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import asyncio

MAX_LINE = 64 * 1024 * 1024
"""Bytes of one line that are kept together; a longer one is handed on in pieces."""
GRACE = 30.0
"""Seconds a cancelled read has after SIGINT, before SIGTERM."""
TERM_GRACE = 5.0
"""Seconds it has after SIGTERM, before SIGKILL."""
HEARTBEAT = 2.0
"""Seconds between two touches of a supervisor's ``heartbeat`` file."""
INTERRUPT = b"i"
"""What landform writes to a supervisor's stdin to have its program interrupted."""

_CHUNK = 64 * 1024


class Completed(NamedTuple):
    """How a read ended. ``returncode`` is negative for a signal; ``stderr_tail`` is the last 64 KiB of it."""

    returncode: int
    stderr_tail: str
    stdout: bytes = b""


class ProcessId(NamedTuple):
    """A process that cannot be mistaken for a later one: its pid and when the system says it started."""

    pid: int
    started: str


class Lines:
    """Cuts a stream of bytes into lines of text and hands them to ``on_line``."""

    def __init__(self, on_line: Callable[[str], None], limit: int = MAX_LINE) -> None:
        self._on_line, self._limit, self._rest = on_line, limit, bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes; a line longer than the limit comes in pieces."""
        *whole, rest = data.split(b"\n")
        for piece in whole:
            self._rest += piece
            self._emit()
        self._rest += rest
        if len(self._rest) > self._limit:
            self._emit()

    def flush(self) -> None:
        """The stream has ended: hand over a last line that has no newline."""
        if self._rest:
            self._emit()

    def _emit(self) -> None:
        text = self._rest.decode("utf-8", "replace").removesuffix("\r")
        self._rest = bytearray()
        self._on_line(text)


# --- reads ------------------------------------------------------------------------------------------------


async def stream(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    on_line: Callable[[str], None],
    limit: int = MAX_LINE,
) -> Completed:
    """Run a read and hand over each line of its stdout as it comes.

    Cancelling sends one SIGINT and waits ``GRACE``, then SIGTERM, then SIGKILL. An exception of ``on_line``
    is raised once the read has ended. Raises ``OSError`` when the program cannot start.
    """
    lines = Lines(on_line, limit)
    completed = await _read(argv, cwd, env, lines.feed)
    lines.flush()
    return completed


async def capture(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Completed:
    """Run a read and keep all of its stdout as bytes. Cancelling and errors as in ``stream``."""
    stdout = bytearray()
    completed = await _read(argv, cwd, env, stdout.extend)
    return completed._replace(stdout=bytes(stdout))


def ask(
    argv: Sequence[str], *, env: Mapping[str, str], timeout: float = 30.0, stdin: bytes = b""
) -> Completed:
    """Run a short question without asyncio. Raises ``OSError``, ``TimeoutError`` after ``timeout`` s."""
    try:
        done = subprocess.run(argv, env=env, input=stdin, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as slow:
        raise TimeoutError(f"{argv[0]} did not answer within {timeout:g} s") from slow
    return Completed(done.returncode, done.stderr[-_CHUNK:].decode("utf-8", "replace"), done.stdout)


async def _read(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str], sink: Callable[[bytes], None]
) -> Completed:
    import asyncio

    # A session of its own: a Ctrl-C at the terminal would reach Terraform a second time otherwise.
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=cwd,
        env=dict(env),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    tail = bytearray()

    def keep_tail(data: bytes) -> None:
        tail.extend(data)
        del tail[:-_CHUNK]

    # Both pipes are read at once: a full stderr would stop the program for ever.
    both = (_pump(process.stdout, sink), _pump(process.stderr, keep_tail))
    pumps = asyncio.gather(*both, return_exceptions=True)
    try:
        failures = [failure for failure in await asyncio.shield(pumps) if failure]
        returncode = await process.wait()
    except asyncio.CancelledError:
        await _stop(process)
        pumps.cancel()
        raise
    if failures:
        raise failures[0]
    return Completed(returncode, tail.decode("utf-8", "replace"))


async def _pump(reader: asyncio.StreamReader | None, sink: Callable[[bytes], None]) -> None:
    failure: Exception | None = None
    while reader is not None and (data := await reader.read(_CHUNK)):
        try:
            if failure is None:
                sink(data)
        except Exception as error:  # the pipe is read to its end whatever the sink does
            failure = error
    if failure is not None:
        raise failure


async def _stop(process: asyncio.subprocess.Process) -> None:
    """SIGINT once, then SIGTERM, then SIGKILL for the whole session; a further cancel moves one step on."""
    import asyncio

    for number, patience in (
        (signal.SIGINT, GRACE),
        (signal.SIGTERM, TERM_GRACE),
        (signal.SIGKILL, TERM_GRACE),
    ):
        with contextlib.suppress(ProcessLookupError):
            if number is signal.SIGKILL:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(process.wait(), patience)
            return


# --- detached servers, and who is alive --------------------------------------------------------------------


def start_daemon(argv: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path) -> ProcessId:
    """Start a server that outlives this command; its output goes to ``log`` (0600). Raises ``OSError``."""
    with _private(log, os.O_APPEND) as output:
        child = subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    started = identify(child.pid) or ProcessId(child.pid, "")
    child.returncode = 0  # it is meant to live on: no warning about a child that still runs
    return started


def start_companion(
    argv: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path
) -> subprocess.Popen[bytes]:
    """Start a server that ends with this process: its stdin then comes to its end, however this one ended.

    stdin and stdout are pipes, stderr goes to ``log`` (0600). It has a session of its own, so that a Ctrl-C
    at the terminal does not take it away from whoever still cleans up. Raises ``OSError``.
    """
    with _private(log, os.O_APPEND) as errors:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )


def fork() -> int:
    """A copy of this process: 0 in the copy, its pid in the original. Only the calling thread is copied."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns wherever there are threads
        return os.fork()


def identify(pid: int) -> ProcessId | None:
    """The identity of a running process, None when there is none (a zombie is none)."""
    if not Path("/proc/self/stat").exists():
        return _identify_by_ps(pid)
    try:
        # The name in brackets may itself hold brackets and spaces; what follows the last one does not.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else ProcessId(pid, fields[19])


def _identify_by_ps(pid: int) -> ProcessId | None:
    answer = ask(["ps", "-o", "stat=,lstart=", "-p", str(pid)], env={"LC_ALL": "C", "PATH": os.defpath})
    state, _, started = answer.stdout.decode().strip().partition(" ")
    return ProcessId(pid, started.strip()) if started and not state.startswith("Z") else None


def is_alive(process: ProcessId) -> bool:
    """Whether exactly this process still runs, not another one that got its number."""
    return identify(process.pid) == process


# --- the supervisor -----------------------------------------------------------------------------------------


def launch_supervisor(
    folder: Path, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], on_orphan: str
) -> subprocess.Popen[bytes]:
    """Start a supervisor for ``argv`` in the run folder ``folder`` (made 0700), which is used once only.

    Its stdin takes ``INTERRUPT``, and end of file as landform's death; its stdout ends when it ends. ``env``
    may hold secrets: it is inherited, never written. Raises ``FileExistsError`` for a folder that was used.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    spec = folder.resolve() / "spec.json"
    with _private(spec, os.O_EXCL) as claim:
        claim.write(
            json.dumps({"argv": list(argv), "cwd": str(cwd.resolve()), "on_orphan": on_orphan}).encode()
        )
    with _private(folder / "supervisor.log", os.O_APPEND) as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, "supervise", str(spec)],
            cwd=folder,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


class _Supervisor:
    """Runs one program to its end and writes down what became of it."""

    def __init__(self, spec: Path) -> None:
        self._folder = spec.parent
        self._spec: dict[str, Any] = json.loads(spec.read_text())
        self._selector = selectors.DefaultSelector()
        self._interrupted = False
        self._wake = _wake_on_signals()
        self._selector.register(0, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)

    def run(self) -> None:
        """Start the program, wait for its end, write the result."""
        if self._selector.select(0) and os.read(0, 1) == b"":
            return  # landform died before anything began: nothing is started for nobody
        self._write("supervisor.json", self._identity(None))
        self._program_started = time.time()
        child = self._start()
        if child is None:
            self._record(127)
            return
        self._write("supervisor.json", self._identity(identify(child.pid)))
        while child.poll() is None:
            with contextlib.suppress(OSError):  # a run folder that was removed does not stop the program
                (self._folder / "heartbeat").touch(mode=0o600)
            if self._asked_to_interrupt() and not self._interrupted:
                self._interrupted = True
                child.send_signal(signal.SIGINT)
        self._record(child.returncode)

    def _identity(self, program: ProcessId | None) -> dict[str, Any]:
        return {"host": os.uname().nodename, "supervisor": identify(os.getpid()), "program": program}

    def _start(self) -> subprocess.Popen[bytes] | None:
        output = [_private(self._folder / name, os.O_APPEND) for name in ("stdout.log", "stderr.log")]
        try:
            return subprocess.Popen(
                self._spec["argv"],
                cwd=self._spec["cwd"],
                stdin=subprocess.DEVNULL,
                stdout=output[0],
                stderr=output[1],
                start_new_session=True,
            )
        except OSError as error:
            output[1].write(f"{error}\n".encode())
            return None
        finally:
            for file in output:
                file.close()

    def _asked_to_interrupt(self) -> bool:
        """Wait for landform, a signal, the program's end or the next heartbeat; True: interrupt it."""
        asked = False
        for key, _ in self._selector.select(HEARTBEAT):
            data = os.read(key.fd, _CHUNK)
            if key.fd == self._wake:
                asked = asked or signal.SIGTERM in data
            elif data:
                asked = asked or INTERRUPT in data
            else:
                self._selector.unregister(0)
                asked = asked or self._spec["on_orphan"] == "interrupt"
        return asked

    def _record(self, returncode: int) -> None:
        result = {
            "returncode": returncode,
            "signal": -returncode if returncode < 0 else None,
            "interrupted": self._interrupted,
            "started": self._program_started,
            "ended": time.time(),
        }
        self._write("result.json", result)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            with _private(self._folder / f"{name}.new", os.O_TRUNC) as file:
                file.write(json.dumps(content).encode())
            (self._folder / f"{name}.new").replace(self._folder / name)


def _wake_on_signals() -> int:
    """A descriptor that gets the number of each signal; handlers, because an ignored signal is inherited."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read


def _private(path: Path, flags: int) -> IO[bytes]:
    """Open for writing, readable by nobody else."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600), "wb")


if __name__ == "__main__" and sys.argv[1] == "supervise":
    _Supervisor(Path(sys.argv[2])).run()
    os._exit(0)  # the result is written: no need to take the interpreter apart first
