"""Makes a review out of a plan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from landform.planning.annotations import CheckResult
from landform.planning.changes import TRIGGERED, Action, Change, OutputChange, stack_of
from landform.planning.drift import drift_outcome
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.redaction import Redactor
from landform.review.cost.model import CostReview
from landform.review.diff import Diff, diff_of, shown_path
from landform.review.findings import Finding, PolicyResult, Verdict
from landform.review.model import (
    AttributeDiff,
    ChangeReview,
    Counts,
    DeferredReview,
    OutputReview,
    Review,
    StackReview,
)

_TELLING = (
    "cidr_block", "cidr_ipv4", "instance_type", "instance_class", "engine", "image_id", "bucket", "name",
    "identifier", "function_name", "family", "port", "protocol", "from_port", "ip_protocol", "policy_arn",
    "destination_cidr_block", "domain", "service_name", "availability_zone", "type",
)  # fmt: skip
_HEADLINE = 2

_COUNTED = {
    Action.CREATE: "create",
    Action.UPDATE: "update",
    Action.DELETE: "delete",
    Action.FORGET: "forget",
    Action.MOVE: "move",
    Action.IMPORT: "imported",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a plan beyond its changes. ``dependents``: the blast radius of each ending address."""

    findings: tuple[Finding, ...] = ()
    dependents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policies: tuple[PolicyResult, ...] = ()
    cost: CostReview | None = None
    verdict: Verdict = field(default_factory=Verdict)


@dataclass(frozen=True, slots=True)
class Facts:
    """When and where a plan was made, for people; ``created`` is RFC 3339 in UTC."""

    created: str = ""
    where: str = ""
    region: str = ""
    account_id: str = ""


def review_plan(
    plan: EnvironmentPlan,
    redactor: Redactor,
    judgement: Judgement = Judgement(),
    facts: Facts = Facts(),
) -> Review:
    """The review of a plan."""
    changes = [change for stack in plan.stacks for change in stack.effective]
    return Review(
        plan.project,
        plan.environment,
        plan.digest,
        plan.terraform_version,
        plan.destroy,
        plan.has_changes,
        facts.created,
        facts.where,
        facts.region,
        facts.account_id,
        counts=count(changes),
        stacks=tuple(_judged(_stack(stack, redactor), judgement) for stack in plan.stacks),
        deferred=tuple((each.stack, redactor.text(each.reason)) for each in plan.deferred),
        failed_checks=tuple(redactor.text(check) for check in plan.failed_checks),
        findings=judgement.findings,
        policies=judgement.policies,
        cost=judgement.cost,
        verdict=judgement.verdict,
        complete=plan.complete,
        errored=plan.errored,
        refresh_only=plan.refresh_only,
        applyable=plan.applyable,
        checks=tuple(_check(each, redactor) for each in plan.checks),
        invocations=tuple(
            replace(each, triggered_by=redactor.text(each.triggered_by)) for each in plan.invocations
        ),
        deferred_changes=tuple(
            DeferredReview(each.change.address, each.change.action, each.reason)
            for each in plan.deferred_changes
        ),
    )


def _check(check: CheckResult, redactor: Redactor) -> CheckResult:
    return replace(check, problems=tuple(redactor.text(each) for each in check.problems))


def _judged(stack: StackReview, judgement: Judgement) -> StackReview:
    """The stack with each change's own findings and dependents."""
    by_address: dict[str, list[Finding]] = {}
    for finding in judgement.findings:
        by_address.setdefault(finding.address, []).append(finding)
    changes = tuple(
        replace(
            change,
            findings=tuple(by_address.get(change.address, ())),
            dependents=judgement.dependents.get(change.address, ()),
        )
        for change in stack.changes
    )
    return replace(stack, changes=changes)


def count(changes: Iterable[Change]) -> Counts:
    """How many objects each thing happens to; both orders of replacement count as one kind."""
    counted = Counter(
        "replace" if each.action.is_replacement else _COUNTED.get(each.action, "") for each in changes
    )
    counted.pop("", None)
    return Counts(**counted)


def _stack(stack: StackPlan, redactor: Redactor) -> StackReview:
    changes = tuple(_change(change, redactor) for change in stack.effective)
    causes = {stack_of(source) for each in changes for source in each.caused_by}
    return StackReview(
        stack.stack,
        stack.module,
        stack.upstream,
        changes,
        tuple(_output(each, redactor) for each in stack.outputs if each.action is not Action.NO_OP),
        _drift(stack, redactor),
        unchanged=sum(each.action is Action.NO_OP and each.mode == "managed" for each in stack.changes),
        reads=sum(each.action is Action.READ for each in stack.changes),
        caused_by=tuple(sorted(name for name in causes if name and name != stack.stack)),
    )


