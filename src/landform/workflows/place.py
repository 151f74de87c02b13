"""Where an environment is worked on: which engine, which AWS, which folders."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from landform.aws import sandbox as sandboxes
from landform.aws.credentials import Access, real_access
from landform.aws.session import AwsClient, client, clients
from landform.engine import CliConfig, Engine, Terraform, clean_environment, find_engine, prepare_cli_config
from landform.engine.versions import parse_version
from landform.errors import Fault, LandformError, Location, ProjectInvalid
from landform.generator.files import write_text
from landform.generator.hcl import quote
from landform.generator.overrides import Setting
from landform.generator.roots import backend_config
from landform.processes import identify
from landform.project import BackendKind, Environment, Project, Purpose
from landform.project.names import did_you_mean
from landform.project.state_keys import state_store
from landform.workflows.downloaded import Downloads
from landform.workflows.release import Release

WORK = ".landform"
_KNOWS_LOCKFILES = parse_version("1.10")


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """How the user asked to reach AWS: the embedded emulator, another emulator, or (neither) the real one.

    ``purpose`` decides on the role: for plans, or for applies, which may do all that plans may.
    """

    sandbox: bool = False
    endpoint_url: str | None = None
    terraform: str | None = None
    purpose: Purpose = Purpose.APPLY


@dataclass(frozen=True, slots=True)
class Place:
    """One environment of one project, with everything needed to run Terraform in it.

    ``home`` is the user's project; ``project.folder`` is that too, or a frozen copy of it, and then
    ``copied_values`` are copies of the variable files. ``work`` holds data folders and, in a sandbox, local
    states; it lives as long as what it describes. ``release`` is what it runs, once that is known, and
    ``opened`` whether that was unpacked, and not made of the working tree. ``downloads`` are modules to use
    instead of what their source addresses lead to by now. ``settings`` are for one run, which has
    its data folders in ``private``.
    """

    project: Project
    environment: Environment
    engine: Engine
    cli_config: CliConfig
    access: Access
    work: Path
    sandbox: sandboxes.Sandbox | None = None
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    home: Path = Path()
    copied_values: tuple[Path, ...] = ()
    release: Release | None = None
    opened: bool = False
    downloads: Downloads | None = None
    purpose: Purpose = Purpose.APPLY
    settings: tuple[Setting, ...] = ()
    private: Path | None = None

    @property
    def emulated(self) -> bool:
        """Whether this is an emulator, where nothing costs anything."""
        return self.access.is_emulated

    @property
    def where(self) -> str:
        """For people: which AWS this is."""
        if self.sandbox is not None:
            return "sandbox"
        return self.access.endpoint_url or "AWS"

    @property
    def flags(self) -> str:
        """What the user has to add to a command to come here again."""
        if self.sandbox is not None:
            return "" if self.environment.sandbox else " --sandbox"
        return f" --endpoint-url {self.access.endpoint_url}" if self.emulated else ""

    @property
    def runs(self) -> Path:
        """Folder of the journals of all runs in this place."""
        return self.work / "runs"

    @property
    def state_dir(self) -> Path:
        """Folder of local states; a sandbox has its own, so that it never meets a real one."""
        return self.work / "states" if self.emulated else self.home / "terraform.tfstate.d"

    @property
    def var_files(self) -> tuple[Path, ...]:
        """The variable files of the environment, in the order Terraform takes them.

        Values of an environment that was built in Python are written to a private file first.
        """
        if self.copied_values:
            return self.copied_values
        environment = self.environment
        facts = self.home / "generated" / "environments" / f"{environment.name}.tfvars"
        if environment.value_files or not environment.values:
            return (facts, *environment.value_files)
        values = self.work / "values" / f"{environment.name}.tfvars.json"
        write_text(values, json.dumps(dict(environment.values)), mode=0o600)
        return (facts, values)

    def client(self, service: str, region: str | None = None) -> AwsClient:
        """A client of one AWS service, in the environment's region."""
        return client(self.access, service, region)

    def clients(self) -> Callable[[str, str | None], AwsClient]:
        """Makes clients by service and region, for who needs many of them; one thread at a time."""
        return clients(self.access)

    def data_dir(self, stack: str) -> Path:
        """Terraform's data folder of a stack's root in this environment."""
        return (self.private or self.work) / "data" / self.environment.name / stack

    @property
    def composed_data(self) -> Path:
        """Terraform's data folder of the composed root; its provider lock is kept in it."""
        return (self.private or self.home / WORK) / "data" / self.environment.name / "composed"

    def terraform(self, folder: Path, data_dir: Path) -> Terraform:
        """Terraform in ``folder``, in the environment's workspace."""
        return Terraform(self.engine, folder, self.env, self.environment.name, data_dir, self.cli_config)

    def backend_config(self, stack: str) -> Path | None:
        """The file for ``init -backend-config`` of a stack, or None where its root says everything."""
        if self.project.backend.kind is BackendKind.S3:
            path = backend_config(self.project, self.environment)
            return self.home / path.relative_to(self.project.folder) if path else None
        path = self.work / "backends" / f"{stack}.tfbackend"
        write_text(path, f"workspace_dir = {quote(str(self.state_dir / stack))}\n")
        return path


