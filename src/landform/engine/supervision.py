"""Steps that change state, seen from landform: start, follow, adopt and interrupt them.

The supervisor itself is ``landform.processes`` run as a program. What the two share is the run folder:
``spec.json`` (written once: the claim on the step), ``supervisor.json`` (who runs), ``heartbeat``,
``stdout.log``, ``stderr.log`` and ``result.json`` (there only when the program has ended).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from landform.processes import HEARTBEAT, INTERRUPT, Lines, ProcessId, is_alive, launch_supervisor

if TYPE_CHECKING:
    import asyncio
    import subprocess

_POLL = 0.05
_STARTING = 5.0
_PATIENCE = 2


class OnOrphan(Enum):
    """What a supervisor does with its program when landform dies."""

    FINISH = "finish"
    INTERRUPT = "interrupt"


class OutcomeKind(Enum):
    """How a supervised program ended; ``unknown``: not in order, or nobody saw it."""

    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``returncode`` is None where nothing was recorded; ``signal`` is the one that ended the program."""

    kind: OutcomeKind
    returncode: int | None = None
    signal: int | None = None


@dataclass(frozen=True, slots=True)
class SupervisedStep:
    """One program to run at most once. ``env`` may hold secrets: it is inherited, never written anywhere."""

    run_folder: Path
    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(repr=False)
    on_orphan: OnOrphan = OnOrphan.FINISH


async def supervise(step: SupervisedStep, on_line: Callable[[str], None]) -> Outcome:
    """Run a step under a supervisor and hand over its lines (stdout and stderr) as they come.

    Cancelled once, it asks for one interrupt and raises ``CancelledError`` when the program has ended;
    cancelled again it goes on waiting; a third time it leaves and the supervisor carries on. ``recorded``
    then tells the outcome. Raises ``FileExistsError`` when the run folder was used before: a step runs at
    most once.
    """
    process = launch_supervisor(
        step.run_folder, step.argv, cwd=step.cwd, env=step.env, on_orphan=step.on_orphan.value
    )

    def running() -> bool:
        return process.poll() is None or is_running(step.run_folder)

    def interrupt_own() -> None:
        with contextlib.suppress(OSError):
            os.write(_descriptor(process.stdin), INTERRUPT)

    try:
        with _ending(process) as ended:
            return await _Follower(step.run_folder, on_line, running, interrupt_own).follow(ended)
    finally:
        _let_go(process, step.run_folder)


async def adopt(run_folder: Path, on_line: Callable[[str], None]) -> Outcome | None:
    """Follow a step that an earlier landform started: its result, now or when it has ended.

    None when no program was ever started there; ``unknown`` when its supervisor is gone without a result.
    Lines come from the beginning. Cancelling is as for ``supervise``.
    """
    import asyncio

    give_up = time.monotonic() + _STARTING
    while not (run_folder / "supervisor.json").exists():
        if not (run_folder / "spec.json").exists() or time.monotonic() > give_up:
            return None
        await asyncio.sleep(_POLL)
    follower = _Follower(run_folder, on_line, lambda: is_running(run_folder), lambda: interrupt(run_folder))
    return await follower.follow(asyncio.get_running_loop().create_future())


def recorded(run_folder: Path) -> Outcome | None:
    """The outcome that was written down, None while there is none."""
    result = _load(run_folder / "result.json")
    if not result:
        return None
    code, number = result["returncode"], result["signal"]
    if result["interrupted"] and code != 0 and number in (None, signal.SIGINT):
        return Outcome(OutcomeKind.INTERRUPTED, code, number)
    return Outcome(OutcomeKind.FINISHED if number is None else OutcomeKind.UNKNOWN, code, number)


