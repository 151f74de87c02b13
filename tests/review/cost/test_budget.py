"""A budget warns near its limit, denies above it, and does not pass what it cannot know."""

from __future__ import annotations

import pytest

from landform.review.cost.budget import budget_results
from landform.review.cost.model import CostReview, Money
from landform.review.findings import Result


def _cost(low: float, high: float, before: float = 0, *, complete: bool = True) -> CostReview:
    return CostReview(before=Money(before, before), after=Money(low, high), complete=complete)


@pytest.mark.parametrize(
    ("cost", "result"),
    [
        (_cost(80, 80), Result.PASS),
        (_cost(80.01, 80.01), Result.WARN),
        (_cost(70, 90), Result.WARN),
        (_cost(100, 100), Result.WARN),
        (_cost(100.01, 100.01), Result.DENY),
        (_cost(101, 400), Result.DENY),
        (_cost(90, 101), Result.UNKNOWN),
        (_cost(10, 10, complete=False), Result.UNKNOWN),
        (_cost(101, 101, complete=False), Result.DENY),
        (_cost(150, 150, before=200), Result.WARN),
        (_cost(150, 150, before=150), Result.WARN),
        (_cost(150, 150, before=149), Result.DENY),
        (_cost(0, 0, before=500), Result.PASS),
    ],
)
def test_what_a_budget_of_100_says(cost: CostReview, result: Result) -> None:
    (found,) = budget_results(cost, 100)
    assert (found.policy, found.address, found.result) == ("budget", "", result)


def test_the_reason_names_the_figures_and_the_share_is_the_users() -> None:
    (found,) = budget_results(_cost(1234.5, 1300), 2000, warn_at_percent=50)
    assert found.result is Result.WARN
    assert found.reason == "1,234.50 to 1,300.00 a month of 2,000.00 USD: more than 50 % of the budget"
