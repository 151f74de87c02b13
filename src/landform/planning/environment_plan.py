"""The plan of a whole environment, by stack, in apply order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from landform.errors import TerraformFailed
from landform.planning.annotations import (
    ActionInvocation,
    CheckResult,
    DeferredChange,
    checks_of,
    deferred_of,
    invocations_of,
)
from landform.planning.causes import Causes, LocalReferences, bare_address
from landform.planning.changes import (
    TRIGGERED,
    Action,
    Change,
    OutputChange,
    parse_change,
    parse_output,
)
from landform.planning.drift import drift_that_matters
from landform.planning.marks import any_true

_MAJOR = "1."
_MORE_DONE = ("action_invocations", "deferred_action_invocations", "deferred_changes")


@dataclass(frozen=True, slots=True)
class Deferred:
    """A stack that can't be planned before another is applied, and Terraform's reason."""

    stack: str
    reason: str


@dataclass(frozen=True, slots=True)
class StackPlan:
    """The changes of one stack. ``upstream`` are the stacks it needs first.

    ``drift_that_matters`` are the addresses whose drift this plan acts on, itself or by what reads it.
    """

    stack: str
    module: str = ""
    upstream: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    outputs: tuple[OutputChange, ...] = ()
    drift: tuple[Change, ...] = ()
    drift_that_matters: frozenset[str] = frozenset()
    invocations: tuple[ActionInvocation, ...] = ()

    @property
    def effective(self) -> tuple[Change, ...]:
        """Changes that do something; a data source's read is not one of them."""
        return tuple(each for each in self.changes if each.action not in (Action.NO_OP, Action.READ))

    @property
    def has_changes(self) -> bool:
        """Whether applying the stack would do anything, actions and new values of its outputs included."""
        if self.effective or self.invocations:
            return True
        return any(each.action is not Action.NO_OP for each in self.outputs)


