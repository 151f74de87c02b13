"""A review as JSON and back: what ``--json`` prints and what ``landform show`` reads.

``format_version`` follows Terraform's rule: a new minor version only adds, a new major version may change.
docs/reference/review.schema.json describes the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from landform.errors import LandformError
from landform.planning.annotations import ActionInvocation, CheckResult, CheckStatus
from landform.planning.changes import Action
from landform.planning.drift import DriftOutcome
from landform.review.cost.model import CostLine, CostReview, Money, StackCost
from landform.review.findings import Exemption, Finding, PolicyResult, Result, Severity, Verdict
from landform.review.model import (
    AttributeDiff,
    ChangeReview,
    Counts,
    DeferredReview,
    OutputReview,
    Review,
    StackReview,
)

FORMAT_VERSION = "1.1"

_Part = TypeVar("_Part")
_SCALARS = frozenset({str, bool, int, float, type(None)})
"""Exactly these: an enum of text is no text here."""


def to_document(review: Review) -> dict[str, Any]:
    """The review as JSON data."""
    document: dict[str, Any] = {"format_version": FORMAT_VERSION} | _plain(review)
    document["deferred"] = [{"stack": stack, "reason": reason} for stack, reason in review.deferred]
    if review.cost is not None:
        document["cost"] = _cost_document(review.cost)
    return document


def _cost_document(cost: CostReview) -> dict[str, Any]:
    """The cost with what it is afterwards as ``monthly``, and the difference worked out."""
    document: dict[str, Any] = _plain(cost)
    monthly = document.pop("after")
    return {"monthly": monthly, "difference": _plain(cost.difference)} | document


def _plain(value: Any) -> Any:
    kind: type = type(value)
    if kind in _SCALARS:
        return value
    if kind is tuple or kind is list:
        return [each if type(each) in _SCALARS else _plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    names, values_of = _fields(kind)
    return {
        name: item if type(item) in _SCALARS else _plain(item)
        for name, item in zip(names, values_of(value), strict=True)
    }


@cache
def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The names of a dataclass's fields, and how to get all their values: a large review has a million."""
    names = tuple(each.name for each in fields(kind))
    return names, attrgetter(*names)


def from_document(document: Mapping[str, Any]) -> Review:
    """The review again. Raises LandformError for a document of another format."""
    version = str(document.get("format_version", ""))
    if not version.startswith("1."):
        raise LandformError(f"a saved plan of format {version or 'unknown'} can't be read", "Plan again.")
    try:
        return _review(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LandformError(f"the saved plan is damaged: {error}", "Plan again.") from error


def _review(raw: Mapping[str, Any]) -> Review:
    return _made(
        Review,
        raw,
        counts=_made(Counts, raw["counts"]),
        stacks=tuple(_stack(each) for each in raw["stacks"]),
        deferred=tuple((each["stack"], each["reason"]) for each in raw["deferred"]),
        failed_checks=tuple(raw["failed_checks"]),
        findings=_findings(raw),
        policies=tuple(_policy(each) for each in raw.get("policies", ())),
        cost=_cost(raw["cost"]) if raw.get("cost") is not None else None,
        verdict=_verdict(raw.get("verdict", {})),
        checks=tuple(_check(each) for each in raw.get("checks", ())),
        invocations=tuple(_made(ActionInvocation, each) for each in raw.get("invocations", ())),
        deferred_changes=tuple(
            _made(DeferredReview, each, action=Action(each["action"]))
            for each in raw.get("deferred_changes", ())
        ),
    )


def _check(raw: Mapping[str, Any]) -> CheckResult:
    return _made(CheckResult, raw, status=CheckStatus(raw["status"]), problems=tuple(raw["problems"]))


def _findings(raw: Mapping[str, Any]) -> tuple[Finding, ...]:
    return tuple(
        _made(Finding, each, severity=Severity(each["severity"])) for each in raw.get("findings", ())
    )


def _policy(raw: Mapping[str, Any]) -> PolicyResult:
    exemption = raw["exemption"]
    return _made(
        PolicyResult,
        raw,
        result=Result(raw["result"]),
        exemption=_made(Exemption, exemption) if exemption is not None else None,
    )


def _verdict(raw: Mapping[str, Any]) -> Verdict:
    """Without one, the empty verdict: format 1.0 had none."""
    if not raw:
        return Verdict()
    severity = raw["severity"]
    return _made(
        Verdict,
        raw,
        result=Result(raw["result"]),
        severity=Severity(severity) if severity is not None else None,
        reasons=tuple(raw["reasons"]),
    )


def _cost(raw: Mapping[str, Any]) -> CostReview:
    return _made(
        CostReview,
        raw,
        before=_money(raw["before"]),
        after=_money(raw["monthly"]),
        lines=tuple(_cost_line(each) for each in raw["lines"]),
        stacks=tuple(_made(StackCost, each, **_both(each)) for each in raw["stacks"]),
        unpriced=tuple(raw["unpriced"]),
        notes=tuple(raw["notes"]),
    )


def _cost_line(raw: Mapping[str, Any]) -> CostLine:
    hourly = _perhaps(raw["hourly"])
    return _made(CostLine, raw, **_both(raw), hourly=hourly, basis=tuple(raw["basis"]))


def _both(raw: Mapping[str, Any]) -> dict[str, Money | None]:
    return {side: _perhaps(raw[side]) for side in ("before", "after")}


def _perhaps(raw: Mapping[str, Any] | None) -> Money | None:
    return _money(raw) if raw is not None else None


def _money(raw: Mapping[str, Any]) -> Money:
    return Money(raw["low"], raw["high"])


def _stack(raw: Mapping[str, Any]) -> StackReview:
    return _made(
        StackReview,
        raw,
        upstream=tuple(raw["upstream"]),
        caused_by=tuple(raw["caused_by"]),
        changes=tuple(_change(each) for each in raw["changes"]),
        drift=tuple(_change(each) for each in raw["drift"]),
        outputs=tuple(_made(OutputReview, each, action=Action(each["action"])) for each in raw["outputs"]),
    )


def _change(raw: Mapping[str, Any]) -> ChangeReview:
    return _made(
        ChangeReview,
        raw,
        action=Action(raw["action"]),
        caused_by=tuple(raw["caused_by"]),
        attributes=tuple(
            _made(AttributeDiff, each, sources=tuple(each["sources"])) for each in raw["attributes"]
        ),
        findings=_findings(raw),
        dependents=tuple(raw.get("dependents", ())),
        outcome=DriftOutcome(raw["outcome"]) if raw.get("outcome") is not None else None,
    )


def _made(kind: type[_Part], raw: Mapping[str, Any], **read: Any) -> _Part:
    """A part of a review; what a later minor version added to it is left out."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in raw.items() if name in known} | read)
