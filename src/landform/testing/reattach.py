"""One AWS provider process for many terraform commands: it saves them its start, half of their time.

The released provider can be started by itself (``-debug``) and says how Terraform finds it
(``TF_REATTACH_PROVIDERS``). It obeys its own environment, not Terraform's: so there is one for each
emulator and set of keys, and never one for a real account. It serves one command at a time.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landform.aws.credentials import Access
from landform.engine import clean_environment
from landform.engine.mirrors import find_mirrors
from landform.engine.supervision import interrupt, is_running, kill
from landform.engine.versions import parse_version
from landform.errors import Refused, TerraformFailed
from landform.processes import launch_supervisor
from landform.testing.one_provider import read_aws_configuration

if TYPE_CHECKING:
    from subprocess import Popen

VARIABLE = "TF_REATTACH_PROVIDERS"
"""What tells Terraform of a provider that runs already."""
USES = 60
"""Commands after which the provider is started again: it keeps a little of each."""

_START_SECONDS = 60.0
_STOP_SECONDS = 5.0
_SAID = re.compile(rf"{VARIABLE}='([^']+)'")
_NAMES = ("registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws")
_BINARY = "terraform-provider-aws*"


def find_provider(data_dir: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The AWS provider's binary: the one ``init`` chose for ``data_dir``, else a mirror's newest."""
    if data_dir is not None and (chosen := _newest(data_dir / "providers")):
        return chosen.resolve()
    return next((found for mirror in find_mirrors(environ) if (found := _newest(mirror.path))), None)


def _newest(folder: Path) -> Path | None:
    """The layout is HOST/NAMESPACE/TYPE/VERSION/PLATFORM; packed mirrors hold nothing that can be started."""
    found = []
    for name in _NAMES:
        for path in (folder / name).glob(f"*/*/{_BINARY}"):
            with suppress(ValueError):
                if os.access(path, os.X_OK):
                    found.append((parse_version(path.parent.parent.name), path))
    return max(found)[1] if found else None


@dataclass(slots=True)
class _Running:
    """One provider process under its supervisor."""

    folder: Path
    supervisor: Popen[bytes]
    binary: Path
    env: Mapping[str, str]
    attach: str
    uses: int = 0


class ReattachedProvider:
    """The provider of one test process; it ends with ``stop``, or with the process, whatever ends that."""

    def __init__(self, folder: Path, uses: int = USES) -> None:
        self._folder, self._most = folder, uses
        self._running: _Running | None = None
        self._started = 0

    def __enter__(self) -> ReattachedProvider:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def started(self) -> int:
        """How many provider processes were started so far."""
        return self._started

    def why_not(self, root: Path, data_dir: Path | None, access: Access, *more: Path) -> str:
        """Why a root may not use it, in one sentence; empty where it may. ``more``: test files that count."""
        if not access.is_emulated:
            return "a real account is never reached through a shared provider"
        if str(access.endpoint_url).startswith("https:"):
            return "the emulator is behind TLS"
        if find_provider(data_dir, os.environ) is None:
            return "no AWS provider binary on this machine"
        return read_aws_configuration(root, data_dir, *more).why_not

    def environment(self, data_dir: Path | None, access: Access) -> dict[str, str]:
        """What to add to the environment of the next terraform command; starts a provider where needed.

        Only for roots for which ``why_not`` is empty. Raises ``Refused`` for a real account and
        ``TerraformFailed`` where the provider does not start.
        """
        if not access.is_emulated:
            raise Refused("a real account is never reached through a shared provider")
        binary = find_provider(data_dir, os.environ)
        if binary is None:
            raise TerraformFailed("there is no AWS provider binary on this machine")
        env = _provider_environment(access)
        if not self._serves(binary, env):
            self.stop()
            self._running = self._start(binary, env)
        running = self._running
        if running is None:
            return {}
        running.uses += 1
        return {VARIABLE: running.attach}

    def stop(self) -> None:
        """End the provider; nothing happens when none runs."""
        running, self._running = self._running, None
        if running is not None:
            _end(running.folder, running.supervisor)

    def _serves(self, binary: Path, env: Mapping[str, str]) -> bool:
        running = self._running
        return (
            running is not None
            and running.uses < self._most
            and (running.binary, running.env) == (binary, env)
            and running.supervisor.poll() is None
            and is_running(running.folder)
        )

    def _start(self, binary: Path, env: Mapping[str, str]) -> _Running:
        self._started += 1
        folder = self._folder / f"provider-{os.getpid()}-{self._started}"
        try:
            # Interrupted when this process dies: its supervisor outlives even a SIGKILL of it.
            supervisor = launch_supervisor(
                folder, [str(binary), "-debug"], cwd=binary.parent, env=env, on_orphan="interrupt"
            )
        except OSError as error:
            raise TerraformFailed(f"the AWS provider cannot be started in {folder}: {error}") from error
        attach = _attachment(folder, supervisor)
        if attach is None:
            said = _said(folder)[-500:]
            _end(folder, supervisor)
            raise TerraformFailed(f"{binary.name} -debug did not say how to reach it: {said or 'nothing'}")
        return _Running(folder, supervisor, binary, env, attach)


def check_regions(state: Mapping[str, Any], region: str | None) -> None:
    """Refuse a state whose resources are not all in ``region`` (None: not all in one, whichever).

    The tripwire behind the count of configurations. Takes the state file's own document. Raises ``Refused``.
    """
    found = dict(_regions(state))
    expected = region or next(iter(found.values()), "")
    wrong = sorted(address for address, place in found.items() if place != expected)
    if wrong:
        shown = ", ".join(f"{address} in {found[address]}" for address in wrong[:5])
        raise Refused(
            f"{len(wrong)} of {len(found)} resources are not in {expected}: {shown}",
            "This module needs a provider of its own for each command: --tf-reattach=off.",
        )


def _regions(state: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each AWS resource whose own ARN names a region, by address."""
    found = []
    for resource in state.get("resources", ()):
        if resource.get("mode") != "managed" or not str(resource.get("type")).startswith("aws_"):
            continue
        base = ".".join(filter(None, (resource.get("module"), resource["type"], resource["name"])))
        for instance in resource.get("instances", ()):
            parts = str((instance.get("attributes") or {}).get("arn") or "").split(":", 5)
            if len(parts) == 6 and parts[0] == "arn" and parts[3]:
                key = instance.get("index_key")
                found.append((base if key is None else f"{base}[{json.dumps(key)}]", parts[3]))
    return found


def _provider_environment(access: Access) -> dict[str, str]:
    """The access's own; with AWS_CA_BUNDLE in it the provider could be configured only once."""
    env = clean_environment(access.env)
    env.pop("AWS_CA_BUNDLE", None)
    return env


def _attachment(folder: Path, supervisor: Popen[bytes]) -> str | None:
    """What the provider says of itself; None where it ended or was silent."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if match := _SAID.search(_said(folder)):
            return match[1]
        if supervisor.poll() is not None:
            return None
        time.sleep(0.02)
    return None


def _said(folder: Path) -> str:
    texts = []
    for name in ("stdout.log", "stderr.log"):
        with suppress(OSError):
            texts.append((folder / name).read_text(errors="replace"))
    return "".join(texts).strip()


def _end(folder: Path, supervisor: Popen[bytes]) -> None:
    interrupt(folder)
    end = time.monotonic() + _STOP_SECONDS
    while supervisor.poll() is None:
        if time.monotonic() > end:
            kill(folder)
            supervisor.wait()
        time.sleep(0.01)
    for pipe in (supervisor.stdin, supervisor.stdout):
        if pipe is not None:
            pipe.close()
