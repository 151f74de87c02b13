"""The pieces that the root of one stack and the composed root of an environment share."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landform.generator.hcl import Code
from landform.generator.layout import one_line
from landform.generator.templates import render_template
from landform.project import Project, Stack, Variable
from landform.project.module import ModuleKind
from landform.project.values import Value

GENERATED = "generated"

_AUTOMATIC: Mapping[str, Value | Code] = {"ephemeral": Code("var.environment.ephemeral")}


@dataclass(frozen=True, slots=True)
class Call:
    """One ``module`` block."""

    name: str
    origin: Mapping[str, Value | Code]
    inputs: Mapping[str, Value | Code] = field(default_factory=dict)
    providers: Mapping[str, Value | Code] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """A labelled block that only holds attributes."""

    name: str
    attributes: Mapping[str, Value | Code]


def module_call(project: Project, stack: Stack, root: Path, aliases: Mapping[str, str]) -> Call:
    """The call of a stack's module from ``root``; ``aliases`` maps the module's alias to the root's."""
    origin: dict[str, Value | Code] = {"source": module_source(project, stack, root)}
    if stack.version is not None:
        origin["version"] = stack.version
    providers: dict[str, Value | Code] = {}
    if aliases:
        providers["aws"] = Code("aws")
        providers |= {f"aws.{own}": Code(f"aws.{its}") for own, its in aliases.items()}
    return Call(stack.name, origin, _inputs(project, stack), providers)


def module_source(project: Project, stack: Stack, root: Path) -> str:
    """What ``source`` says in ``root``: a relative path for local modules, else what the user wrote."""
    module = project.modules[stack.name]
    if module.folder is None:
        return module.source
    folder = module.folder
    if module.kind is ModuleKind.BUILT_IN:
        folder = project.folder / GENERATED / "modules" / module.source
    relative = Path(os.path.relpath(folder, root)).as_posix()
    return relative if relative.startswith("../") else f"./{relative}"


def _inputs(project: Project, stack: Stack) -> dict[str, Value | Code]:
    declared = project.modules[stack.name].variables
    supplied: dict[str, Value | Code] = {}
    if "name" in declared:
        supplied["name"] = Code(f'"${{var.environment.project}}-${{var.environment.name}}-{stack.name}"')
    if "tags" in declared:
        supplied["tags"] = {"Stack": stack.name}
    supplied |= {name: code for name, code in _AUTOMATIC.items() if name in declared}
    return supplied | dict(stack.inputs)


def variables_file(
    variables: Iterable[Variable], extra: Iterable[Block] = (), *, state_bucket: bool = False
) -> str:
    """``variables.tf`` with the environment, the given variables and landform's own.

    ``state_bucket``: the environment says where its states lie.
    """
    blocks = [Block(variable.name, _variable(variable)) for variable in variables]
    return render_template("variables.tf", variables=[*blocks, *extra], state_bucket=state_bucket)


def _variable(variable: Variable) -> dict[str, Value | Code]:
    shown: dict[str, Value | Code] = {}
    if variable.description:
        shown["description"] = variable.description
    shown["type"] = Code(one_line(variable.type))
    if not variable.required:
        from landform.generator.literals import literal

        shown["default"] = literal(variable.default)
    if variable.sensitive:
        shown["sensitive"] = True
    return shown


def used_variables(project: Project, stacks: Iterable[Stack]) -> list[Variable]:
    """The variables these stacks read, sorted by name."""
    used = {ref.name for stack in stacks for _, ref in stack.references() if ref.root == "var"}
    return [variable for name, variable in project.effective_variables.items() if name in used]


def output_names(project: Project, stack: Stack) -> list[tuple[str, str, bool]]:
    """(name, description, sensitive) of a stack's outputs; of an unread module, those others read."""
    module = project.modules[stack.name]
    if module.is_known:
        return [(each.name, each.description, each.sensitive) for _, each in sorted(module.outputs.items())]
    read = {
        ref.output
        for other in project.stack_by_name.values()
        for _, ref in other.references()
        if ref.root == "stack" and ref.name == stack.name
    }
    return [(name, "", False) for name in sorted(read)]


def provider(region: Value | Code, alias: str = "") -> Block:
    """One ``provider "aws"`` block: refuses any account but the environment's own."""
    shown: dict[str, Value | Code] = {"alias": alias} if alias else {}
    shown["region"] = region
    shown["allowed_account_ids"] = Code("var.environment.account_id[*]")
    return Block("aws", shown)


DEFAULT_REGION = Code("var.environment.region")
