"""Whether what an environment will cost stays within its budget."""

from __future__ import annotations

from landform.review.cost.model import CostReview, Money
from landform.review.findings import PolicyResult, Result

POLICY = "budget"


def budget_results(
    cost: CostReview, monthly_usd: float, warn_at_percent: float = 80.0
) -> tuple[PolicyResult, ...]:
    """One result for the environment. Usage that nobody gave is not in the figures, and is not asked for.

    ``deny``: even the least it may cost is above the budget, and the change does not make it cheaper.
    ``warn``: the same with a change that adds nothing; or more than ``warn_at_percent`` of the budget.
    ``unknown``: the most it may cost is above, the least is not; or a part of it has no price.
    """
    result, why = _judge(cost, monthly_usd, warn_at_percent)
    return (
        PolicyResult(POLICY, result, reason=f"{_shown(cost.after)} a month of {monthly_usd:,.2f} USD{why}"),
    )


def _judge(cost: CostReview, limit: float, percent: float) -> tuple[Result, str]:
    if cost.after.low > limit:
        if cost.difference.high <= 0:
            return Result.WARN, ": over the budget, though this change adds nothing"
        return Result.DENY, ": over the budget"
    if cost.after.high > limit:
        return Result.UNKNOWN, ": it may be over the budget"
    if not cost.complete:
        return Result.UNKNOWN, ": not everything in it has a price"
    if cost.after.high > limit * percent / 100:
        return Result.WARN, f": more than {percent:g} % of the budget"
    return Result.PASS, ""


def _shown(money: Money) -> str:
    if money.low == money.high:
        return f"{money.low:,.2f}"
    return f"{money.low:,.2f} to {money.high:,.2f}"
