"""Everything that can be wrong with a project before Terraform runs, found in one pass.

Each check is a small generator of faults; ``_CHECKS`` is the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from landform.errors import Fault, Location, ProjectInvalid
from landform.project import names, roles, sweep_rules
from landform.project.backend_checks import backend_faults
from landform.project.expressions import Reference
from landform.project.graph import find_cycle
from landform.project.module import ModuleKind, available_names
from landform.project.names import did_you_mean
from landform.project.teardown_checks import teardown_faults
from landform.project.types import misfit, parse_type
from landform.project.values import Value

if TYPE_CHECKING:
    from landform.project.model import ApprovalRules, Environment, Project, Stack
    from landform.project.sweep_rules import SweepRules

UNREAD = "no stack reads it."
"""How the fault of a variable ends that has a value for nothing."""
AUTOMATIC_INPUTS = ("name", "tags", "ephemeral")
"""Inputs landform supplies from the environment where a module has them and the stack leaves them out."""


def check_project(project: Project) -> None:
    """Raise ProjectInvalid with every fault of the model."""
    faults = project_faults(project)
    if faults:
        raise ProjectInvalid(faults)


def project_faults(project: Project) -> list[Fault]:
    """Every fault of the model, unsorted."""
    return [fault for check in _CHECKS for fault in check(project)]


def standing_faults(project: Project) -> list[Fault]:
    """Those that keep landform from what stands already: nothing of modules, inputs and values is asked."""
    return [fault for check in _STANDING for fault in check(project)]


def _bad_names(project: Project) -> Iterator[Fault]:
    if fault := names.project_name_fault(project.name):
        yield Fault(project.where, fault)
    for stack in project.stack_by_name.values():
        if fault := names.stack_name_fault(stack.name):
            yield Fault(stack.where, fault)
        for alias in stack.providers:
            if not names.is_identifier(alias.name) or alias.name == "aws":
                yield Fault(stack.location("providers", alias.name), f"bad provider alias {alias.name!r}.")
    for environment in project.environment_by_name.values():
        if fault := names.environment_name_fault(environment.name):
            yield Fault(environment.where, fault)
    for variable in project.declared_variables.values():
        if fault := names.variable_name_fault(variable.name):
            yield Fault(variable.where, fault)


def _duplicates(project: Project) -> Iterator[Fault]:
    for kind, many in (("stack", project.stacks), ("environment", project.environments)):
        if isinstance(many, Mapping):
            continue
        seen: set[str] = set()
        for item in many:
            if item.name in seen:
                yield Fault(item.where, f"duplicate {kind} {item.name!r}.", "Remove one of the two.")
            seen.add(item.name)


def _nothing_there(project: Project) -> Iterator[Fault]:
    if not project.stack_by_name:
        yield Fault(project.where, "the project has no stacks.", "Add one under 'stacks:'.")


def _unknown_stacks(project: Project) -> Iterator[Fault]:
    known = project.stack_by_name
    for stack in known.values():
        for name, reference in stack.references():
            if reference.root == "stack" and reference.name not in known:
                what = f"input {name!r} reads the unknown stack {reference.name!r}."
                yield Fault(stack.location("inputs", name), what, did_you_mean(reference.name, known))
        for index, name in enumerate(stack.depends_on):
            if name not in known:
                where = stack.location("depends_on", str(index))
                yield Fault(where, f"depends_on names the unknown stack {name!r}.", did_you_mean(name, known))


def _cycles(project: Project) -> Iterator[Fault]:
    cycle = find_cycle(project.stack_by_name)
    if cycle:
        path = " → ".join(cycle)
        where = project.stack_by_name[cycle[0]].where
        yield Fault(where, f"stacks need each other in a circle: {path}.", "Remove one of these references.")


def _modules(project: Project) -> Iterator[Fault]:
    for stack in project.stack_by_name.values():
        module = project.modules[stack.name]
        where = stack.location("module")
        if not module.exists:
            known = available_names(project.folder) if module.kind is ModuleKind.BUILT_IN else []
            hint = did_you_mean(stack.module, known) if known else f"No .tf files in {module.folder}."
            yield Fault(where, f"unknown module {stack.module!r}.", hint)
        if stack.version is not None and module.kind is not ModuleKind.REGISTRY:
            yield Fault(stack.location("version"), "only a module of a registry takes a 'version'.")
    found = {fault: None for module in project.modules.values() for fault in module.faults}
    yield from (_shown(fault, project.folder) for fault in found)


def _shown(fault: Fault, folder: Path) -> Fault:
    """A fault of a module's file, with its path as the user knows it."""
    path = Path(fault.where.path)
    if not path.is_relative_to(folder):
        return fault
    return replace(fault, where=Location(path.relative_to(folder).as_posix(), fault.where.line))