def _drift(stack: StackPlan, redactor: Redactor) -> tuple[ChangeReview, ...]:
    """What has drifted and what becomes of it, first what this plan acts on."""
    planned = {each.address: each for each in stack.changes if each.deposed is None}
    found = []
    for change in stack.drift:
        diff = diff_of(change, redactor)
        if _is_drift(change, diff):
            outcome = drift_outcome(change, planned.get(change.address))
            found.append(replace(_change(change, redactor, diff), outcome=outcome))
    return tuple(sorted(found, key=lambda each: each.address not in stack.drift_that_matters))


def _is_drift(change: Change, diff: Diff) -> bool:
    """Not what a refresh merely fills in after an apply: something that had a value has another one."""
    if change.action is Action.DELETE:
        return True
    return not diff.is_noise and any(each.before not in (None, "", [], {}) for each in diff.attributes)


def _change(change: Change, redactor: Redactor, known: Diff | None = None) -> ChangeReview:
    diff = known or diff_of(change, redactor)
    diffs = diff.attributes
    forced = [diff for diff in diffs if diff.forces_replacement]
    sources = [source for diff in (forced or diffs) for source in diff.sources] or [*change.triggers]
    return ChangeReview(
        change.address,
        change.local_address,
        change.type,
        change.mode,
        change.action,
        redactor.text(_headline(change, diffs)),
        redactor.text(_why(change, forced)),
        tuple(dict.fromkeys(sources)),
        change.previous_address,
        diffs,
        folded=diff.folded,
        deposed=change.deposed,
    )


def _why(change: Change, forced: Sequence[AttributeDiff]) -> str:
    if change.action.is_replacement and change.replace_paths:
        named = [_forced(path, forced) for path in change.replace_paths]
        return ", ".join(sorted(dict.fromkeys(named), key=lambda text: "→" not in text)[:_HEADLINE])
    if change.action is Action.MOVE or change.previous_address:
        return f"moved from {change.previous_address}"
    if change.import_id is not None:
        return f"imported: {change.import_id}"
    if change.deposed is not None and change.action is Action.DELETE:
        return f"left over from an earlier replacement (deposed {change.deposed})"
    if change.reason == TRIGGERED and change.triggers:
        one_of = "one of " if len(change.triggers) > 1 else ""
        return f"{TRIGGERED}: {one_of}{', '.join(change.triggers[:_HEADLINE])}"
    return change.reason


def _forced(path: Sequence[str | int], forced: Sequence[AttributeDiff]) -> str:
    """The attribute that forces a replacement, with both values where they are known."""
    name = shown_path(path)
    known = next((each for each in forced if each.path == name and not each.unknown), None)
    return _arrow(known) if known is not None else name


def _headline(change: Change, diffs: Sequence[AttributeDiff]) -> str:
    if change.action is Action.CREATE:
        known = {diff.path: diff for diff in diffs if not diff.unknown and diff.after not in (None, "", [])}
        return "  ".join(short(known[name].after) for name in _TELLING if name in known)[:60] if known else ""
    if change.action in (Action.DELETE, Action.FORGET):
        gone = {diff.path: diff for diff in diffs if diff.before not in (None, "", [])}
        return next((short(gone[name].before) for name in _TELLING if name in gone), "")
    shown = [diff for diff in diffs if diff.forces_replacement] or [
        diff for diff in diffs if not diff.unknown
    ]
    return ", ".join(_arrow(diff) for diff in (shown or list(diffs))[:_HEADLINE])


def _arrow(diff: AttributeDiff) -> str:
    after = "(known after apply)" if diff.unknown else short(diff.after)
    return f"{diff.path} {short(diff.before)} → {after}"


def short(value: Any, limit: int = 40) -> str:
    """A value on one line, cut where it is long."""
    if value is None:
        return "null"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.replace("\n", "⏎")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _output(change: OutputChange, redactor: Redactor) -> OutputReview:
    return OutputReview(
        change.name,
        change.action,
        redactor.data(change.before.value, change.before.sensitive),
        redactor.data(change.after.value, change.after.sensitive),
        unknown=bool(change.unknown) and change.unknown is not False,
    )
