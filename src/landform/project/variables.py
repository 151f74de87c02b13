"""Which variables a project has: the declared ones, and those its ``${var.x}`` imply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from landform.project.expressions import Expression
from landform.project.model import Variable
from landform.project.module import ModuleVariable

if TYPE_CHECKING:
    from landform.project.model import Project, Stack


def effective_variables(project: Project) -> Mapping[str, Variable]:
    """Every variable of the project, sorted by name.

    An implied variable takes type, description and sensitivity from the module input it alone feeds
    (``input: ${var.x}``); where two inputs disagree on the type it is ``any`` and Terraform converts.
    """
    declared = dict(project.declared_variables)
    implied: dict[str, list[ModuleVariable]] = {}
    for _, stack in sorted(project.stack_by_name.items()):
        for name, fed in _uses(project, stack):
            implied.setdefault(name, []).extend(fed)
    found = {name: declared.get(name) or _implied(name, fed) for name, fed in implied.items()}
    return dict(sorted((declared | found).items()))


def _uses(project: Project, stack: Stack) -> Iterator[tuple[str, list[ModuleVariable]]]:
    known = project.modules[stack.name].variables
    for input_name, reference in stack.references():
        if reference.root != "var":
            continue
        value = stack.inputs.get(input_name)
        direct = isinstance(value, Expression) and value.text == str(reference)
        yield reference.name, [known[input_name]] if direct and input_name in known else []


def _implied(name: str, fed: list[ModuleVariable]) -> Variable:
    types = {str(variable.type) for variable in fed if variable.type.is_simple}
    simple = len(types) == 1 and all(variable.type.is_simple for variable in fed)
    return Variable(
        name,
        type=types.pop() if simple else "any",
        description=next((v.description.splitlines()[0] for v in fed if v.description), ""),
        sensitive=any(variable.sensitive for variable in fed),
    )
