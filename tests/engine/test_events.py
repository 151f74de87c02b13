"""Terraform's JSON lines as typed events; whatever comes, nothing fails and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.engine.events import (
    Action,
    ChangeSummary,
    Diagnostic,
    Event,
    Message,
    Operation,
    Phase,
    PlannedChange,
    Raw,
    ResourceEvent,
    Severity,
    parse_event,
)

RESOURCE = {"addr": 'aws_subnet.this["a"]', "resource_type": "aws_subnet"}


def event(kind: str, **content: Any) -> Event:
    return parse_event(json.dumps({"@message": "as text", "type": kind, **content}))


def test_a_diagnostic_keeps_everything() -> None:
    parsed = event(
        "diagnostic",
        diagnostic={
            "severity": "error",
            "summary": "Invalid index",
            "detail": "The given key does not identify an element.\n\nIt has 2 elements.",
            "address": "module.network.aws_subnet.this",
            "range": {
                "filename": "../../modules/vpc/main.tf",
                "start": {"line": 12, "column": 3, "byte": 99},
            },
            "snippet": {
                "context": 'resource "aws_subnet" "this"',
                "code": "  cidr = var.cidrs[each.key]",
                "start_line": 12,
                "values": [{"traversal": "each.key", "statement": 'is "c"'}],
            },
        },
    )
    assert isinstance(parsed, Diagnostic)
    assert parsed.severity is Severity.ERROR
    assert parsed.render() == (
        "error: Invalid index\n"
        "  with module.network.aws_subnet.this\n"
        '  on ../../modules/vpc/main.tf:12, in resource "aws_subnet" "this"\n'
        "    12:   cidr = var.cidrs[each.key]\n"
        '      each.key is "c"\n'
        "  The given key does not identify an element.\n"
        "\n"
        "  It has 2 elements."
    )


def test_a_diagnostic_with_nothing_but_a_summary() -> None:
    parsed = event(
        "diagnostic",
        diagnostic={"severity": "warning", "summary": "Deprecated", "detail": "", "snippet": None},
    )
    assert parsed == Diagnostic(Severity.WARNING, "Deprecated")
    assert parsed.render() == "warning: Deprecated"


START, PROGRESS, COMPLETE, ERRORED = Phase
APPLY, REFRESH, PROVISION, EPHEMERAL = Operation


@pytest.mark.parametrize(
    ("kind", "hook", "expected"),
    [
        ("apply_start", {"action": "replace"}, (APPLY, START, Action.REPLACE)),
        ("apply_errored", {"action": "update"}, (APPLY, ERRORED, Action.UPDATE)),
        ("refresh_start", {"id_value": "subnet-1"}, (REFRESH, START, None)),
        ("provision_progress", {"output": "x"}, (PROVISION, PROGRESS, None)),
        ("ephemeral_op_start", {"action": "open"}, (EPHEMERAL, START, Action.OPEN)),
    ],
)
def test_work_on_a_resource(kind: str, hook: dict[str, Any], expected: tuple[Any, ...]) -> None:
    parsed = event(kind, hook={"resource": RESOURCE, **hook})
    assert isinstance(parsed, ResourceEvent)
    assert parsed.address == 'aws_subnet.this["a"]'
    assert (parsed.operation, parsed.phase, parsed.action) == expected


def test_a_finished_resource_has_its_id_and_seconds() -> None:
    hook = {"resource": RESOURCE, "action": "create", "id_value": "subnet-1", "elapsed_seconds": 3}
    expected = ResourceEvent('aws_subnet.this["a"]', APPLY, COMPLETE, Action.CREATE, 3.0, "subnet-1")
    assert event("apply_complete", hook=hook) == expected


def test_planned_changes_drift_and_counts() -> None:
    change = {"resource": RESOURCE, "action": "replace", "reason": "cannot_update"}
    assert event("planned_change", change=change) == PlannedChange(
        'aws_subnet.this["a"]', Action.REPLACE, "cannot_update"
    )
    moved = {"resource": RESOURCE, "previous_resource": {"addr": "aws_subnet.old"}, "action": "move"}
    drifted = event("resource_drift", change=moved)
    assert drifted == PlannedChange(RESOURCE["addr"], Action.MOVE, "", "aws_subnet.old", drift=True)
    counts = {"add": 3, "change": 1, "import": 2, "remove": 4, "operation": "destroy"}
    assert event("change_summary", changes=counts) == ChangeSummary(3, 1, 4, 2, "destroy")


@pytest.mark.parametrize(
    "content",
    [
        {"type": "version", "terraform": "1.11.4"},
        {"type": "a_type_of_tomorrow", "hook": {"resource": RESOURCE}},
        {"type": "apply_start", "hook": {"resource": RESOURCE, "action": "an action of tomorrow"}},
        {"type": "apply_start", "hook": "not an object"},
        {"type": "planned_change"},
        {"type": "diagnostic", "diagnostic": {"severity": "fatal", "summary": "?"}},
        {"type": "change_summary", "changes": {"add": "many", "operation": "plan"}},
        {},
    ],
)
def test_what_is_not_understood_is_still_a_message(content: dict[str, Any]) -> None:
    assert parse_event(json.dumps({"@message": "as text", **content})) == Message(
        "as text", content.get("type", "")
    )


@pytest.mark.parametrize(
    "line", ["", "panic: runtime error", '{"@message": ', "[1, 2]", '{"no": "message"}', "3"]
)
def test_what_is_no_event_is_raw(line: str) -> None:
    assert parse_event(line) == Raw(line)