def open_place(project: Project, environment_name: str, options: PlaceOptions) -> Place:
    """Find the engine and the AWS of an environment; starts the sandbox where one is asked for."""
    environment = environment_of(project, environment_name)
    engine = find_engine(options.terraform, constraint=project.terraform)
    _check_locking(project, engine)
    cli_config = prepare_cli_config(os.environ)
    endpoint, sandbox = options.endpoint_url, None
    if endpoint is None and (options.sandbox or environment.sandbox):
        sandbox = sandboxes.start(project.folder)
        endpoint = sandbox.endpoint_url
    if endpoint is None:
        access = real_access(os.environ, environment, options.purpose)
        work = project.folder / WORK
    else:
        from landform.aws.emulator import emulated_access

        access = emulated_access(endpoint, environment.account_id, environment.region)
        work = sandbox.folder if sandbox else project.folder / WORK / "emulators" / _folder_name(endpoint)
    place = Place(
        project, environment, engine, cli_config, access, work, sandbox,
        home=project.folder, purpose=options.purpose,
    )  # fmt: skip
    place = _with_env(place)
    if sandbox is not None:
        _make_state_bucket(place)
    return place


def _check_locking(project: Project, engine: Engine) -> None:
    """Raise ProjectInvalid where the engine does not know how the project wants its states locked."""
    backend = project.backend
    if backend.kind is BackendKind.S3 and backend.use_lockfile and engine.version < _KNOWS_LOCKFILES:
        what = f"{engine} does not know use_lockfile, which came with 1.10."
        way_out = "Use a later one, or say 'use_lockfile: false' and name a dynamodb_table."
        raise ProjectInvalid([Fault(backend.location("use_lockfile"), what, way_out)])


def environment_of(project: Project, name: str) -> Environment:
    """The environment of that name. Raises ProjectInvalid."""
    known = project.environment_by_name
    if name not in known:
        fault = Fault(Location("environments"), f"unknown environment {name!r}.", did_you_mean(name, known))
        raise ProjectInvalid([fault])
    return known[name]


def has_state_bucket(project: Project, environment_name: str) -> bool:
    """Whether the environment's states lie in a bucket. Raises ProjectInvalid for an unknown environment."""
    environment_of(project, environment_name)
    return project.backend.kind is BackendKind.S3


def check_stacks(project: Project, names: tuple[str, ...]) -> None:
    """Raise LandformError for a stack the project does not have."""
    for name in names:
        if name not in project.stack_by_name:
            raise LandformError(f"unknown stack {name!r}", did_you_mean(name, project.stack_by_name))


def with_project(place: Place, project: Project) -> Place:
    """The same place with another description of the project: that of a release."""
    environment = environment_of(project, place.environment.name)
    return _with_env(replace(place, project=project, environment=environment))


def _with_env(place: Place) -> Place:
    """Add what every Terraform process of the place inherits: the shell's values of project variables."""
    env = clean_environment(place.access.env, keep_variables=True)
    known = {f"TF_VAR_{name}" for name in place.project.effective_variables}
    env = {name: value for name, value in env.items() if not name.startswith("TF_VAR_") or name in known}
    if place.project.backend.kind is BackendKind.LOCAL:
        env["TF_VAR_state_dir"] = str(place.state_dir)
    return replace(place, env=env)


def _make_state_bucket(place: Place) -> None:
    if place.project.backend.kind is not BackendKind.S3:
        return
    from landform.aws.state_objects import ensure_bucket

    store = state_store(place.project, place.environment)
    made = place.work / "buckets" / store.bucket
    if not made.exists():
        ensure_bucket(place.client("s3", store.region), store.bucket, store.region)
        write_text(made, "")


def _folder_name(endpoint: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in endpoint)


@contextmanager
def scratch_root(project_folder: Path) -> Iterator[Path]:
    """A private folder as deep as the stacks' roots are, so that ``path.module`` is the same in both."""
    work = project_folder / WORK
    for left in work.glob("root-*-*"):  # of a landform that was killed; it holds a merged state
        if identify(int(left.name.split("-")[1])) is None:
            shutil.rmtree(left, ignore_errors=True)
    folder = work / f"root-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
