"""What Terraform says with ``-json``, one line at a time, as typed events.

Terraform's "machine-readable UI" (developer.hashicorp.com/terraform/internals/machine-readable-ui). A type
this version does not know becomes a ``Message``; a line that is not JSON becomes ``Raw``: nothing is lost,
nothing fails.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Severity(Enum):
    """How bad a diagnostic is."""

    ERROR = "error"
    WARNING = "warning"


class Action(Enum):
    """What Terraform does to a resource."""

    NOOP = "noop"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    MOVE = "move"
    IMPORT = "import"
    REMOVE = "remove"
    OPEN = "open"
    RENEW = "renew"
    CLOSE = "close"


class Operation(Enum):
    """What kind of work a resource event belongs to."""

    APPLY = "apply"
    REFRESH = "refresh"
    PROVISION = "provision"
    EPHEMERAL = "ephemeral_op"


class Phase(Enum):
    """How far it is."""

    START = "start"
    PROGRESS = "progress"
    COMPLETE = "complete"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or warning, whole. ``line`` counts from 1, 0 when there is none; ``values`` explain it."""

    severity: Severity
    summary: str
    detail: str = ""
    address: str = ""
    filename: str = ""
    line: int = 0
    code: str = ""
    context: str = ""
    values: tuple[str, ...] = ()

    def render(self) -> str:
        """Plain text of several lines: what, which resource, where, the code there, why."""
        place = f"{self.filename}:{self.line}" if self.line else self.filename
        lines = [f"{self.severity.value}: {self.summary.strip()}"]
        if self.address:
            lines.append(f"  with {self.address}")
        if place:
            lines.append(f"  on {place}" + (f", in {self.context}" if self.context else ""))
        for number, code in enumerate(self.code.splitlines(), self.line):
            lines.append(f"    {number}: {code}")
        lines += [f"      {value}" for value in self.values]
        lines += [f"  {line}".rstrip() for line in self.detail.strip().splitlines()]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ResourceEvent:
    """Work on one resource. ``elapsed`` is in seconds; ``id`` is the resource's own, once known."""

    address: str
    operation: Operation
    phase: Phase
    action: Action | None = None
    elapsed: float = 0.0
    id: str = ""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change a plan found; ``drift`` when it was made outside Terraform. ``reason`` is Terraform's."""

    address: str
    action: Action
    reason: str = ""
    previous_address: str = ""
    drift: bool = False


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """The counts at the end of a plan, apply or destroy (``operation``)."""

    add: int
    change: int
    remove: int
    imports: int
    operation: str


@dataclass(frozen=True, slots=True)
class Message:
    """Anything else Terraform says; ``type`` is its own word for it."""

    text: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """A line that is not one of Terraform's JSON events."""

    text: str


Event = Diagnostic | ResourceEvent | PlannedChange | ChangeSummary | Message | Raw


def parse_event(line: str) -> Event:
    """One line of ``-json`` output as an event; never raises."""
    try:
        content = json.loads(line)
    except ValueError:
        return Raw(line)
    if not isinstance(content, dict) or not isinstance(content.get("@message"), str):
        return Raw(line)
    kind = str(content.get("type", ""))
    try:
        return _typed(kind, content)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Message(content["@message"], kind)


def parse_diagnostic(content: Mapping[str, Any]) -> Diagnostic:
    """The JSON form of a diagnostic, as in events and in ``validate -json``. Raises ``KeyError``."""
    place = content.get("range") or {}
    snippet = content.get("snippet") or {}
    return Diagnostic(
        severity=Severity(content["severity"]),
        summary=str(content["summary"]),
        detail=str(content.get("detail") or ""),
        address=str(content.get("address") or ""),
        filename=str(place.get("filename") or ""),
        line=int((place.get("start") or {}).get("line") or 0),
        code=str(snippet.get("code") or ""),
        context=str(snippet.get("context") or ""),
        values=tuple(f"{value['traversal']} {value['statement']}" for value in snippet.get("values") or ()),
    )


_COUNTS = ("add", "change", "remove", "import")


def _typed(kind: str, content: Mapping[str, Any]) -> Event:
    if kind == "diagnostic":
        return parse_diagnostic(content["diagnostic"])
    if kind in {"planned_change", "resource_drift"}:
        return _planned(content["change"], drift=kind == "resource_drift")
    if kind == "change_summary":
        counts = content["changes"]
        add, change, remove, imports = (int(counts.get(name, 0)) for name in _COUNTS)
        return ChangeSummary(add, change, remove, imports, str(counts["operation"]))
    return _resource(kind, content["hook"])


def _planned(change: Mapping[str, Any], *, drift: bool) -> PlannedChange:
    return PlannedChange(
        address=change["resource"]["addr"],
        action=Action(change["action"]),
        reason=str(change.get("reason") or ""),
        previous_address=str((change.get("previous_resource") or {}).get("addr") or ""),
        drift=drift,
    )


def _resource(kind: str, hook: Mapping[str, Any]) -> ResourceEvent:
    operation, _, phase = kind.rpartition("_")
    return ResourceEvent(
        address=hook["resource"]["addr"],
        operation=Operation(operation),
        phase=Phase(phase),
        action=Action(hook["action"]) if hook.get("action") else None,
        elapsed=float(hook.get("elapsed_seconds") or 0),
        id=str(hook.get("id_value") or ""),
    )
