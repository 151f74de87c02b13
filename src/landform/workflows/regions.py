"""The regions in which an environment has anything."""

from __future__ import annotations

from landform.project import Environment, Project
from landform.project.expressions import Expression
from landform.project.values import Value


def provider_regions(project: Project, environment: Environment) -> dict[str, str | None]:
    """The region of each provider, by whose it is; None where only Terraform can work it out."""
    found: dict[str, str | None] = {f"environment {environment.name}": environment.region}
    for (stack, alias), region in alias_regions(project, environment).items():
        found[f"provider {alias} of stack {stack}"] = region
    return found


def alias_regions(project: Project, environment: Environment) -> dict[tuple[str, str], str | None]:
    """The region of each further provider, by stack and alias; None where only Terraform can work it out."""
    return {
        (stack.name, alias.name): _known(alias.region, project, environment)
        for stack in project.stack_by_name.values()
        for alias in stack.providers
    }


def _known(value: Value, project: Project, environment: Environment) -> str | None:
    if not isinstance(value, Expression):
        return value if isinstance(value, str) else None
    reference = next(iter(value.references), None)
    if reference is None or str(reference) != value.text.strip():
        return None
    if reference.root == "environment":
        return environment.region if reference.name == "region" else None
    declared = project.effective_variables.get(reference.name)
    found = environment.values.get(reference.name, declared.default if declared else None)
    return found if reference.root == "var" and isinstance(found, str) else None