def _inputs(project: Project) -> Iterator[Fault]:
    for stack in project.stack_by_name.values():
        module = project.modules[stack.name]
        for name, value in stack.inputs.items():
            where = stack.location("inputs", name)
            if not names.is_identifier(name) or name in names.RESERVED_INPUTS:
                yield Fault(where, f"bad input name {name!r}: a Terraform variable can't have it.")
            elif module.is_known and name not in module.variables:
                hint = did_you_mean(name, module.variables)
                yield Fault(where, f"module {stack.module!r} has no input {name!r}.", hint)
            elif module.is_known and (wrong := misfit(value, module.variables[name].type)):
                yield Fault(where, f"input {name!r} {wrong}.")
        if module.is_known:
            yield from _missing_inputs(stack, module.variables)


def _missing_inputs(stack: Stack, variables: Mapping[str, object]) -> Iterator[Fault]:
    for name, variable in variables.items():
        required = getattr(variable, "required", False)
        if required and name not in stack.inputs and name not in AUTOMATIC_INPUTS:
            described = getattr(variable, "description", "")
            hint = f"Add {name!r} under its inputs" + (f" ({described})." if described else ".")
            yield Fault(stack.location("inputs"), f"stack {stack.name!r} lacks the input {name!r}.", hint)


def _references(project: Project) -> Iterator[Fault]:
    from landform.project.model import ENVIRONMENT_FIELDS

    for stack in project.stack_by_name.values():
        for name, reference in stack.references():
            where = stack.location(*name.split(".")) if "." in name else stack.location("inputs", name)
            if reference.root == "environment" and reference.name not in ENVIRONMENT_FIELDS:
                hint = did_you_mean(reference.name, ENVIRONMENT_FIELDS)
                yield Fault(where, f"an environment has no field {reference.name!r}.", hint)
            if reference.root == "var" and (fault := names.variable_name_fault(reference.name)):
                hint = "Write ${environment.<field>}." if reference.name == "environment" else ""
                yield Fault(where, fault, hint)
            if reference.root == "stack":
                yield from _unknown_output(project, where, reference)


def _unknown_output(project: Project, where: Location, reference: Reference) -> Iterator[Fault]:
    upstream = project.modules.get(reference.name)
    if upstream is not None and upstream.is_known and reference.output not in upstream.outputs:
        hint = did_you_mean(reference.output, upstream.outputs)
        yield Fault(where, f"stack {reference.name!r} has no output {reference.output!r}.", hint)


def _variable_types(project: Project) -> Iterator[Fault]:
    for variable in project.declared_variables.values():
        try:
            parse_type(variable.type)
        except ValueError:
            what = f"variable {variable.name!r}: {variable.type!r} is not a Terraform type."
            yield Fault(variable.where, what, "Write string, number, bool, list(string), map(string) …")


def _values(project: Project) -> Iterator[Fault]:
    import os

    variables = project.effective_variables
    for environment in project.environment_by_name.values():
        for name, value in environment.values.items():
            where = environment.value_lines.get(name, environment.where)
            if name not in variables:
                what = f"unknown variable {name!r}: {UNREAD}"
                yield Fault(where, what, did_you_mean(name, variables))
            elif wrong := _value_misfit(variables[name].type, value):
                yield Fault(where, f"variable {name!r} {wrong}.")
        for name, variable in variables.items():
            given = name in environment.values or f"TF_VAR_{name}" in os.environ
            if variable.required and environment.complete and not given:
                where = Location(f"environments/{environment.name}/terraform.tfvars")
                hint = f"Set it there, or as TF_VAR_{name}" + (
                    " (it is sensitive)." if variable.sensitive else "."
                )
                yield Fault(where, f"variable {name!r} has no value in {environment.name!r}.", hint)


def _value_misfit(type_text: str, value: object) -> str:
    try:
        return misfit(_as_value(value), parse_type(type_text))
    except ValueError:
        return ""


