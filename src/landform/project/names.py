"""The names a project may use. They enter Terraform code, so they are identifiers and nothing else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

RESERVED_STACKS = frozenset({"modules", "environments"})
RESERVED_INPUTS = frozenset(
    {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}
)
"""What a ``module`` block keeps for itself, so that no variable may have these names.

https://developer.hashicorp.com/terraform/language/values/variables
"""

_STACK = re.compile(r"[a-z](?:[a-z0-9]|[-_](?=[a-z0-9])){0,39}\Z")
_ENVIRONMENT = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,29}\Z")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


def stack_name_fault(name: str) -> str:
    """Why ``name`` can't be a stack's name, or an empty string."""
    if name in RESERVED_STACKS:
        return f"stack name {name!r} is taken by landform's own folder in generated/."
    return "" if _STACK.match(name) else _sentence("stack", name, "hyphens or underscores", 40)


def environment_name_fault(name: str) -> str:
    """Why ``name`` can't be an environment's (and so a workspace's) name, or an empty string."""
    if name == "default":
        return "environment name 'default' is Terraform's unnamed workspace, which landform never uses."
    return "" if _ENVIRONMENT.match(name) else _sentence("environment", name, "hyphens", 30)


def project_name_fault(name: str) -> str:
    """Why ``name`` can't be the project's name, or an empty string."""
    return "" if _ENVIRONMENT.match(name) else _sentence("project", name, "hyphens", 30)


def variable_name_fault(name: str) -> str:
    """Why ``name`` can't be a variable's name, or an empty string."""
    if name in ("environment", "state_dir"):
        return f"bad variable name {name!r}: landform writes a variable of that name itself."
    if name in RESERVED_INPUTS:
        return f"bad variable name {name!r}: Terraform keeps it for itself."
    return "" if is_identifier(name) else f"bad variable name {name!r}: it is no Terraform identifier."


def is_identifier(name: str) -> bool:
    """Whether ``name`` is an HCL identifier, so that it may name a variable, an input or an alias."""
    return bool(_IDENTIFIER.match(name))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known name, or lists what there is."""
    candidates = sorted(known)
    near = difflib.get_close_matches(name, candidates, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    if not candidates:
        return "There are none."
    shown = ", ".join(candidates[:12])
    return f"There are: {shown}{', …' if len(candidates) > 12 else ''}."


def _sentence(kind: str, name: str, joints: str, longest: int) -> str:
    return (
        f"bad {kind} name {name!r}: use lower-case letters, digits and single {joints} between them, "
        f"a letter first, at most {longest} characters."
    )
