"""Plans of a few changes, made by hand, and what the rules find in them."""

from __future__ import annotations

from typing import Any

from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.review.findings import Finding
from landform.review.risk import RiskContext, find_risks

NOTHING = RiskContext()


def change(kind: str, before: Any = None, after: Any = None, **more: Any) -> Change:
    """A change of ``module.app.<kind>.this``; the action follows from the sides where it is not given."""
    if more.get("action") is None:
        more["action"] = (
            Action.CREATE if before is None else Action.DELETE if after is None else Action.UPDATE
        )
    address = more.pop("address", f"module.app.{kind}.this")
    sides = (Values(before, more.pop("was_sensitive", False)), Values(after, more.pop("is_sensitive", False)))
    return Change("app", address, kind, more.pop("mode", "managed"), before=sides[0], after=sides[1], **more)


def plan_of(*changes: Change, destroy: bool = False) -> EnvironmentPlan:
    """An environment of one stack."""
    return EnvironmentPlan("shop", "dev", (StackPlan("app", changes=changes),), destroy=destroy)


def risks(*changes: Change, context: RiskContext = NOTHING, destroy: bool = False) -> tuple[Finding, ...]:
    """What is found in a plan of these changes."""
    return find_risks(plan_of(*changes, destroy=destroy), context)


def of_rule(rule: str, *changes: Change, **more: Any) -> list[Finding]:
    """What one rule finds in them."""
    return [finding for finding in risks(*changes, **more) if finding.rule == rule]


def severities(rule: str, *changes: Change, **more: Any) -> list[str]:
    """How bad one rule finds them."""
    return [finding.severity.value for finding in of_rule(rule, *changes, **more)]
