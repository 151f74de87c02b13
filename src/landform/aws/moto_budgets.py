"""What the provider reads of a budget and moto does not answer: its subscribers and its tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moto.budgets.responses import BudgetsResponse

_TAGS = "ResourceTags"


def _create_budget(response: BudgetsResponse, create: Callable[[BudgetsResponse], str]) -> str:
    """moto's own answer; the tags are kept with the budget, where moto forgets them."""
    answer = create(response)
    account, budget = response._get_param("AccountId"), response._get_param("Budget")  # noqa: SLF001
    setattr(response.backend.budgets[account][budget["BudgetName"]], _TAGS, response._get_param(_TAGS, []))  # noqa: SLF001
    return answer


def _describe_subscribers_for_notification(response: BudgetsResponse) -> str:
    """The subscribers that CreateBudget or CreateNotification was given with this notification."""
    from moto.budgets.exceptions import NotFoundException

    name, wanted = response._get_param("BudgetName"), response._get_param("Notification")  # noqa: SLF001
    budget = response.backend.budgets[response._get_param("AccountId")].get(name)  # noqa: SLF001
    for notification in budget.notifications if budget else ():
        if _identity(notification.details) == _identity(wanted):
            return json.dumps({"Subscribers": notification.subscribers})
    raise NotFoundException(f"Unable to get subscribers: the budget {name} has no such notification.")


def _list_tags_for_resource(response: BudgetsResponse) -> str:
    """The tags that CreateBudget was given."""
    from moto.budgets.exceptions import NotFoundException

    arn = response._get_param("ResourceARN")  # noqa: SLF001
    account, _, name = arn.split(":", 4)[-1].partition(":budget/")
    budget = response.backend.budgets[account].get(name)
    if budget is None:
        raise NotFoundException(f"Unable to list tags: there is no {arn}.")
    return json.dumps({_TAGS: getattr(budget, _TAGS)})


def _identity(notification: dict[str, Any]) -> tuple[str, str, float, str]:
    """What makes it the same notification, its state aside; a percentage unless it says otherwise."""
    return (
        notification["NotificationType"],
        notification["ComparisonOperator"],
        float(notification["Threshold"]),
        notification.get("ThresholdType", "PERCENTAGE"),
    )


RESPONDERS: Final[dict[str, Callable[[BudgetsResponse], str]]] = {
    "DescribeSubscribersForNotification": _describe_subscribers_for_notification,
    "ListTagsForResource": _list_tags_for_resource,
}
"""Operations of AWS Budgets that moto lacks to what answers them; each only reads what was created."""


def answer_for_budgets() -> None:
    """Let moto answer them, and keep the tags that it answers with."""
    from moto.budgets.responses import BudgetsResponse
    from moto.core.utils import camelcase_to_underscores

    create = BudgetsResponse.create_budget
    BudgetsResponse.create_budget = lambda self: _create_budget(self, create)  # type: ignore[method-assign]
    for operation, answer in RESPONDERS.items():
        setattr(BudgetsResponse, camelcase_to_underscores(operation), answer)
