"""The project as frozen data: what the rest of landform reads, whether it came from YAML or from Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from landform.errors import Location
from landform.project.expressions import Reference
from landform.project.module import Module
from landform.project.policy_rules import PolicyRules
from landform.project.roles import AssumeRole, Purpose
from landform.project.sweep_rules import SweepRules
from landform.project.teardown import Remedies, Teardown
from landform.project.values import Value, parse_value, references

_T = TypeVar("_T")

PYTHON = Location("<python>")


class BackendKind(StrEnum):
    """Terraform's own names of the backends landform writes."""

    LOCAL = "local"
    S3 = "s3"


@dataclass(frozen=True, slots=True)
class Backend:
    """Where states lie. ``bucket`` may hold ``{account_id}``, ``{region}``, ``{project}``, ``{environment}``.

    ``region`` is the bucket's own; None means the environment's.
    """

    kind: BackendKind = BackendKind.LOCAL
    bucket: str = ""
    region: str | None = None
    key_prefix: str = ""
    kms_key_id: str | None = None
    dynamodb_table: str | None = None
    use_lockfile: bool = True
    where: Location = field(default=PYTHON, compare=False)
    lines: Mapping[str, Location] = field(default_factory=dict, repr=False, compare=False)

    def location(self, key: str) -> Location:
        """Where the user wrote one of its keys."""
        return self.lines.get(key, self.where)


