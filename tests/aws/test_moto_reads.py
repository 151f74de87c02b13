"""What landform adds to moto's answers: operations of AWS's own models, with what was created in them."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from moto.budgets.responses import BudgetsResponse
from moto.core.utils import camelcase_to_underscores

from landform.aws.moto_budgets import RESPONDERS
from landform.testing import Emulator

_ACCOUNT = "123456789012"
_OVER: dict[str, Any] = {
    "NotificationType": "ACTUAL",
    "ComparisonOperator": "GREATER_THAN",
    "Threshold": 80.0,
    "ThresholdType": "PERCENTAGE",
}
_MAIL = {"SubscriptionType": "EMAIL", "Address": "costs@example.com"}


def test_each_responder_is_an_operation_of_aws_that_only_reads() -> None:
    operations = botocore.session.get_session().get_service_model("budgets").operation_names
    assert set(RESPONDERS) <= set(operations)
    assert all(name.startswith(("Describe", "List")) for name in RESPONDERS)


def test_moto_itself_does_not_answer_them() -> None:
    """When it does, the responder has to go."""
    own = {
        name
        for name, member in vars(BudgetsResponse).items()
        if getattr(member, "__module__", "").startswith("moto.")
    }
    assert not own & {camelcase_to_underscores(name) for name in RESPONDERS}


@pytest.mark.e2e
def test_a_budget_answers_with_its_subscribers_and_tags(tf_emulator: Emulator) -> None:
    budgets = tf_emulator.client("budgets")
    budgets.create_budget(
        AccountId=_ACCOUNT,
        Budget={
            "BudgetName": "month",
            "BudgetLimit": {"Amount": "5", "Unit": "USD"},
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        },
        NotificationsWithSubscribers=[{"Notification": _OVER, "Subscribers": [_MAIL]}],
        ResourceTags=[{"Key": "Team", "Value": "shop"}],
    )
    of = {"AccountId": _ACCOUNT, "BudgetName": "month"}
    found = budgets.describe_subscribers_for_notification(**of, Notification=_OVER)
    assert found["Subscribers"] == [_MAIL]
    arn = f"arn:aws:budgets::{_ACCOUNT}:budget/month"
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == [
        {"Key": "Team", "Value": "shop"}
    ]
    with pytest.raises(ClientError, match="NotFoundException"):
        budgets.describe_subscribers_for_notification(**of, Notification={**_OVER, "Threshold": 90.0})
    with pytest.raises(ClientError, match="NotFoundException"):
        budgets.list_tags_for_resource(ResourceARN=f"{arn}s")
