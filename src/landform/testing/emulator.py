"""An emulated AWS for one test process, that can be emptied, kept as it is, and put back in 50 ms."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landform.aws.credentials import Access
from landform.aws.emulator import emulated_access
from landform.aws.moto_app import missing_parts
from landform.aws.sandbox import server_environment
from landform.aws.session import AwsClient, client
from landform.errors import SandboxFailed
from landform.processes import ProcessId, identify, start_companion

if TYPE_CHECKING:
    from subprocess import Popen

START_SECONDS = 60.0
"""Seconds a new emulator has until it listens."""
REGION = "us-east-1"
"""Where clients and access go by default."""

_ANSWER_SECONDS = 60.0
_STOP_SECONDS = 5.0
_LOG = "emulator.log"
# Objects of a bucket are kept in memory: a file would be shared by the emulator and its snapshots.
_SERVER_SETTINGS = {
    "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(2**40),
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS ends forked processes otherwise
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that was in one emulator at one moment; it lives as long as the emulator."""

    emulator: int
    id: str


def start_emulator(folder: Path) -> Emulator:
    """Start an emulator of this process's own; ``folder`` (made 0700) takes its log.

    Returns before it listens: the first use waits for it. It ends with ``stop``, or with this process,
    whatever ends that. Raises SandboxFailed where it cannot be started.
    """
    if not hasattr(os, "fork"):
        raise SandboxFailed(
            "the test emulator needs a system that can copy a process (os.fork): Linux or macOS",
            "Run the tests there, or in WSL.",
        )
    if missing := missing_parts():
        raise SandboxFailed(
            f"the test emulator needs moto's server ({', '.join(missing)} not installed)",
            "pip install 'landform[sandbox]'",
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        process = start_companion(
            [sys.executable, "-P", "-m", "landform.testing.emulator_server"],
            env=server_environment(os.environ) | _SERVER_SETTINGS,
            log=folder / _LOG,
            cwd=folder,
        )
    except OSError as error:
        raise SandboxFailed(f"the test emulator cannot be started in {folder}: {error}") from error
    return Emulator(process, folder / _LOG)


class Emulator:
    """One emulated AWS. May be used by several threads; stopped by ``stop`` or the end of a ``with``."""

    def __init__(self, process: Popen[bytes], log: Path) -> None:
        self._process, self._log = process, log
        self._identity = identify(process.pid) or ProcessId(process.pid, "")
        self._lock = threading.RLock()
        self._said = b""
        self._port = 0
        self._clients: dict[tuple[str, str], AwsClient] = {}

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        where = f"http://127.0.0.1:{self._port}" if self._port else "starting"
        return f"<Emulator {where}, pid {self._process.pid}>"

    @property
    def process(self) -> ProcessId:
        """The emulator's process, unmistakable for a later one with the same number."""
        return self._identity

    @property
    def endpoint_url(self) -> str:
        """Where it listens. Raises SandboxFailed when it did not start."""
        with self._lock:
            if not self._port:
                self._port = self._hear(START_SECONDS)["port"]
        return f"http://127.0.0.1:{self._port}"

    def access(
        self,
        account_id: str | None = None,
        region: str = REGION,
        environ: Mapping[str, str] | None = None,
    ) -> Access:
        """Access for Terraform and boto3, with nothing of the user's AWS settings in it.

        ``environ`` (the process's own) is what its environment starts from. The keys of another account
        than the default one end with ``reset``: make a new access then. Raises SandboxFailed.
        """
        return emulated_access(self.endpoint_url, account_id, region, environ)

    def client(self, service: str, region: str | None = None) -> AwsClient:
        """A boto3 client of this emulator's default account; the same one for the same question."""
        key = (service, region or REGION)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = client(self.access(region=key[1]), service)
            return self._clients[key]

    def calls(self) -> Counter[str]:
        """How often each API action was called since the start, such as ``{"CreateBucket": 1}``.

        ``reset`` and ``restore`` change nothing about what was called: take the difference of two answers.
        """
        return Counter(self._ask({"do": "calls"})["calls"])

    def reset(self) -> None:
        """Forget every resource of every account. Requests in flight end first. Raises SandboxFailed."""
        self._ask({"do": "reset"})

    def snapshot(self) -> Snapshot:
        """Keep what is in it now. Requests in flight end first. Raises SandboxFailed."""
        return Snapshot(self._process.pid, self._ask({"do": "snapshot"})["snapshot"])

    def restore(self, snapshot: Snapshot) -> None:
        """Put back what was in it at the snapshot, any number of times and in any order.

        The address stays; open connections end. Raises SandboxFailed for a snapshot that is not its own.
        """
        self._check_own(snapshot)
        self._ask({"do": "restore", "snapshot": snapshot.id})

    def drop(self, snapshot: Snapshot) -> None:
        """Give the memory of a snapshot back; it cannot be restored after that."""
        self._check_own(snapshot)
        self._ask({"do": "drop", "snapshot": snapshot.id})

    def stop(self) -> None:
        """End it with everything in it; nothing happens when it has ended already."""
        with self._lock:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            if not _within(_STOP_SECONDS, lambda: self._process.poll() is not None):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def _check_own(self, snapshot: Snapshot) -> None:
        if snapshot.emulator != self._process.pid:
            raise SandboxFailed(
                "this snapshot is of another emulator",
                "Take and restore a snapshot in the same worker: mark the tests with one xdist_group.",
            )

    def _ask(self, message: Mapping[str, str]) -> dict[str, Any]:
        with self._lock:
            _ = self.endpoint_url
            pipe = self._process.stdin
            try:
                os.write(-1 if pipe is None else pipe.fileno(), json.dumps(message).encode() + b"\n")
            except (OSError, ValueError):
                raise self._gone() from None
            answer = self._hear(_ANSWER_SECONDS)
        if "error" in answer:
            raise SandboxFailed(f"the emulator cannot {message['do']}: {answer['error']}")
        return answer

    def _hear(self, seconds: float) -> dict[str, Any]:
        pipe = self._process.stdout
        if pipe is None or pipe.closed:
            raise self._gone()
        end = time.monotonic() + seconds
        while b"\n" not in self._said:
            if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
                self.stop()
                raise SandboxFailed(f"the emulator said nothing for {seconds:.0f} s", f"See {self._log}.")
            data = os.read(pipe.fileno(), 65536)
            if not data:
                raise self._gone()
            self._said += data
        line, _, self._said = self._said.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _gone(self) -> SandboxFailed:
        text = self._log.read_text(errors="replace").strip() if self._log.exists() else ""
        said = " / ".join(text.splitlines()[-5:]) or "it wrote nothing"
        return SandboxFailed(f"the emulator has ended: {said}", f"Its log is {self._log}.")


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether ``condition`` came true in that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
