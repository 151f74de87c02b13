"""The composed root: all stacks of an environment in one configuration, with real references between them.

Provider blocks are hoisted to the root and equal ones are one, so Terraform starts one provider process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from landform.generator.hcl import Code, render
from landform.generator.parts import (
    DEFAULT_REGION,
    Block,
    module_call,
    output_names,
    provider,
    used_variables,
    variables_file,
)
from landform.generator.templates import render_template
from landform.project import Project, Stack
from landform.project.values import Value


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed root.

    ``outputs`` maps each root output to (stack, its output); ``aliases`` maps (stack, its alias) to the
    root's alias, for the provider addresses of merged states.
    """

    files: Mapping[str, str]
    outputs: Mapping[str, tuple[str, str]]
    aliases: Mapping[tuple[str, str], str]
    variables: tuple[str, ...]


def compose(project: Project, folder: Path, stacks: Collection[str]) -> Composed:
    """Render the composed root of ``stacks`` for ``folder``. ``stacks`` must hold their upstream too."""
    wanted = [project.stack_by_name[name] for name in project.order if name in stacks]
    aliases, providers = _hoisted(wanted)
    calls = [
        module_call(project, stack, folder, {a.name: aliases[(stack.name, a.name)] for a in stack.providers})
        for stack in wanted
    ]
    outputs = {
        f"{stack.name}__{name}": (stack.name, name)
        for stack in wanted
        for name, _, _ in output_names(project, stack)
    }
    variables = used_variables(project, wanted)
    upstream = {f"stack_{stack.name}": Code(f"module.{stack.name}") for stack in wanted}
    files = {
        "main.tf": render_template(
            "main.tf", notes=["All stacks of one environment, for planning only."], calls=calls
        ),
        "locals.tf": render_template("locals.tf", locals=upstream),
        "variables.tf": variables_file(variables),
        "providers.tf": render_template("providers.tf", terraform=project.terraform, providers=providers),
        "outputs.tf": render_template("outputs.tf", outputs=_outputs(project, wanted)),
    }
    return Composed(files, outputs, aliases, tuple(variable.name for variable in variables))


def _hoisted(stacks: list[Stack]) -> tuple[dict[tuple[str, str], str], list[Block]]:
    """One root alias per distinct configuration; the name stays where no other configuration has it."""
    aliases: dict[tuple[str, str], str] = {}
    by_config: dict[str, str] = {}
    providers = [provider(DEFAULT_REGION)]
    for stack in stacks:
        for alias in stack.providers:
            config = render(alias.region)
            if config not in by_config:
                taken = alias.name in by_config.values()
                by_config[config] = f"{stack.name}__{alias.name}" if taken else alias.name
                providers.append(provider(alias.region, by_config[config]))
            aliases[(stack.name, alias.name)] = by_config[config]
    return aliases, providers


def _outputs(project: Project, stacks: list[Stack]) -> list[Block]:
    blocks: list[Block] = []
    for stack in stacks:
        for name, _, sensitive in output_names(project, stack):
            shown: dict[str, Value | Code] = {"value": Code(f"module.{stack.name}.{name}")}
            if sensitive:
                shown["sensitive"] = True
            blocks.append(Block(f"{stack.name}__{name}", shown))
    return blocks
