"""The sum of a review: whether it may be applied, how risky it is, and how many people have to agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from landform.review.findings import Finding, PolicyResult, Result, Severity, Verdict

if TYPE_CHECKING:
    from landform.planning.environment_plan import EnvironmentPlan
    from landform.project import ApprovalRules

REFUSING = (Result.UNKNOWN, Result.DENY)
"""The verdicts with which nothing may be applied: what can't be told is no yes."""


def verdict_of(
    findings: Iterable[Finding], policies: Sequence[PolicyResult], rules: ApprovalRules
) -> Verdict:
    """The worst result of all policies and the worst severity of all findings, with a reason a policy.

    Findings decide nothing by themselves: thresholds make results of them (``threshold_results``).
    """
    severity = max((each.severity for each in findings), key=lambda each: each.rank, default=None)
    return Verdict(
        max((each.result for each in policies), key=lambda each: each.rank, default=Result.PASS),
        severity,
        _reasons(policies),
        rules.needed(critical=severity is Severity.CRITICAL),
    )


def _reasons(policies: Sequence[PolicyResult]) -> tuple[str, ...]:
    """One line for each policy and result, the worst first; the first of many stands for the others."""
    grouped: dict[tuple[Result, str], list[PolicyResult]] = {}
    for each in policies:
        if each.result is not Result.PASS:
            grouped.setdefault((each.result, each.policy), []).append(each)
    worst_first = sorted(grouped.items(), key=lambda item: -item[0][0].rank)
    return tuple(_reason(result, policy, results) for (result, policy), results in worst_first)


def _reason(result: Result, policy: str, results: Sequence[PolicyResult]) -> str:
    first = results[0]
    where = f"{first.address}: " if first.address else ""
    more = f" (and {len(results) - 1} more)" if len(results) > 1 else ""
    return f"{result}: {policy}: {where}{first.reason}{more}"


def reservations(plan: EnvironmentPlan) -> Iterator[PolicyResult]:
    """Why this plan is not all that would happen."""
    if plan.errored:
        reason = "Terraform could not finish this plan: what is shown is only a part of it"
    elif plan.deferred_changes:
        reason = f"{len(plan.deferred_changes)} of the changes can be planned only after this one is applied"
    elif not plan.complete:
        reason = "another plan is needed after this one, as with -target: it leaves something out"
    else:
        return
    yield PolicyResult("complete_plan", Result.UNKNOWN, "", reason)
