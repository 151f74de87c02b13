"""Runs every rule over a plan."""

from __future__ import annotations

from landform.planning.environment_plan import EnvironmentPlan
from landform.review.findings import Finding
from landform.review.risk.rules import RULES
from landform.review.risk.scene import Hit, RiskContext, Rule, Scene


def find_risks(plan: EnvironmentPlan, context: RiskContext) -> tuple[Finding, ...]:
    """What is risky in a plan, the worst first, then by address; each thing once. All texts are redacted."""
    scene = Scene.of_plan(plan, context)
    found = {_finding(rule, hit, context): None for rule in RULES for hit in rule.check(scene)}
    return tuple(sorted(found, key=lambda each: (-each.severity.rank, each.address, each.rule, each.title)))


def _finding(rule: Rule, hit: Hit, context: RiskContext) -> Finding:
    return Finding(
        rule.id,
        hit.severity or rule.severity,
        hit.address,
        context.redactor.text(hit.title),
        context.redactor.text(hit.evidence),
        hit.advice if hit.advice is not None else rule.advice,
    )
