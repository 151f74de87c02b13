"""AWS emulated inside this machine: one moto server per project, on loopback, that outlives the command."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from landform.aws.moto_app import missing_parts
from landform.aws.sandbox_record import ID_HEADER, ID_PATTERN, RECORD, Record, read_record, write_record
from landform.errors import SandboxFailed
from landform.processes import ProcessId, is_alive, start_daemon

FOLDER = Path(".landform", "sandbox")
"""Where a project keeps its sandbox."""
START_SECONDS = 30.0
"""Seconds a new server has until it listens."""

_LOG = "server.log"
_STOP_SECONDS = 5.0
_LOCK_SECONDS = 90.0
_KEPT = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")
_KEPT_PREFIXES = ("LC_", "PYTHON", "DOCKER_", "MOTO_")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running emulator. ``started`` is when its life (not its process) began: at the start or last reset.

    ``folder`` is for data that belongs to this life only; it is removed when that ends.
    """

    id: str
    endpoint_url: str
    process: ProcessId
    folder: Path
    started: datetime
    moto: str


def start(project_folder: Path) -> Sandbox:
    """The project's sandbox, started where none runs. Raises SandboxFailed."""
    folder = _folder(project_folder)
    with _locked(folder):
        found = _living(folder)
        if found is not None and _answered_id(found.port, "GET", "/moto-api/") == found.id:
            return _sandbox(folder, found)
        _end(folder)
        return _sandbox(folder, _launch(folder))


def status(project_folder: Path) -> Sandbox | None:
    """The project's sandbox if it runs; asks the operating system only, not the server."""
    folder = _folder(project_folder)
    found = _living(folder)
    return _describe(folder, found) if found else None


def stop(project_folder: Path) -> bool:
    """End the project's sandbox and remove its data; False where none was running. Raises SandboxFailed."""
    folder = _folder(project_folder)
    if not folder.is_dir():
        return False
    with _locked(folder):
        return _end(folder)


def reset(project_folder: Path) -> Sandbox:
    """An empty sandbox under a new id, started where none runs. Raises SandboxFailed."""
    folder = _folder(project_folder)
    with _locked(folder):
        found = _living(folder)
        if found is not None:
            new_id = _answered_id(found.port, "POST", "/moto-api/reset")
            renewed = read_record(folder)
            if renewed is not None and renewed.id == new_id != found.id:
                return _sandbox(folder, renewed)
        _end(folder)
        return _sandbox(folder, _launch(folder))


def server_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The little of ``environ`` that the server needs: no credential, no token, no AWS setting."""
    env = {name: value for name, value in environ.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}
    for name in ("MOTO_ACCOUNT_ID", "MOTO_PORT"):  # they would change what a sandbox is
        env.pop(name, None)
    env.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")  # without them no AWS managed policy attaches
    return env | {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _folder(project_folder: Path) -> Path:
    return project_folder.resolve() / FOLDER


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Only one command at a time changes a project's sandbox."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise SandboxFailed(
            f"another command has been busy with the sandbox in {folder} for {_LOCK_SECONDS:.0f} s",
            "Wait for it to end, or end it.",
        ) from error
    except OSError as error:
        raise SandboxFailed(
            f"the sandbox cannot use {folder}: {error}", "Make the folder writable."
        ) from error


def _living(folder: Path) -> Record | None:
    record = read_record(folder)
    return record if record is not None and record.pid and is_alive(record.process) else None


def _launch(folder: Path) -> Record:
    if missing := missing_parts():
        raise SandboxFailed(
            f"the sandbox needs moto's server ({', '.join(missing)} not installed)",
            "pip install 'landform[sandbox]'",
        )
    wanted = Record(secrets.token_hex(4), time.time())
    write_record(folder, wanted)
    (folder / _LOG).unlink(missing_ok=True)
    process = start_daemon(
        [sys.executable, "-P", "-m", "landform.aws.sandbox_server", str(folder), wanted.id],
        env=server_environment(os.environ),
        log=folder / _LOG,
        cwd=folder,
    )
    return _wait_until_it_listens(folder, process)


def _wait_until_it_listens(folder: Path, process: ProcessId) -> Record:
    listening = _within(START_SECONDS, lambda: not is_alive(process) or _living(folder) is not None)
    record = _living(folder)
    if record is not None:
        return record
    tail = (folder / _LOG).read_text(errors="replace").strip().splitlines()[-5:]
    _end(folder)
    _kill(process)
    why = "ended at once" if listening else f"did not listen within {START_SECONDS:.0f} s"
    raise SandboxFailed(
        f"the sandbox's server {why}: {' / '.join(tail) or 'it wrote nothing'}",
        f"Its log is {folder / _LOG}.",
    )


def _end(folder: Path) -> bool:
    """End the recorded server, if it runs, and remove what belonged to it."""
    found = _living(folder)
    (folder / RECORD).unlink(missing_ok=True)
    if found is not None:
        _kill(found.process)
    _remove_lives(folder, keep=None)
    return found is not None


def _kill(process: ProcessId) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            if is_alive(process):
                os.kill(process.pid, number)
        if _within(_STOP_SECONDS, lambda: not is_alive(process)):
            return
    raise SandboxFailed(f"the sandbox's server (pid {process.pid}) does not end", f"kill -9 {process.pid}")


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether ``condition`` came true in that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _answered_id(port: int, method: str, path: str) -> str | None:
    """The id with which the server at ``port`` answers; None when nobody does within 20 s."""
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path)
        return connection.getresponse().getheader(ID_HEADER)
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _sandbox(folder: Path, record: Record) -> Sandbox:
    """``record`` described, with its own folder made and those of earlier lives removed."""
    _remove_lives(folder, keep=record.id)
    found = _describe(folder, record)
    found.folder.mkdir(mode=0o700, exist_ok=True)
    return found


def _describe(folder: Path, record: Record) -> Sandbox:
    return Sandbox(
        id=record.id,
        endpoint_url=f"http://127.0.0.1:{record.port}",
        process=record.process,
        folder=folder / record.id,
        started=datetime.fromtimestamp(record.began, UTC),
        moto=record.moto,
    )


def _remove_lives(folder: Path, keep: str | None) -> None:
    for entry in folder.iterdir():
        if ID_PATTERN.fullmatch(entry.name) and entry.name != keep:
            shutil.rmtree(entry, ignore_errors=True)
