"""What a plan document says beside its changes: checks, invoked actions, deferred changes.

Formats: https://developer.hashicorp.com/terraform/internals/json-format, and for what it leaves out, actions
and deferred changes, Terraform's own ``internal/command/jsonplan``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from landform.planning.changes import Change, parse_change, stack_of

_WORD = re.compile(r"(?<=[a-z])([A-Z])")


class CheckStatus(StrEnum):
    """What came of a condition, in Terraform's words."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A ``check`` block, or the conditions of one resource, output or variable.

    ``kind`` is check, resource, output_value or var. A status of a later Terraform is unknown: it is no pass.
    """

    address: str
    kind: str
    status: CheckStatus
    problems: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[str, ...]:
        """One line a problem; empty unless it failed or could not be worked out."""
        if self.status not in (CheckStatus.FAIL, CheckStatus.ERROR):
            return ()
        return tuple(f"{self.address}: {problem}" for problem in self.problems or (self.status,))


@dataclass(frozen=True, slots=True)
class ActionInvocation:
    """An action that the apply runs: a side effect with no change of an object.

    ``triggered_by`` is the object whose change runs it, at ``event`` (after create …); both are empty
    where a person asked for it. ``deferred``: it waits for another plan.
    """

    stack: str
    address: str
    type: str
    triggered_by: str = ""
    event: str = ""
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class DeferredChange:
    """A change that can't be planned in this round, and Terraform's word for why."""

    change: Change
    reason: str


def checks_of(document: Mapping[str, Any]) -> tuple[CheckResult, ...]:
    """The results of all checks."""
    return tuple(_check(raw) for raw in document.get("checks") or ())


def _check(raw: Mapping[str, Any]) -> CheckResult:
    address = raw.get("address", {})
    word = str(raw.get("status", ""))
    status = CheckStatus(word) if word in [*CheckStatus] else CheckStatus.UNKNOWN
    problems = tuple(
        str(problem.get("message") or instance.get("status") or status)
        for instance in raw.get("instances") or ()
        for problem in instance.get("problems") or ()
    )
    return CheckResult(str(address.get("to_display", "?")), str(address.get("kind", "")), status, problems)


def invocations_of(document: Mapping[str, Any]) -> tuple[ActionInvocation, ...]:
    """The actions that the apply runs, and those that it puts off."""
    now = [_invocation(raw) for raw in document.get("action_invocations") or ()]
    later = [
        replace(_invocation(raw.get("action_invocation", raw)), deferred=True)
        for raw in document.get("deferred_action_invocations") or ()
    ]
    return (*now, *later)


def _invocation(raw: Mapping[str, Any]) -> ActionInvocation:
    trigger = raw.get("lifecycle_action_trigger") or {}
    address = str(raw.get("address", "?"))
    source = str(trigger.get("triggering_resource_address", ""))
    return ActionInvocation(
        stack_of(source or address) or "",
        address,
        str(raw.get("type", "")),
        source,
        _WORD.sub(r" \1", str(trigger.get("action_trigger_event", ""))).replace("_", " ").strip().lower(),
    )


def deferred_of(document: Mapping[str, Any]) -> tuple[DeferredChange, ...]:
    """The changes that Terraform puts off to a later plan."""
    return tuple(
        DeferredChange(parse_change(raw["resource_change"]), str(raw.get("reason", "unknown")))
        for raw in document.get("deferred_changes") or ()
    )
