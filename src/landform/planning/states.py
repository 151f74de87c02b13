"""Merges the states of an environment's stacks into one, for planning only.

State format 4, as ``terraform state pull`` prints it. The merged state is a scratch copy in a plan's own
folder; the stacks' states stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landform.errors import StateUnreadable

_ALIASED = re.compile(r'^(provider\["[^"]+"\])\.([\w-]+)$')
_FORMAT = 4
_EARLIER = "Restore an earlier version of it: landform state versions."


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack's state as it lies in its backend. ``document`` is None where there is none yet."""

    stack: str
    document: Mapping[str, Any] | None = None

    @property
    def serial(self) -> int:
        """Terraform's counter of changes; 0 where there is no state."""
        return int(self.document["serial"]) if self.document else 0

    @property
    def lineage(self) -> str:
        """Terraform's id of the state's history; empty where there is none."""
        return str(self.document["lineage"]) if self.document else ""

    @property
    def resources(self) -> list[Mapping[str, Any]]:
        """The resources of the stack's module; what its root itself reads is left out."""
        mine = f"module.{self.stack}"
        found = (self.document or {}).get("resources", [])
        return [each for each in found if _inside(str(each.get("module", "")), mine)]

    @property
    def is_empty(self) -> bool:
        """Whether it holds neither an object nor an output: Terraform lets any state take its place."""
        document = self.document or {}
        return not document.get("resources") and not document.get("outputs")

    @property
    def managed_count(self) -> int:
        """How many objects the state manages."""
        return sum(len(each["instances"]) for each in self.resources if each["mode"] == "managed")


def _inside(module: str, mine: str) -> bool:
    return module == mine or module.startswith((f"{mine}.", f"{mine}["))


def parse_state(stack: str, text: bytes | None) -> StackState:
    """Read a state. Raises StateUnreadable where it is not a version 4 state."""
    if text is None or not text.strip():
        return StackState(stack)
    try:
        document = json.loads(text)
        version = document["version"]
    except (ValueError, KeyError, TypeError) as error:
        what = f"the state of stack {stack!r} is not a Terraform state"
        raise StateUnreadable(what, _EARLIER) from error
    if version != _FORMAT:
        raise StateUnreadable(f"the state of stack {stack!r} has format {version}, not {_FORMAT}")
    if not isinstance(document.get("serial"), int) or not isinstance(document.get("lineage"), str):
        raise StateUnreadable(f"the state of stack {stack!r} has no serial or no lineage", _EARLIER)
    return StackState(stack, document)


def merge_states(
    states: Mapping[str, StackState],
    outputs: Mapping[str, tuple[str, str]],
    aliases: Mapping[tuple[str, str], str],
) -> str:
    """One state document of all stacks' module resources and outputs.

    ``outputs`` and ``aliases`` are the composed root's: its output names, and its provider aliases.
    """
    resources = [
        _with_provider(resource, name, aliases)
        for name, state in states.items()
        for resource in state.resources
    ]
    versions = [str(state.document["terraform_version"]) for state in states.values() if state.document]
    merged = {
        "version": _FORMAT,
        "terraform_version": max(versions, key=_version_key, default="1.10.0"),
        "serial": 1,
        "lineage": "landform-environment-plan",
        "outputs": _outputs(states, outputs),
        "resources": resources,
        "check_results": None,
    }
    return json.dumps(merged)


def _with_provider(
    resource: Mapping[str, Any], stack: str, aliases: Mapping[tuple[str, str], str]
) -> Mapping[str, Any]:
    found = _ALIASED.match(str(resource.get("provider", "")))
    if found is None or (stack, found.group(2)) not in aliases:
        return resource
    return {**resource, "provider": f"{found.group(1)}.{aliases[(stack, found.group(2))]}"}


def _outputs(states: Mapping[str, StackState], outputs: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, (stack, output) in outputs.items():
        document = states[stack].document if stack in states else None
        if document and output in document.get("outputs", {}):
            merged[name] = document["outputs"][output]
    return merged


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def instance_address(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    """The whole address of one object of a state, with its ``count`` or ``for_each`` key."""
    mode = "data" if resource.get("mode") == "data" else None
    parts = (resource.get("module"), mode, resource["type"], resource["name"])
    key = instance.get("index_key")
    return ".".join(filter(None, parts)) + ("" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]")
