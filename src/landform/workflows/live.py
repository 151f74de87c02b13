"""What stands in an AWS because of tests, written down before it is made, so that nothing is forgotten.

One file for each stack: ``FOLDER/RUN/WORKER-NUMBER.json``, on disk before its apply begins and removed after
its destroy. It holds no credential and no variable, only where things are. Needs no pytest: ``landform test
sweep`` reads it too.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from landform.aws.credentials import DUMMY_KEY, Access
from landform.engine import Terraform
from landform.processes import ProcessId, identify, is_alive

FOLDER = Path(".landform", "tests", "live")
"""Where a project keeps the journal, below pytest's root folder."""

_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class LiveStack:
    """One stack that was, or is about to be, applied by a test.

    ``folder`` is its root with the state and the values; ``top`` is what to remove once it is destroyed.
    ``endpoint_url`` is None for a real account, which is then ``account_id``. ``emulator`` is the process of
    an emulator of ours, ``owner`` the test process that is to destroy it, on ``host``. ``started`` is in
    seconds since 1970 (UTC). ``entry`` is the file in which this is written.
    """

    run: str
    worker: str
    test: str
    folder: str
    top: str
    state: str
    data_dir: str | None
    cli_config: str | None
    engine: str
    workspace: str | None
    region: str
    endpoint_url: str | None
    account_id: str | None
    emulator: ProcessId | None
    started: float
    owner: ProcessId
    host: str
    entry: str = field(default="", compare=False)

    @property
    def where(self) -> str:
        """The AWS it is in, for people."""
        return f"the emulator at {self.endpoint_url}" if self.endpoint_url else f"account {self.account_id}"

    @property
    def is_dead(self) -> bool:
        """Whether nobody is left to destroy it; of another host's test processes nothing is known."""
        return self.host == os.uname().nodename and not is_alive(self.owner)


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of one worker of a run. ``folder`` is the project's, see ``FOLDER``."""

    folder: Path
    run: str
    worker: str = "main"

    def open(
        self,
        test: str,
        terraform: Terraform,
        access: Access,
        *,
        top: Path | None = None,
        account_id: str | None = None,
        emulator: ProcessId | None = None,
    ) -> LiveStack:
        """Write down that ``test`` is about to apply; on disk before this returns. Raises ``OSError``.

        ``account_id`` is needed for a real account, ``emulator`` says whose process an emulator of ours is.
        """
        folder = terraform.folder.absolute()
        config = terraform.cli_config.path if terraform.cli_config else None
        return self._write(
            LiveStack(
                run=self.run,
                worker=self.worker,
                test=test,
                folder=str(folder),
                top=str(top.absolute() if top else folder),
                state=str(folder / "terraform.tfstate"),
                data_dir=str(terraform.data_dir.absolute()) if terraform.data_dir else None,
                cli_config=str(config) if config else None,
                engine=str(terraform.engine.path),
                workspace=terraform.workspace,
                region=access.region,
                endpoint_url=access.endpoint_url,
                account_id=account_id,
                emulator=emulator,
                started=time.time(),
                owner=identify(os.getpid()) or ProcessId(os.getpid(), ""),
                host=os.uname().nodename,
            )
        )

    def close(self, stack: LiveStack) -> None:
        """It is destroyed: forget it. Nothing happens when that was done before."""
        forget(stack)

    def _write(self, stack: LiveStack) -> LiveStack:
        place = self.folder.absolute() / _file_name(self.run)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = asdict(stack)
        del content["entry"]
        new = place / f".{_file_name(self.worker)}-{os.getpid()}"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        path = _link(new, place / _file_name(self.worker))
        new.unlink()
        for folder in (place, place.parent):
            _sync(folder)
        return LiveStack(**content, entry=str(path))


def _link(new: Path, name: Path) -> Path:
    """Give a file the first name of its kind that is free, whole at once."""
    for number in count():
        path = name.with_name(f"{name.name}-{number}.json")
        with suppress(FileExistsError):
            os.link(new, path)
            return path
    raise FileExistsError(name)


def forget(stack: LiveStack) -> None:
    """Remove a stack's entry, and the folders that are empty by that."""
    path = Path(stack.entry)
    path.unlink(missing_ok=True)
    for folder in path.parents[: 1 + len(FOLDER.parts)]:
        try:
            folder.rmdir()
        except OSError:
            return


def read_journal(folder: Path) -> tuple[LiveStack, ...]:
    """Every stack in the journal, oldest first; entries that cannot be read are left out."""
    found = (_read(path) for path in _entries(folder))
    return tuple(sorted((one for one in found if one), key=lambda one: (one.started, one.entry)))


def find_dead(folder: Path) -> tuple[LiveStack, ...]:
    """The stacks of test processes of this host that are gone, oldest first."""
    return tuple(stack for stack in read_journal(folder) if stack.is_dead)


def unreadable(folder: Path) -> tuple[Path, ...]:
    """Entries that are none of ours."""
    return tuple(path for path in _entries(folder) if _read(path) is None)


def destroy_command(stack: LiveStack) -> str:
    """The line for a shell that destroys a stack by hand. For a real account it needs its credentials."""
    env = {"TF_DATA_DIR": stack.data_dir, "TF_CLI_CONFIG_FILE": stack.cli_config}
    env |= {"TF_WORKSPACE": stack.workspace, "AWS_REGION": stack.region}
    if stack.endpoint_url:
        env |= {"AWS_ENDPOINT_URL": stack.endpoint_url}
        env |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), DUMMY_KEY)
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in env.items() if value)
    return f"{settings} {shlex.quote(stack.engine)} -chdir={shlex.quote(stack.folder)} destroy"


def _entries(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*/*.json"))


def _read(path: Path) -> LiveStack | None:
    try:
        content: Mapping[str, Any] = json.loads(path.read_bytes())
        processes = {name: ProcessId(*content[name]) for name in ("owner", "emulator") if content[name]}
        return LiveStack(**{**content, **processes, "entry": str(path)})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _file_name(text: str) -> str:
    return _STRANGE.sub("-", text) or "-"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
