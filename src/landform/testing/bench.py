"""Where terraform runs for tests: finds it, prepares modules, runs its commands, counts the time."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pytest

from landform.aws.credentials import Access
from landform.aws.session import AwsClient, client
from landform.engine import CliConfig, Engine, Terraform, find_engine, prepare_cli_config
from landform.errors import EngineNotFound, TerraformFailed
from landform.planning.redaction import Redactor
from landform.processes import GRACE
from landform.testing.clock import Clock
from landform.testing.emulators import Emulators
from landform.testing.environment import NOWHERE, emulated
from landform.testing.failures import CommandFailed, ProviderMissing, command_failed, from_error, is_told
from landform.testing.levels import Level
from landform.testing.marker import Case
from landform.testing.options import SETTINGS, Settings
from landform.testing.plans import PlannedModule
from landform.testing.providers import Providers
from landform.testing.workfolder import DATA, Tree, copy_prepared, copy_tree, find_tree, fingerprint

__tracebackhide__ = is_told
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """An initialised copy of a module; ``top`` holds the copy ``root`` and whatever it refers to."""

    top: Path
    root: Path
    terraform: Terraform
    access: Access


@dataclass(slots=True)
class _Prepared:
    tree: Tree
    top: Path
    failure: CommandFailed | None = None


class Bench:
    """One for each pytest process. ``folder`` is this process's own, ``shared`` is that of all workers."""

    def __init__(self, config: pytest.Config, folder: Path, shared: Path) -> None:
        self.config = config
        self.folder, self.shared = folder, shared
        self.settings: Settings = config.stash[SETTINGS]
        self.clock = Clock()
        self.emulators = Emulators(folder)
        self.providers = Providers(folder, enabled=self.settings.reattach)
        self.secrets = Redactor()
        self.seen: list[PlannedModule] = []
        self._clients: dict[tuple[str, str, str], AwsClient] = {}
        self._prepared: dict[str, _Prepared] = {}
        self._copies = 0

    @cached_property
    def engine(self) -> Engine:
        """The terraform of this run; where there is none, tests skip, or fail if ``--tf-strict``."""
        try:
            return find_engine()
        except EngineNotFound as missing:
            if self.settings.strict:
                raise
            pytest.skip(missing.what)

    @cached_property
    def cli_config(self) -> CliConfig:
        """Its configuration, with the mirrors of this machine."""
        return prepare_cli_config(os.environ)

    def learn(self, redactor: Redactor) -> None:
        """Hide these from all that is shown from now on."""
        self.secrets |= redactor

    def learn_values(self, case: Case, values: Mapping[str, Any]) -> None:
        """Hide the values of variables that the module declares sensitive."""
        declared = case.known.variables
        hidden = [value for name, value in values.items() if name in declared and declared[name].sensitive]
        self.learn(Redactor.of(hidden))

    def access(self, case: Case, owner: str) -> Access:
        """The AWS of a case: the emulator that ``owner`` holds, nobody at all, or a real account."""
        if case.level is Level.AWS:
            granted: Access | None = self.config.hook.pytest_landform_access(config=self.config, case=case)
            if granted is None:
                pytest.fail("nothing here allows a test to reach a real account", pytrace=False)
            return granted
        endpoint = self.emulators.lease(owner).endpoint_url if case.level > Level.MOCK else NOWHERE
        return emulated(case, endpoint, os.environ)

    def fresh(self, case: Case, owner: str) -> WorkFolder:
        """A copy for the AWS that ``owner`` holds, whose emulator starts while the module is initialised.

        Raises as ``copy``.
        """
        if Level.MOCK < case.level < Level.AWS:
            self.emulators.lease(owner)
        self._prepare(case)
        return self.copy(case, self.access(case, owner))

    def client(self, access: Access, service: str, region: str | None) -> AwsClient:
        """A boto3 client; kept for emulators, because making one takes as long as many questions to it."""
        if access.endpoint_url is None:
            return client(access, service, region)
        key = (access.endpoint_url, service, region or access.region)
        if key not in self._clients:
            self._clients[key] = client(access, service, region)
        return self._clients[key]

    def copy(self, case: Case, access: Access) -> WorkFolder:
        """A fresh copy of the case's module, initialised. Raises ``CommandFailed``, ``ProviderMissing``."""
        prepared = self._prepare(case)
        self._copies += 1
        top = self.folder / f"{case.module.name}-{self._copies}"
        copy_prepared(prepared.top, top)
        root = top / prepared.tree.inner
        terraform = self._terraform(root, access)
        return WorkFolder(top, root, terraform, access)

    def ready(self, work: WorkFolder) -> Terraform:
        """The engine for the next command in a copy that plans or applies."""
        return self.providers.attached(work.terraform, work.access)

    def discard(self, work: WorkFolder) -> None:
        """Remove a copy, unless the user wants to look at it."""
        if not self.settings.keep:
            shutil.rmtree(work.top, ignore_errors=True)

    def _prepare(self, case: Case) -> _Prepared:
        """Initialise a module once per content, lock and engine; a failure is remembered as well."""
        tree = find_tree(case.module)
        key = fingerprint(tree, tree.module, self.engine, sorted(case.env.items()))
        if key not in self._prepared:
            made = _Prepared(tree, self.shared / f"prepared-{key}")
            try:
                self._initialise(case, made)
            except CommandFailed as failure:
                made.failure = failure
            self._prepared[key] = made
        found = self._prepared[key]
        if isinstance(found.failure, ProviderMissing) and not self.settings.strict:
            pytest.skip(f"{case.shown}: {found.failure.reason}")
        if found.failure is not None:
            raise type(found.failure)(str(found.failure), found.failure.diagnostics)
        return found

    def _initialise(self, case: Case, wanted: _Prepared) -> None:
        """Make it, unless another worker has: waiting for that one is quicker."""
        from filelock import FileLock

        ready = Path(f"{wanted.top}.ready")
        with FileLock(f"{wanted.top}.lock"):
            if ready.exists():
                return
            shutil.rmtree(wanted.top, ignore_errors=True)  # what failed in another worker
            root = copy_tree(wanted.tree, wanted.top)
            terraform = self._terraform(root, emulated(case, NOWHERE, os.environ))
            self.run("init", f"terraform init of {case.shown}", terraform.init())
            ready.touch()

    def _terraform(self, root: Path, access: Access) -> Terraform:
        return Terraform(self.engine, root, access.env, data_dir=root / DATA, cli_config=self.cli_config)

    def run(self, phase: str, what: str, work: Coroutine[Any, Any, T], processes: int = 1) -> T:
        """Wait for one command. Raises ``CommandFailed`` when it fails or takes longer than allowed."""
        limit = self.settings.timeout
        with self.clock.timed(phase, processes):
            try:
                return _wait(_limited(work, limit))
            except TimeoutError:
                raise command_failed(what, (), self.secrets, f"it took more than {limit:g} s") from None
            except TerraformFailed as error:
                raise from_error(what, error, self.secrets) from None

    def claim(self, name: str) -> bool:
        """Whether this is the first time that any worker of this run claims ``name``."""
        place = self.shared / "claims" / hashlib.sha256(name.encode()).hexdigest()[:16]
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def close(self) -> None:
        """End the emulators and remove what is left."""
        self.providers.stop()
        self.emulators.stop()
        with suppress(OSError):
            self.folder.rmdir()


async def _limited(work: Coroutine[Any, Any, T], limit: float) -> T:
    """Wait for ``limit`` seconds, then cancel and wait ``GRACE``; then no longer. Raises ``TimeoutError``."""
    task = asyncio.ensure_future(work)
    for patience in (limit, GRACE, 1.0, 1.0):  # a command that is followed lets go at the third cancel
        await asyncio.wait({task}, timeout=patience)
        if task.done() and not task.cancelled():
            return task.result()
        task.cancel()
    raise TimeoutError


def _wait(work: Coroutine[Any, Any, T]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    # An asynchronous test has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
