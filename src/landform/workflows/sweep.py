"""Destroys what test processes that died have left, from the folders they worked in."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from landform.aws.credentials import Access, real_access
from landform.aws.emulator import emulated_access
from landform.aws.session import caller_account
from landform.engine import (
    CliConfig,
    Diagnostic,
    PlanOptions,
    Terraform,
    clean_environment,
    find_engine,
    prepare_cli_config,
)
from landform.errors import LandformError, StateUnreadable, TerraformFailed
from landform.planning.states import parse_state
from landform.processes import is_alive
from landform.project import Environment
from landform.workflows.live import LiveStack, destroy_command, forget

_LOCK_SECONDS = 60


class Ending(StrEnum):
    """What became of a stack."""

    DESTROYED = "destroyed"
    NOTHING = "nothing in its state"
    GONE = "gone with its emulator"
    KEPT = "not destroyed"


@dataclass(frozen=True, slots=True)
class Swept:
    """One stack. ``why`` and ``command`` (for a shell) are for one that could not be destroyed."""

    stack: LiveStack
    ending: Ending
    why: str = ""
    command: str = ""


def sweep(stacks: Iterable[LiveStack]) -> Iterator[Swept]:
    """Destroy each of them, one after the other, and forget it; what fails keeps its folder and its entry."""
    from filelock import FileLock

    for stack in stacks:
        entry = Path(stack.entry)
        with FileLock(entry.parent.parent.parent / "sweep.lock", timeout=-1):
            if entry.exists():  # else another sweep was there first
                yield _sweep(stack)


def _sweep(stack: LiveStack) -> Swept:
    try:
        swept = _end(stack)
    except TerraformFailed as error:
        swept = _kept(stack, _reason(error))
    except (LandformError, OSError) as error:
        swept = _kept(stack, str(error))
    if swept.ending is not Ending.KEPT:
        shutil.rmtree(stack.top, ignore_errors=True)
        forget(stack)
    return swept


def _end(stack: LiveStack) -> Swept:
    if stack.endpoint_url and not _emulator_answers(stack):
        return Swept(stack, Ending.GONE)
    if (Path(stack.folder) / "errored.tfstate").exists():
        return _kept(stack, "its last state is in errored.tfstate: `terraform state push` that first")
    if _is_empty(stack):
        return Swept(stack, Ending.NOTHING, why=_where_to_look(stack))
    access = _access(stack)
    asyncio.run(_destroy(_terraform(stack, access)))
    return Swept(stack, Ending.DESTROYED)


def _kept(stack: LiveStack, why: str) -> Swept:
    return Swept(stack, Ending.KEPT, why, destroy_command(stack))


def _reason(error: TerraformFailed) -> str:
    found = [one.summary for one in error.diagnostics if isinstance(one, Diagnostic)]
    return "; ".join(dict.fromkeys([error.what, *found]))


def _emulator_answers(stack: LiveStack) -> bool:
    """Ours only while its process lives: by now something else may listen at its port."""
    if stack.emulator is not None and not is_alive(stack.emulator):
        return False
    url = urlsplit(stack.endpoint_url or "")
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        socket.create_connection((url.hostname or "", port), timeout=5).close()
    except OSError:
        return False
    return True


def _is_empty(stack: LiveStack) -> bool:
    """Whether the state manages nothing. Raises StateUnreadable."""
    if not Path(stack.folder).is_dir():
        raise StateUnreadable(f"its folder {stack.folder} is gone, and its state with it")
    try:
        document = parse_state(stack.test, Path(stack.state).read_bytes()).document or {}
    except FileNotFoundError:
        return True
    return not any(each["mode"] == "managed" for each in document.get("resources", ()))


def _where_to_look(stack: LiveStack) -> str:
    """A terraform that was killed may have made what its state does not know."""
    return (
        "" if stack.endpoint_url else f"look in {stack.where} for resources tagged landform-run={stack.run}"
    )


def _access(stack: LiveStack) -> Access:
    """The AWS a stack is in. Raises LandformError where this shell is in another account."""
    if stack.endpoint_url:
        return emulated_access(stack.endpoint_url, stack.account_id, stack.region)
    access = real_access(os.environ, Environment("test", stack.region))
    account = caller_account(access)
    if account != stack.account_id:
        raise LandformError(f"it is in account {stack.account_id}, but these credentials are of {account}")
    return access


def _terraform(stack: LiveStack, access: Access) -> Terraform:
    known = Path(stack.engine)
    return Terraform(
        find_engine(str(known) if known.exists() else None),
        Path(stack.folder),
        clean_environment(access.env),
        stack.workspace,
        Path(stack.data_dir) if stack.data_dir else None,
        _cli_config(stack),
    )


def _cli_config(stack: LiveStack) -> CliConfig:
    fresh = prepare_cli_config(os.environ)
    if stack.cli_config and Path(stack.cli_config).exists():
        return CliConfig(Path(stack.cli_config), fresh.mirrored, fresh.cache, fresh.lock)
    return fresh


async def _destroy(terraform: Terraform) -> None:
    """Destroy everything in the state. Raises TerraformFailed."""
    with TemporaryDirectory(prefix="landform-sweep-") as scratch:
        # The terraform of the dead test may still be at its end: it holds the lock for that long.
        options = PlanOptions(destroy=True, lock_timeout=_LOCK_SECONDS)
        result = await terraform.apply_unreviewed(Path(scratch, "run"), options)
    if not result.succeeded:
        raise TerraformFailed("terraform destroy failed", result.diagnostics)