@dataclass(frozen=True, slots=True)
class PlanFrame:
    """What the plan JSON does not say: whose plan it is, and the ``digest`` that names it.

    ``foreign``: somebody else made it, and it is only looked at: an errored one is no error.
    """

    project: str
    environment: str
    stacks: Sequence[StackPlan]
    outputs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    deferred: tuple[Deferred, ...] = ()
    destroy: bool = False
    foreign: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """What applying an environment would do. ``digest`` names it: equal plans have equal digests.

    ``complete`` is false where another plan is needed after it: with ``-target``, with deferred changes,
    after an error. ``errored``: Terraform could not finish, and holds only a part; it can't be applied.
    ``refresh_only``: it takes what has changed outside into the state, and changes nothing else.
    ``applyable``: there is something that Terraform would apply. ``created`` is RFC 3339 in UTC.
    """

    project: str
    environment: str
    stacks: tuple[StackPlan, ...]
    deferred: tuple[Deferred, ...] = ()
    destroy: bool = False
    terraform_version: str = ""
    digest: str = ""
    failed_checks: tuple[str, ...] = ()
    complete: bool = True
    errored: bool = False
    refresh_only: bool = False
    applyable: bool = True
    created: str = ""
    checks: tuple[CheckResult, ...] = ()
    deferred_changes: tuple[DeferredChange, ...] = ()

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to apply, now or after the first stage."""
        later = bool(self.deferred or self.deferred_changes)
        return later or self._refreshes or any(stack.has_changes for stack in self.stacks)

    @property
    def _refreshes(self) -> bool:
        return self.refresh_only and self.applyable

    @property
    def invocations(self) -> tuple[ActionInvocation, ...]:
        """Every action that is run or put off."""
        return tuple(each for stack in self.stacks for each in stack.invocations)

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
    errored = bool(document.get("errored"))
    if errored and not frame.foreign:
        raise TerraformFailed("Terraform could not finish the plan")
    changes = [parse_change(raw) for raw in document.get("resource_changes") or ()]
    changes = _with_causes(changes, Causes(document.get("configuration", {}), locals_of))
    changes = _with_triggers(changes, document)
    deferred = deferred_of(document)
    checks = checks_of(document)
    plan = EnvironmentPlan(
        frame.project,
        frame.environment,
        _stacks(document, frame, changes),
        frame.deferred,
        frame.destroy,
        str(document.get("terraform_version", "")),
        frame.digest,
        tuple(line for check in checks for line in check.failures),
        complete=bool(document.get("complete", not errored and not deferred)),
        errored=errored,
        refresh_only=_is_refresh_only(document),
        created=str(document.get("timestamp", "")),
        checks=checks,
        deferred_changes=deferred,
    )
    return replace(plan, applyable=bool(document.get("applyable", plan.has_changes)) and not errored)


def _stacks(
    document: Mapping[str, Any], frame: PlanFrame, changes: Sequence[Change]
) -> tuple[StackPlan, ...]:
    """Each stack of the frame with what is about it."""
    drift = [parse_change(raw) for raw in document.get("resource_drift") or ()]
    matters = drift_that_matters(drift, changes, document.get("relevant_attributes") or ())
    outputs = [
        parse_output(*frame.outputs[name], raw)
        for name, raw in (document.get("output_changes") or {}).items()
        if name in frame.outputs
    ]
    parts = [_by_stack(each) for each in (changes, outputs, drift, invocations_of(document))]
    own = [[part.get(stack.stack, ()) for part in parts] for stack in frame.stacks]
    return tuple(
        replace(
            stack,
            changes=tuple(changed),
            outputs=tuple(said),
            drift=tuple(drifted),
            drift_that_matters=matters & {each.address for each in drifted},
            invocations=tuple(invoked),
        )
        for stack, (changed, said, drifted, invoked) in zip(frame.stacks, own, strict=True)
    )


def _by_stack(parts: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for part in parts:
        found.setdefault(part.stack, []).append(part)
    return found


def _is_refresh_only(document: Mapping[str, Any]) -> bool:
    """Whether it is a refresh with something to take in.

    Any other plan lists each managed object that there is, even where nothing happens to it.
    """
    idle = any(document.get(key) is False for key in ("complete", "applyable"))
    if idle or "resource_changes" in document or document.get("errored"):
        return False
    root = (document.get("prior_state") or {}).get("values", {}).get("root_module", {})
    return bool(document.get("resource_drift")) or _manages(root)


def _manages(module: Mapping[str, Any]) -> bool:
    return any(each.get("mode") == "managed" for each in module.get("resources", ())) or any(
        map(_manages, module.get("child_modules", ()))
    )


def _with_triggers(changes: list[Change], document: Mapping[str, Any]) -> list[Change]:
    """Add what may have asked for a replacement where ``replace_triggered_by`` did."""
    if not any(each.reason == TRIGGERED for each in changes):
        return changes
    needs = dict(_dependencies((document.get("prior_state") or {}).get("values", {}).get("root_module", {})))
    changing = [each for each in changes if each.action not in (Action.NO_OP, Action.READ)]
    return [
        replace(
            change,
            triggers=tuple(
                other.address
                for other in changing
                if other is not change and bare_address(other.address) in needs.get(change.address, ())
            ),
        )
        if change.reason == TRIGGERED
        else change
        for change in changes
    ]


def _dependencies(module: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for resource in module.get("resources", ()):
        yield str(resource["address"]), resource.get("depends_on", [])
    for child in module.get("child_modules", ()):
        yield from _dependencies(child)


def _with_causes(changes: list[Change], causes: Causes) -> list[Change]:
    """Add to each change what its unknown and replacing attributes read from other changing objects."""
    changing = {bare_address(each.address) for each in changes if each.action is not Action.NO_OP}
    return [_with_cause(change, causes, changing) for change in changes]


def _with_cause(change: Change, causes: Causes, changing: set[str]) -> Change:
    if change.action not in (Action.CREATE, Action.UPDATE, Action.READ) and not change.action.is_replacement:
        return change
    found: dict[str, tuple[str, ...]] = {}
    for attribute in _unsettled(change):
        sources = [
            source for source in causes.of_attribute(change.address, attribute) if _is_of(source, changing)
        ]
        if sources:
            found[attribute] = tuple(sources)
    if not found:
        return change
    unknown = change.unknown if isinstance(change.unknown, Mapping) else {}
    caused = {name: unknown[name] for name in found if name in unknown}
    return replace(change, causes=found, left_out=frozenset(causes.left_out(change.address, caused)))


def _is_of(source: str, changing: set[str]) -> bool:
    """Whether ``source`` is one of the objects, or an attribute of one."""
    while source and source not in changing:
        source = source.rpartition(".")[0]
    return bool(source)


def _unsettled(change: Change) -> list[str]:
    names = [str(path[0]) for path in change.replace_paths if path]
    if isinstance(change.unknown, Mapping):
        names += [name for name, unknown in change.unknown.items() if any_true(unknown)]
    return list(dict.fromkeys(names))
