"""Makes a review out of a plan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from landform.planning.changes import Action, Change, OutputChange, stack_of
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.redaction import Redactor
from landform.review.diff import attribute_diffs, shown_path
from landform.review.model import AttributeDiff, ChangeReview, Counts, OutputReview, Review, StackReview

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


def review_plan(plan: EnvironmentPlan, redactor: Redactor, **facts: str) -> Review:
    """The review of a plan. ``facts`` are ``created``, ``where``, ``region`` and ``account_id``."""
    changes = [change for stack in plan.stacks for change in stack.effective]
    return Review(
        plan.project,
        plan.environment,
        plan.digest,
        plan.terraform_version,
        plan.destroy,
        plan.has_changes,
        counts=count(changes),
        stacks=tuple(_stack(stack, redactor) for stack in plan.stacks),
        deferred=tuple((each.stack, redactor.text(each.reason)) for each in plan.deferred),
        failed_checks=tuple(redactor.text(check) for check in plan.failed_checks),
        **facts,
    )


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
        tuple(each for each in map(partial(_change, redactor=redactor), stack.drift) if _is_drift(each)),
        unchanged=sum(each.action is Action.NO_OP and each.mode == "managed" for each in stack.changes),
        reads=sum(each.action is Action.READ for each in stack.changes),
        caused_by=tuple(sorted(name for name in causes if name and name != stack.stack)),
    )


def _is_drift(change: ChangeReview) -> bool:
    """Not what a refresh merely fills in after an apply: something that had a value has another one."""
    return change.action is Action.DELETE or any(
        each.before not in (None, "", [], {}) for each in change.attributes
    )


def _change(change: Change, redactor: Redactor) -> ChangeReview:
    diffs = attribute_diffs(change, redactor)
    forced = [diff for diff in diffs if diff.forces_replacement]
    sources = [source for diff in (forced or diffs) for source in diff.sources]
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
    )


def _why(change: Change, forced: Sequence[AttributeDiff]) -> str:
    if change.action.is_replacement and change.replace_paths:
        named = [_forced(path, forced) for path in change.replace_paths]
        return ", ".join(sorted(dict.fromkeys(named), key=lambda text: "→" not in text)[:_HEADLINE])
    if change.action is Action.MOVE or change.previous_address:
        return f"moved from {change.previous_address}"
    if change.import_id is not None:
        return f"imported: {change.import_id}"
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