@dataclass(frozen=True, slots=True)
class BackendOverride:
    """What an environment says of its own state bucket; None means as the project's backend has it."""

    bucket: str | None = None
    region: str | None = None
    kms_key_id: str | None = None
    dynamodb_table: str | None = None
    where: Location = field(default=PYTHON, compare=False)
    lines: Mapping[str, Location] = field(default_factory=dict, repr=False, compare=False)

    def location(self, key: str) -> Location:
        """Where the user wrote one of its keys."""
        return self.lines.get(key, self.where)

    @property
    def given(self) -> tuple[str, ...]:
        """The keys that the user wrote."""
        every = ("bucket", "region", "kms_key_id", "dynamodb_table")
        return tuple(name for name in every if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the project; each environment gives it a value in terraform.tfvars."""

    name: str
    type: str = "any"
    description: str = ""
    sensitive: bool = False
    required: bool = True
    default: object = None
    where: Location = PYTHON


@dataclass(frozen=True, slots=True)
class ProviderAlias:
    """One more ``aws`` configuration of a stack. ``region`` is a name or an expression."""

    name: str
    region: Value = None


@dataclass(frozen=True, slots=True)
class Stack:
    """One module call with its own state. ``inputs`` may hold ``${…}`` in any string, at any depth."""

    name: str
    module: str
    inputs: Mapping[str, Value] = field(default_factory=dict)
    version: str | None = None
    depends_on: tuple[str, ...] = ()
    providers: tuple[ProviderAlias, ...] = ()
    teardown: bool = False
    where: Location = PYTHON
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        parsed = {str(key): parse_value(value) for key, value in self.inputs.items()}
        object.__setattr__(self, "inputs", parsed)
        object.__setattr__(self, "depends_on", tuple(self.depends_on))

    def references(self) -> Iterator[tuple[str, Reference]]:
        """(input's name, reference) of everything this stack reads."""
        for name, value in self.inputs.items():
            for reference in references(value):
                yield name, reference
        for alias in self.providers:
            for reference in references(alias.region):
                yield f"providers.{alias.name}", reference

    @property
    def upstream(self) -> frozenset[str]:
        """Stacks whose outputs this one reads, and those it merely waits for."""
        return self.reads | frozenset(self.depends_on)

    @property
    def reads(self) -> frozenset[str]:
        """Stacks whose outputs this one reads."""
        return frozenset(reference.name for _, reference in self.references() if reference.root == "stack")

    def location(self, *path: str) -> Location:
        """Where the user wrote ``path`` inside this stack, or the nearest line above it."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line:
                return Location(self.where.path, line)
        return self.where


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """Who has to say yes before an apply: ``required`` people, and ``critical`` more for a critical finding.

    ``approvers`` empty: anybody. ``expire_after`` is in seconds. ``critical`` None: one more where approvals
    are required at all. ``signed``: an approval needs a signature.
    """

    required: int = 0
    approvers: tuple[str, ...] = ()
    expire_after: int = 24 * 60 * 60
    critical: int | None = None
    signed: bool = False
    planner_may_approve: bool = False
    where: Location = field(default=PYTHON, compare=False)

    def needed(self, *, critical: bool) -> int:
        """How many people have to approve a plan, with or without a critical finding."""
        more = min(self.required, 1) if self.critical is None else self.critical
        return self.required + (more if critical else 0)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an environment may cost a month, in US dollars, and from which part of it on to warn."""

    monthly_usd: float
    warn_at_percent: float = 80.0


@dataclass(frozen=True, slots=True)
class Environment:
    """Account, region, rules and values of one environment; its Terraform workspace has the same name.

    ``soak`` is for how many seconds a release has to run in ``promotes_from`` before it comes here.
    ``usage`` holds figures of a month's use by address or type. ``complete`` is false where a file of the
    environment had faults: what is missing then may stand in that file. ``profile`` is one of AWS's own
    files; ``lines`` tell where each key stands. From ``expires_at`` on, in UTC, the environment is to go.
    """

    name: str
    region: str
    account_id: str | None = None
    assume_role_arn: str | None = None
    plan_role_arn: str | None = None
    assume_role: AssumeRole | None = None
    profile: str | None = None
    promotes_from: str | None = None
    soak: int = 0
    protected: bool = False
    ephemeral: bool = False
    sandbox: bool = False
    backend: BackendOverride = field(default_factory=BackendOverride)
    approvals: ApprovalRules = field(default_factory=ApprovalRules)
    policy: PolicyRules = field(default_factory=PolicyRules)
    budget: Budget | None = None
    teardown: Teardown | None = None
    expires_at: datetime | None = None
    sweep: SweepRules = field(default_factory=SweepRules)
    tags: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    value_files: tuple[Path, ...] = ()
    where: Location = PYTHON
    value_lines: Mapping[str, Location] = field(default_factory=dict, repr=False, compare=False)
    usage: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    usage_lines: Mapping[tuple[str, ...], Location] = field(default_factory=dict, repr=False, compare=False)
    complete: bool = True
    lines: Mapping[str, Location] = field(default_factory=dict, repr=False, compare=False)

    def role_arn(self, purpose: Purpose) -> str | None:
        """The role for a purpose. Where there is none for plans, the one that applies plans too."""
        if purpose is Purpose.PLAN and self.plan_role_arn:
            return self.plan_role_arn
        return self.assume_role_arn

    @property
    def remedies(self) -> Remedies:
        """What a teardown may do about protection: by itself, to disarm what is ephemeral."""
        asked = self.teardown.remedies if self.teardown else None
        return asked or (Remedies.DISARM if self.ephemeral else Remedies.BLOCK)

    @property
    def timezone(self) -> str:
        """The zone whose clock its schedule and its holds are in."""
        return self.teardown.timezone if self.teardown else "UTC"

    def location(self, key: str) -> Location:
        """Where a key of environment.yaml stands."""
        return self.lines.get(key, self.where)


ENVIRONMENT_FIELDS = ("name", "project", "account_id", "region", "ephemeral", "protected", "tags")
"""What ``${environment.<field>}`` may name."""


@dataclass(frozen=True)
class Project:
    """A system described once. ``folder`` is where ``landform.yaml`` lies and ``generated/`` goes.

    Build it in Python, or read it with ``Project.load(folder)``; both raise ProjectInvalid with all faults.
    """

    name: str
    stacks: Sequence[Stack] | Mapping[str, Stack]
    environments: Sequence[Environment] | Mapping[str, Environment] = ()
    folder: Path = field(default_factory=Path.cwd)
    terraform: str = ">= 1.10, < 2"
    backend: Backend = field(default_factory=Backend)
    variables: Sequence[Variable] | Mapping[str, Variable] = ()
    policy: PolicyRules = field(default_factory=PolicyRules)
    where: Location = PYTHON

    def __post_init__(self) -> None:
        from landform.project.checks import check_project

        check_project(self)

    @classmethod
    def load(cls, folder: Path | str = ".") -> Project:
        """Read ``landform.yaml`` and ``environments/`` of ``folder``. Raises ProjectInvalid."""
        from landform.project.loader import load_project

        return load_project(Path(folder))

    @cached_property
    def stack_by_name(self) -> Mapping[str, Stack]:
        """Stacks by name, in the order the user wrote them."""
        return {stack.name: stack for stack in _items(self.stacks)}

    @cached_property
    def environment_by_name(self) -> Mapping[str, Environment]:
        """Environments by name."""
        return {environment.name: environment for environment in _items(self.environments)}

    @cached_property
    def declared_variables(self) -> Mapping[str, Variable]:
        """The ``variables:`` of landform.yaml by name."""
        return {variable.name: variable for variable in _items(self.variables)}

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """The module of each stack, by stack name; its interface is read once."""
        from landform.project.module import resolve_module

        seen: dict[tuple[str, str | None], Module] = {}
        for stack in self.stack_by_name.values():
            key = (stack.module, stack.version)
            seen.setdefault(key, resolve_module(stack.module, stack.version, self.folder))
        return {name: seen[(stack.module, stack.version)] for name, stack in self.stack_by_name.items()}

    @cached_property
    def effective_variables(self) -> Mapping[str, Variable]:
        """Declared variables, and those implied by ``${var.x}`` with the type of the input they feed."""
        from landform.project.variables import effective_variables

        return effective_variables(self)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Stack names, upstream first; ties in alphabetical order."""
        from landform.project.graph import apply_order

        return apply_order(self.stack_by_name)


def _items(many: Sequence[_T] | Mapping[str, _T]) -> Sequence[_T]:
    return tuple(many.values()) if isinstance(many, Mapping) else tuple(many)