def _as_value(value: object) -> Value:
    """Data of a tfvars file: a list is a tuple to the checker, and no text is an expression."""
    if isinstance(value, list):
        return tuple(_as_value(item) for item in value)
    if isinstance(value, Mapping):
        return {str(key): _as_value(item) for key, item in value.items()}
    return value  # type: ignore[return-value]


def _environments(project: Project) -> Iterator[Fault]:
    known = project.environment_by_name
    perishable = any(stack.teardown for stack in project.stack_by_name.values())
    for environment in known.values():
        source = environment.promotes_from
        if environment.soak and source is None:
            what = "soak: there is no environment that releases are promoted from."
            yield Fault(environment.where, what, "Add promotes_from, or remove soak.")
        if source is not None and source not in known:
            what = f"promotes_from names the unknown environment {source!r}."
            yield Fault(environment.where, what, did_you_mean(source, set(known) - {environment.name}))
        yield from _promotion_cycle(environment, known)
        yield from _reserved_tags(environment)
        yield from teardown_faults(environment, has_teardown_stacks=perishable)
        yield from _roles(environment)
        yield from _approvals(environment.approvals)
        yield from _sweep(environment.sweep)


def _promotion_cycle(environment: Environment, known: Mapping[str, Environment]) -> Iterator[Fault]:
    path = [environment.name]
    while (source := known[path[-1]].promotes_from) in known and source is not None:
        path.append(source)
        if source in path[:-1]:
            break
    if len(path) > 1 and path[-1] == path[0] and path[0] == min(path):
        yield Fault(environment.where, f"environments promote in a circle: {' → '.join(path)}.")


def _reserved_tags(environment: Environment) -> Iterator[Fault]:
    for key in environment.tags:
        if key.lower().startswith("aws:"):
            yield Fault(environment.where, f"tag {key!r}: AWS keeps the prefix 'aws:' for itself.")


def _approvals(rules: ApprovalRules) -> Iterator[Fault]:
    """How many people the names stand for is not known here: one may be a role."""
    for name in sorted({name for name in rules.approvers if rules.approvers.count(name) > 1}):
        yield Fault(rules.where, f"approvals.approvers names {name!r} twice.", "Remove one of the two.")


def _sweep(rules: SweepRules) -> Iterator[Fault]:
    """Two reasons for one pattern are no reason; the rest is for an environment that was built in Python."""
    patterns = [each.pattern for each in rules.keep]
    for name in sorted({name for name in patterns if patterns.count(name) > 1}):
        yield Fault(rules.where, f"sweep.keep has {name!r} twice.", "Remove one of the two.")
    wrong = [sweep_rules.pattern_fault(each) for each in patterns]
    wrong += [sweep_rules.reason_fault(each.reason) for each in rules.keep]
    yield from (Fault(rules.where, f"sweep.keep: {fault}.") for fault in wrong if fault)


def _roles(environment: Environment) -> Iterator[Fault]:
    arns = {"assume_role_arn": environment.assume_role_arn, "plan_role_arn": environment.plan_role_arn}
    given = {key: roles.account_of(arn) for key, arn in arns.items() if arn}
    known = environment.account_id or next(iter(given.values()), None)
    for key, account in given.items():
        if account != known:
            what = f"{key} is a role of account {account}, the environment is in {known}."
            yield Fault(environment.location(key), what, "An environment is in one account.")
    options = environment.assume_role
    if options is None:
        return
    where = environment.location("assume_role")
    if not given and environment.complete:
        way_out = "Add assume_role_arn or plan_role_arn, or take the options out."
        yield Fault(where, "assume_role has options, but there is no role to assume.", way_out)
    # For an environment that was built in Python; a file's are checked where they stand.
    wrong = [
        roles.external_id_fault(options.external_id) if options.external_id is not None else "",
        roles.session_name_fault(options.session_name),
        roles.seconds_fault(options.duration) if options.duration is not None else "",
    ]
    yield from (Fault(where, f"assume_role: {fault}.") for fault in wrong if fault)


_CHECKS: tuple[Callable[[Project], Iterator[Fault]], ...] = (
    _bad_names,
    _duplicates,
    _nothing_there,
    _unknown_stacks,
    _cycles,
    _modules,
    _inputs,
    _references,
    _variable_types,
    _values,
    _environments,
    backend_faults,
)

_STANDING = (_bad_names, _duplicates, _cycles, _environments, backend_faults)
