"""The plan of a whole environment, by stack, in apply order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from landform.errors import TerraformFailed
from landform.planning.causes import Causes, LocalReferences
from landform.planning.changes import Action, Change, OutputChange, parse_change, parse_output, stack_of

_MAJOR = "1."


@dataclass(frozen=True, slots=True)
class Deferred:
    """A stack that can't be planned before another is applied, and Terraform's reason."""

    stack: str
    reason: str


@dataclass(frozen=True, slots=True)
class StackPlan:
    """The changes of one stack. ``upstream`` are the stacks it needs first."""

    stack: str
    module: str = ""
    upstream: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    outputs: tuple[OutputChange, ...] = ()
    drift: tuple[Change, ...] = ()

    @property
    def effective(self) -> tuple[Change, ...]:
        """Changes that do something; a data source's read is not one of them."""
        return tuple(each for each in self.changes if each.action not in (Action.NO_OP, Action.READ))

    @property
    def has_changes(self) -> bool:
        """Whether applying the stack would do anything, new values of its outputs included."""
        return bool(self.effective) or any(each.action is not Action.NO_OP for each in self.outputs)


@dataclass(frozen=True, slots=True)
class PlanFrame:
    """What the plan JSON does not say: whose plan it is."""

    project: str
    environment: str
    stacks: Sequence[StackPlan]
    outputs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    deferred: tuple[Deferred, ...] = ()
    destroy: bool = False


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """What applying an environment would do. ``digest`` names it: equal plans have equal digests."""

    project: str
    environment: str
    stacks: tuple[StackPlan, ...]
    deferred: tuple[Deferred, ...] = ()
    destroy: bool = False
    terraform_version: str = ""
    digest: str = ""
    failed_checks: tuple[str, ...] = ()

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to apply, now or after the first stage."""
        return bool(self.deferred) or any(stack.has_changes for stack in self.stacks)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change of every stack."""
        return tuple(change for stack in self.stacks for change in stack.changes)

    def stack(self, name: str) -> StackPlan:
        """The plan of one stack; an empty one where it is not part of the plan."""
        return next((stack for stack in self.stacks if stack.stack == name), StackPlan(name))


def parse_plan(document: Mapping[str, Any], frame: PlanFrame, locals_of: LocalReferences) -> EnvironmentPlan:
    """Type a ``terraform show -json`` document. Raises TerraformFailed for one it can't use."""
    version = str(document.get("format_version", ""))
    if not version.startswith(_MAJOR):
        raise TerraformFailed(f"plan JSON of format {version or 'unknown'} can't be read; format 1 can")
    if document.get("errored"):
        raise TerraformFailed("Terraform could not finish the plan")
    changes = [parse_change(raw) for raw in document.get("resource_changes", ())]
    changes = _with_causes(changes, Causes(document.get("configuration", {}), locals_of))
    drift = [parse_change(raw) for raw in document.get("resource_drift", ())]
    outputs = [
        parse_output(*frame.outputs[name], raw)
        for name, raw in document.get("output_changes", {}).items()
        if name in frame.outputs
    ]
    stacks = tuple(
        replace(
            stack,
            changes=tuple(each for each in changes if each.stack == stack.stack),
            outputs=tuple(each for each in outputs if each.stack == stack.stack),
            drift=tuple(each for each in drift if each.stack == stack.stack),
        )
        for stack in frame.stacks
    )
    return EnvironmentPlan(
        frame.project,
        frame.environment,
        stacks,
        frame.deferred,
        frame.destroy,
        str(document.get("terraform_version", "")),
        _digest(document, frame),
        _failed_checks(document),
    )


def _with_causes(changes: list[Change], causes: Causes) -> list[Change]:
    """Add to each change what its unknown and replacing attributes read from other changing objects."""
    changing = {_bare(each.address) for each in changes if each.action is not Action.NO_OP}
    return [_with_cause(change, causes, changing) for change in changes]


def _with_cause(change: Change, causes: Causes, changing: set[str]) -> Change:
    if change.action not in (Action.CREATE, Action.UPDATE, Action.READ) and not change.action.is_replacement:
        return change
    found: dict[str, tuple[str, ...]] = {}
    for attribute in _unsettled(change):
        sources = [
            source
            for source in causes.of_attribute(change.address, attribute)
            if any(source == other or source.startswith(f"{other}.") for other in changing)
        ]
        if sources:
            found[attribute] = tuple(sources)
    return replace(change, causes=found) if found else change


def _unsettled(change: Change) -> list[str]:
    names = [str(path[0]) for path in change.replace_paths if path]
    if isinstance(change.unknown, Mapping):
        names += [name for name, unknown in change.unknown.items() if _any_true(unknown)]
    return list(dict.fromkeys(names))


def _any_true(tree: Any) -> bool:
    if isinstance(tree, Mapping):
        return any(_any_true(inner) for inner in tree.values())
    if isinstance(tree, list):
        return any(_any_true(inner) for inner in tree)
    return tree is True


def _bare(address: str) -> str:
    import re

    return re.sub(r"\[(?:\"(?:\\.|[^\"\\])*\"|\d+)\]", "", address)


def _failed_checks(document: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        f"{check['address'].get('to_display', '?')}: {problem.get('message', check.get('status', ''))}"
        for check in document.get("checks", ())
        if check.get("status") in ("fail", "error")
        for instance in check.get("instances", ())
        for problem in instance.get("problems", ({},))
    )


def _digest(document: Mapping[str, Any], frame: PlanFrame) -> str:
    kept = {
        "project": frame.project,
        "environment": frame.environment,
        "destroy": frame.destroy,
        "deferred": sorted(each.stack for each in frame.deferred),
        "changes": sorted(
            (raw for raw in document.get("resource_changes", ()) if stack_of(str(raw["address"]))),
            key=lambda raw: (raw["address"], raw.get("deposed") or ""),
        ),
        "outputs": document.get("output_changes", {}),
    }
    canonical = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