def is_running(run_folder: Path) -> bool:
    """Whether the step's supervisor or its program lives; on another host its heartbeat is what tells."""
    known = _load(run_folder / "supervisor.json")
    if not known:
        return False
    if known["host"] != os.uname().nodename:
        with contextlib.suppress(OSError):
            return time.time() - (run_folder / "heartbeat").stat().st_mtime < 5 * HEARTBEAT
        return False
    return any(is_alive(ProcessId(*who)) for who in (known["supervisor"], known["program"]) if who)


def interrupt(run_folder: Path) -> bool:
    """Ask the supervisor of a step for its one interrupt; False when it does not live on this machine."""
    known = _load(run_folder / "supervisor.json")
    if not known or known["host"] != os.uname().nodename or not known["supervisor"]:
        return False
    supervisor = ProcessId(*known["supervisor"])
    if not is_alive(supervisor):
        return False
    os.kill(supervisor.pid, signal.SIGTERM)
    return True


def kill(run_folder: Path) -> None:
    """End the program of a step at once: for what may be lost. Its supervisor then writes the result."""
    known = _load(run_folder / "supervisor.json")
    program = ProcessId(*known["program"]) if known and known["program"] else None
    if program and known["host"] == os.uname().nodename and is_alive(program):
        os.kill(program.pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class _Follower:
    """Hands over a step's output until it has ended, through up to two cancellations."""

    folder: Path
    on_line: Callable[[str], None]
    running: Callable[[], bool]
    ask_interrupt: Callable[[], object]

    async def follow(self, ended: asyncio.Future[None]) -> Outcome:
        """Wait for the end; ``ended`` saves the last bit of polling where it is known at once."""
        import asyncio

        cancels = 0
        with contextlib.ExitStack() as files:
            tails = [files.enter_context(_Tail(self.folder / name, self.on_line)) for name in _OUTPUT]
            while True:
                # In this order: the result is written before the supervisor ends, the output before the
                # result.
                alive, outcome = self.running(), recorded(self.folder)
                for tail in tails:
                    tail.deliver()
                if outcome or not alive:
                    break
                try:
                    await asyncio.wait({ended}, timeout=_POLL)
                except asyncio.CancelledError:
                    cancels += 1
                    if cancels > _PATIENCE:
                        raise
                    if cancels == 1:
                        self.ask_interrupt()
                if ended.done():
                    ended = asyncio.get_running_loop().create_future()
        if cancels:
            raise asyncio.CancelledError
        return outcome or Outcome(OutcomeKind.UNKNOWN)


_OUTPUT = ("stdout.log", "stderr.log")


class _Tail:
    """Reads a growing file, which may not be there yet, line by line."""

    def __init__(self, path: Path, on_line: Callable[[str], None]) -> None:
        self._path, self._lines = path, Lines(on_line)
        self._file: IO[bytes] | None = None

    def __enter__(self) -> _Tail:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.flush()
        if self._file:
            self._file.close()

    def deliver(self) -> None:
        """Hand over what has come since the last time."""
        if self._file is None:
            with contextlib.suppress(FileNotFoundError):
                self._file = self._path.open("rb")
        while self._file and (data := self._file.read(1024 * 1024)):
            self._lines.feed(data)


@contextlib.contextmanager
def _ending(process: subprocess.Popen[bytes]) -> Any:
    """A future that is done when the supervisor's stdout closes: it ended, or somebody killed it."""
    import asyncio

    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    status = _descriptor(process.stdout)

    def on_status() -> None:
        loop.remove_reader(status)
        ended.set_result(None)

    loop.add_reader(status, on_status)
    try:
        yield ended
    finally:
        loop.remove_reader(status)


def _let_go(process: subprocess.Popen[bytes], run_folder: Path) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    if recorded(run_folder):
        process.wait()  # it ends right after it has written the result
    elif process.poll() is None:
        process.returncode = 0  # it carries on without landform: no warning about a child that still runs


def _descriptor(pipe: IO[bytes] | None) -> int:
    if pipe is None:  # not reachable: launch_supervisor asks for both pipes
        raise BrokenPipeError
    return pipe.fileno()


def _load(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content
