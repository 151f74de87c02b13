"""Reads a project's files into the model. Every fault of every file is raised at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from landform.errors import Fault, Location, ProjectInvalid
from landform.project.durations import seconds_of
from landform.project.expressions import ExpressionError
from landform.project.model import (
    ApprovalRules,
    Backend,
    BackendKind,
    BackendOverride,
    Budget,
    Environment,
    Project,
    ProviderAlias,
    Stack,
    Variable,
)
from landform.project.names import did_you_mean
from landform.project.policy_rules import policy_rules
from landform.project.roles import AssumeRole, duration_seconds
from landform.project.schema import (
    ApprovalsFile,
    AssumeRoleFile,
    BackendOverrideFile,
    EnvironmentFile,
    ProjectFile,
    StackFile,
    Strict,
    SweepFile,
    TeardownFile,
)
from landform.project.sweep_rules import Keep, SweepRules
from landform.project.teardown import Notify, Teardown
from landform.project.tfvars import Values, read_values
from landform.project.times import date_of, instant_of
from landform.project.usage import read_usage
from landform.project.values import parse_value
from landform.project.yaml_file import Document, read_yaml

FILE_NAME = "landform.yaml"

_File = TypeVar("_File", bound=Strict)


def load_project(folder: Path) -> Project:
    """Read ``landform.yaml``, ``environments/*/environment.yaml`` and their tfvars. Raises ProjectInvalid."""
    folder = folder.resolve()
    draft, faults = _read(folder, folder)
    if faults:
        raise ProjectInvalid(faults)
    return draft


def load_released(folder: Path, home: Path, environment: str) -> tuple[Project, tuple[Fault, ...]]:
    """The project that lies in ``folder``, a release, with the environments of the project in ``home``.

    Only what is wrong with it for this environment counts. Returns it with the values that the environment
    has and this release does not read. Raises ProjectInvalid, for a variable without a value above all.
    """
    from landform.project.checks import UNREAD

    draft, faults = _read(folder, home)
    others = tuple(f"environments/{name}/" for name in draft.environment_by_name if name != environment)
    faults = [fault for fault in faults if not fault.where.path.startswith(others)]
    unread = tuple(fault for fault in faults if fault.what.endswith(UNREAD))
    if len(unread) != len(faults):
        raise ProjectInvalid([fault for fault in faults if fault not in unread])
    return draft, unread


def load_standing(folder: Path, environment: str) -> Project:
    """The project in ``folder``, for work on what stands in an environment and nothing else.

    What is wrong with modules, inputs and values does not matter, nor does another environment. Raises
    ProjectInvalid for the rest: names, order, where states are, what the environment's own file says.
    """
    folder = folder.resolve()
    draft, faults = _read(folder, folder, whole=False)
    own = f"environments/{environment}/environment.yaml"
    faults = [each for each in faults if each.where.path == own or not _is_of_environments(each)]
    if faults:
        raise ProjectInvalid(faults)
    return draft


def _is_of_environments(fault: Fault) -> bool:
    return fault.where.path.startswith("environments/")


def _read(folder: Path, home: Path, *, whole: bool = True) -> tuple[Project, list[Fault]]:
    """What lies in ``folder``, with the environments of ``home``, and everything that is wrong with it.

    ``whole`` is false where modules, inputs and values are not looked at.
    """
    if not (folder / FILE_NAME).is_file():
        way_out = "Run it in a project's folder, give --project, or start one with 'landform new DIR'."
        raise ProjectInvalid([Fault(Location(FILE_NAME), f"no {FILE_NAME} in {folder}.", way_out)])
    faults: list[Fault] = []
    document = read_yaml(folder / FILE_NAME, FILE_NAME)
    faults += document.faults
    described = _validated(ProjectFile, document, faults)
    environments = _environments(home, faults)
    if described is None:
        raise ProjectInvalid(faults)
    draft = _Draft(
        name=described.project,
        stacks=_stacks(described, document, faults),
        environments=tuple(environments),
        folder=folder,
        terraform=described.terraform,
        backend=_backend(described, document),
        variables=_variables(described, document),
        policy=policy_rules(described.policy.model_dump(exclude_unset=True)),
        where=document.location("project"),
    )
    from landform.project.checks import project_faults, standing_faults

    return draft, faults + (project_faults if whole else standing_faults)(draft)


class _Draft(Project):
    """A project whose faults are not raised yet, so that they join those of its files."""

    def __post_init__(self) -> None:
        pass


def _backend(described: ProjectFile, document: Document) -> Backend:
    if isinstance(described.backend, str):
        return Backend()
    s3 = described.backend.s3
    return Backend(
        BackendKind.S3,
        s3.bucket,
        s3.region,
        s3.key_prefix.strip("/"),
        s3.kms_key_id,
        s3.dynamodb_table,
        s3.use_lockfile,
        where=document.location("backend", "s3", "bucket"),
        lines={name: document.location("backend", "s3", name) for name in s3.model_fields_set},
    )


def _backend_override(file: BackendOverrideFile, document: Document) -> BackendOverride:
    return BackendOverride(
        file.bucket,
        file.region,
        file.kms_key_id,
        file.dynamodb_table,
        where=document.location("backend"),
        lines={name: document.location("backend", name) for name in file.model_fields_set},
    )


def _variables(described: ProjectFile, document: Document) -> tuple[Variable, ...]:
    raw: Any = document.data
    return tuple(
        Variable(
            name,
            type=variable.type,
            description=variable.description,
            sensitive=variable.sensitive,
            required="default" not in (raw["variables"][name] or {}),
            default=variable.default,
            where=document.location("variables", name),
        )
        for name, variable in described.variables.items()
    )


def _stacks(described: ProjectFile, document: Document, faults: list[Fault]) -> tuple[Stack, ...]:
    lines = document.below("stacks")
    read = ((name, _stack(name, stack, document, faults)) for name, stack in described.stacks.items())
    return tuple(replace(stack, lines=lines.get(name, {})) for name, stack in read)


def _stack(name: str, described: StackFile, document: Document, faults: list[Fault]) -> Stack:
    inputs: dict[str, Any] = {}
    for key, raw in described.inputs.items():
        try:
            inputs[key] = parse_value(raw)
        except (ExpressionError, TypeError) as error:
            inputs[key] = None
            faults.append(Fault(document.location("stacks", name, "inputs", key), f"input {key!r}: {error}."))
    return Stack(
        name,
        described.module,
        inputs,
        version=described.version,
        depends_on=tuple(described.depends_on),
        providers=tuple(_alias(name, alias, document, faults) for alias in described.providers.items()),
        teardown=described.teardown,
        where=document.location("stacks", name),
    )


def _alias(stack: str, alias: tuple[str, Any], document: Document, faults: list[Fault]) -> ProviderAlias:
    name, described = alias
    try:
        return ProviderAlias(name, parse_value(described.region))
    except ExpressionError as error:
        where = document.location("stacks", stack, "providers", name, "region")
        faults.append(Fault(where, f"provider {name!r}: {error}."))
        return ProviderAlias(name)


def _environments(folder: Path, faults: list[Fault]) -> list[Environment]:
    root = folder / "environments"
    found: list[Environment] = []
    for path in sorted(root.iterdir()) if root.is_dir() else []:
        if not path.is_dir() or path.name.startswith("."):
            continue
        shown = f"environments/{path.name}"
        document = read_yaml(path / "environment.yaml", f"{shown}/environment.yaml")
        values = read_values(path, shown)
        usage = read_usage(path, shown)
        own = [*document.faults, *values.faults]
        described = _validated(EnvironmentFile, document, own)
        described = described or EnvironmentFile.model_construct(region="")
        read = _environment(path.name, described, values, document)
        read = replace(read, usage=usage.entries, usage_lines=usage.lines, complete=not own)
        found.append(read)
        faults += [*own, *usage.faults]
    return found


def _environment(name: str, file: EnvironmentFile, values: Values, document: Document) -> Environment:
    budget = file.budget
    return Environment(
        name,
        region=file.region,
        account_id=file.account_id,
        assume_role_arn=file.assume_role_arn,
        plan_role_arn=file.plan_role_arn,
        assume_role=_assume_role(file.assume_role) if file.assume_role else None,
        profile=file.profile,
        promotes_from=file.promotes_from,
        soak=seconds_of(file.soak) if file.soak else 0,
        protected=file.protected,
        ephemeral=file.ephemeral,
        sandbox=file.sandbox,
        backend=_backend_override(file.backend, document),
        approvals=_approvals(file.approvals, document),
        policy=policy_rules(file.policy.model_dump(exclude_unset=True)),
        budget=Budget(budget.monthly_usd, budget.warn_at_percent) if budget else None,
        teardown=_teardown(file.teardown, document) if file.teardown else None,
        expires_at=instant_of(file.expires_at) if file.expires_at else None,
        sweep=_sweep(file.sweep, document),
        tags=dict(file.tags),
        values=values.data,
        value_files=values.files,
        where=document.location(),
        value_lines=values.lines,
        lines={names[0]: document.location(*names) for names in document.lines if len(names) == 1},
    )


def _teardown(file: TeardownFile, document: Document) -> Teardown:
    return Teardown(
        file.schedule,
        file.timezone,
        file.rebuild,
        grace=seconds_of(file.grace) if file.grace else 0,
        max_late=seconds_of(file.max_late),
        holidays=tuple(date_of(each) for each in file.holidays),
        max_changes=file.max_changes,
        notify=tuple(Notify(each.sns, each.webhook, each.webhook_env) for each in file.notify),
        remedies=file.remedies,
        health=tuple(file.health),
        where=document.location("teardown"),
        lines={
            ".".join(names[1:]): document.location(*names)
            for names in document.lines
            if names[0:1] == ("teardown",) and len(names) > 1
        },
    )


def _assume_role(file: AssumeRoleFile) -> AssumeRole:
    seconds = duration_seconds(file.duration) if file.duration else None
    return AssumeRole(file.external_id, file.session_name, seconds)


def _approvals(file: ApprovalsFile, document: Document) -> ApprovalRules:
    return ApprovalRules(
        file.required,
        tuple(file.approvers),
        seconds_of(file.expire_after),
        file.critical,
        file.signed,
        file.planner_may_approve,
        where=document.location("approvals"),
    )


def _sweep(file: SweepFile, document: Document) -> SweepRules:
    keep = tuple(Keep(each.pattern, each.reason) for each in file.keep)
    return SweepRules(keep, document.location("sweep"))


def _validated(model: type[_File], document: Document, faults: list[Fault]) -> _File | None:
    if document.data is None:
        if not document.faults:
            faults.append(Fault(Location(document.path), "the file is empty."))
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        before = len(faults)
        for problem in error.errors(include_url=False):
            fault = _schema_fault(model, document, problem)
            if fault not in faults[before:]:
                faults.append(fault)
        return _without(model, document, error)


def _without(model: type[_File], document: Document, error: ValidationError) -> _File | None:
    """The file again without its bad entries, so that the rest is checked in the same run."""
    import copy

    data: Any = copy.deepcopy(document.data)
    for problem in error.errors(include_url=False):
        path = [part for part in problem["loc"] if part not in ("BackendFile", "literal['local']")]
        path = path[:-1] if problem["type"] == "missing" else path
        place = data
        for part in path[:-1]:
            if not isinstance(place, dict | list):
                break
            place = place.get(part) if isinstance(place, dict) else place[int(part)]
        if path and isinstance(place, dict):
            place.pop(path[-1], None)
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _schema_fault(model: type[BaseModel], document: Document, problem: Any) -> Fault:
    path = [str(part) for part in problem["loc"] if part not in ("BackendFile", "literal['local']")]
    where = document.location(*path)
    name = ".".join(path)
    match problem["type"]:
        case "extra_forbidden":
            known = _fields_at(model, path[:-1])
            return Fault(where, f"unknown key {path[-1]!r}.", did_you_mean(path[-1], known))
        case "missing":
            return Fault(where, f"{name!r} is missing.")
        case "string_pattern_mismatch":
            return Fault(where, f"{name}: {problem['input']!r} is not a valid value.")
        case _:
            message = str(problem["msg"]).removeprefix("Value error, ")
            return Fault(where, f"{name}: {message[:1].lower()}{message[1:]}.")


def _fields_at(model: type[BaseModel], path: list[str]) -> list[str]:
    current: Any = model
    for part in path:
        if get_origin(current) in (dict, list):
            current = get_args(current)[-1]
            continue
        field = _model_in(current).model_fields.get(part)
        current = field.annotation if field is not None else None
    return list(_model_in(current).model_fields)


def _model_in(annotation: Any) -> type[BaseModel]:
    """The model among the members of ``X | None`` and the like; an empty one where there is none."""
    members = (annotation, *get_args(annotation))
    return next((each for each in members if isinstance(each, type) and issubclass(each, BaseModel)), Strict)
