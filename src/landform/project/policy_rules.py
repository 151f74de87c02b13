"""The rules of ``policy:`` in landform.yaml and environment.yaml, which need no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

Threshold = Literal["low", "medium", "high", "critical", "never"]
OnUnknown = Literal["deny", "warn"]


@dataclass(frozen=True, slots=True)
class RequiredTag:
    """A tag that every resource with tags must have: one of ``values``, or all of it as ``matches`` says.

    Without either any value will do but an empty one. ``matches`` is a regular expression of Python.
    """

    name: str
    values: tuple[str, ...] = ()
    matches: str = ""


@dataclass(frozen=True, slots=True)
class PolicyRules:
    """What resources must be like. None: not said here. Regions and instance types may hold ``*``.

    ``deny_at`` and ``warn_at`` are the least severity of a finding that is denied, or warned of.
    """

    required_tags: tuple[RequiredTag, ...] | None = None
    allowed_regions: tuple[str, ...] | None = None
    allowed_instance_types: tuple[str, ...] | None = None
    deny_at: Threshold | None = None
    warn_at: Threshold | None = None
    on_unknown: OnUnknown | None = None

    def overridden_by(self, other: PolicyRules) -> PolicyRules:
        """These rules, with each that ``other`` says replaced as a whole."""
        said = {each.name: getattr(other, each.name) for each in fields(other)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


def policy_rules(said: Mapping[str, Any]) -> PolicyRules:
    """The rules of a checked ``policy:`` section; ``said`` holds only the keys the user wrote."""
    made: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    if "required_tags" in made:
        made["required_tags"] = tuple(
            RequiredTag(name, tuple(tag.get("values", ())), tag.get("matches", ""))
            for name, tag in made["required_tags"].items()
        )
    return PolicyRules(**made)
