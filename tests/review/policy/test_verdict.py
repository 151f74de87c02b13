"""The verdict: the worst result, the worst severity, a reason a policy, and how many people are needed."""

from __future__ import annotations

import pytest

from landform.policy import PolicyResult, Result
from landform.project import ApprovalRules
from landform.review.findings import Finding, Severity, Verdict
from landform.review.verdict import verdict_of


def _finding(severity: Severity) -> Finding:
    return Finding("open", severity, "aws_lb.a", "It is open")


def test_nothing_found_and_nothing_said_passes() -> None:
    assert verdict_of([], [], ApprovalRules()) == Verdict()


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([Result.PASS, Result.WARN], Result.WARN),
        ([Result.UNKNOWN, Result.WARN, Result.PASS], Result.UNKNOWN),
        ([Result.UNKNOWN, Result.DENY], Result.DENY),
    ],
)
def test_the_verdict_is_the_worst_result(results: list[Result], verdict: Result) -> None:
    policies = [PolicyResult(f"p{index}", each, "", "why") for index, each in enumerate(results)]
    assert verdict_of([], policies, ApprovalRules()).result is verdict


def test_each_policy_gives_one_reason_and_the_worst_comes_first() -> None:
    policies = [
        PolicyResult("size", Result.WARN, "", "large"),
        PolicyResult("fine", Result.PASS, "", "looked at 3 resources"),
        *(PolicyResult("tags", Result.DENY, f"aws_lb.{name}", "no tag Owner") for name in "abc"),
    ]
    assert verdict_of([], policies, ApprovalRules()).reasons == (
        "deny: tags: aws_lb.a: no tag Owner (and 2 more)",
        "warn: size: large",
    )


@pytest.mark.parametrize(
    ("rules", "usual", "critical"),
    [
        (ApprovalRules(), 0, 0),
        (ApprovalRules(1), 1, 2),
        (ApprovalRules(2, critical=0), 2, 2),
        (ApprovalRules(0, critical=2), 0, 2),
        (ApprovalRules(2, ("a", "b")), 2, 3),
    ],
)
def test_a_critical_finding_needs_more_people(rules: ApprovalRules, usual: int, critical: int) -> None:
    high = verdict_of([_finding(Severity.LOW), _finding(Severity.HIGH)], [], rules)
    worst = verdict_of([_finding(Severity.CRITICAL), _finding(Severity.LOW)], [], rules)
    assert (high.severity, high.approvals) == (Severity.HIGH, usual)
    assert (worst.severity, worst.approvals) == (Severity.CRITICAL, critical)
    assert worst.result is Result.PASS, "a finding denies through a threshold only"
