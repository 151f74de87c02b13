"""The cost-guardrails module: who is told of what, what is stopped, what it refuses, what stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from landform.testing import UNKNOWN, PlannedModule, Stack, TestedModule
from modules.refusals import refuses_each

_TOPIC = "arn:aws:sns:us-east-1:123456789012:costs"
_EC2 = "Amazon Elastic Compute Cloud - Compute"
_BUDGETS = {
    "databases": {"amount": 100, "services": ["Amazon Relational Database Service"]},
    "team": {
        "amount": 80.5,
        "filters": {"TagKeyValue": ["user:Team$shop"], "Region": ["eu-west-1", "us-east-1"]},
        "actual_thresholds": [100],
        "forecast_thresholds": [],
    },
}
_COMMITMENTS = {"reserved_instances": {"instances": {"service": _EC2}}, "savings_plans": {"minimum": 90}}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/cost-guardrails",
        vars={
            "name": "shop",
            "notifications": {"emails": ["costs@example.com"]},
            "monthly_budget": {"amount": 500},
        },
    ),
]


# --- planned ----------------------------------------------------------------------------------------------


def test_a_month_is_told_by_mail_when_it_is_spent_and_when_it_will_be(tf_plan: PlannedModule) -> None:
    budget = tf_plan['aws_budgets_budget.spending["monthly"]']
    assert (budget.name, budget.limit_amount, budget.limit_unit) == ("shop-monthly", "500", "USD")
    assert _told(budget) == {("ACTUAL", 50), ("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)}
    assert {(*each["subscriber_email_addresses"],) for each in budget.notification} == {
        ("costs@example.com",)
    }
    subscription = tf_plan['aws_ce_anomaly_subscription.this["email"]']
    assert (subscription.frequency, _only(subscription.subscriber)["type"]) == ("DAILY", "EMAIL")
    assert tf_plan['aws_ce_anomaly_monitor.this["services"]'].monitor_dimension == "SERVICE"
    assert tf_plan.counts.total() == 3


@pytest.mark.tf(vars={"budgets": _BUDGETS})
def test_a_part_of_the_costs_has_its_own_budget(tf_plan: PlannedModule) -> None:
    filters = {
        name: {each["name"]: each["values"] for each in tf_plan[_spending(name)].cost_filter}
        for name in ("databases", "team")
    }
    assert filters == {
        "databases": {"Service": ["Amazon Relational Database Service"]},
        "team": {"TagKeyValue": ["user:Team$shop"], "Region": ["eu-west-1", "us-east-1"]},
    }
    assert tf_plan[_spending("team")].limit_amount == "80.5"
    assert _told(tf_plan[_spending("team")]) == {("ACTUAL", 100)}


@pytest.mark.tf(vars={"commitments": _COMMITMENTS})
def test_unused_commitments_are_told(tf_plan: PlannedModule) -> None:
    reserved = tf_plan['aws_budgets_budget.commitment["instances"]']
    assert (reserved.budget_type, reserved.limit_amount, reserved.limit_unit) == (
        "RI_UTILIZATION",
        "100",
        "PERCENTAGE",
    )
    assert _only(reserved.cost_filter)["values"] == [_EC2]
    plans = tf_plan['aws_budgets_budget.commitment["savings-plans"]']
    assert (plans.budget_type, plans.limit_unit) == ("SAVINGS_PLANS_UTILIZATION", "PERCENTAGE")
    assert [
        (_only(each.notification)["comparison_operator"], _only(each.notification)["threshold"])
        for each in (reserved, plans)
    ] == [("LESS_THAN", 80), ("LESS_THAN", 90)]


@pytest.mark.tf(
    vars={"notifications": {"topic": "given", "emails": [], "topic_arn": _TOPIC}, "billing_alarm_usd": 600}
)
def test_a_given_topic_is_told_of_all(tf_plan: PlannedModule) -> None:
    (first, *_) = tf_plan[_spending("monthly")].notification
    assert first["subscriber_sns_topic_arns"] == [_TOPIC]
    assert tf_plan['aws_ce_anomaly_subscription.this["topic"]'].frequency == "IMMEDIATE"
    alarm = tf_plan['aws_cloudwatch_metric_alarm.charges["charges"]']
    assert (alarm.namespace, alarm.metric_name, alarm.threshold) == ("AWS/Billing", "EstimatedCharges", 600)
    assert (alarm.dimensions, alarm.alarm_actions) == ({"Currency": "USD"}, [_TOPIC])
    assert tf_plan.counts["aws_sns_topic"] == 0


@pytest.mark.tf(
    vars={"anomalies": {"create_monitor": False, "monitor_arn": "arn:aws:ce::123456789012:anomalymonitor/1"}}
)
def test_an_account_with_a_monitor_keeps_it(tf_plan: PlannedModule) -> None:
    assert tf_plan.counts["aws_ce_anomaly_monitor"] == 0
    assert tf_plan['aws_ce_anomaly_subscription.this["email"]'].monitor_arn_list == [
        "arn:aws:ce::123456789012:anomalymonitor/1"
    ]


@pytest.mark.tf(vars={"report": {}, "notifications": {"topic": "own"}})
def test_what_is_to_stay_is_protected_and_the_report_is_for_athena(tf_plan: PlannedModule) -> None:
    bucket = tf_plan['aws_s3_bucket.report["report"]']
    assert (bucket.bucket, bucket.force_destroy) == ("shop-costs-123456789012-us-east-1", False)
    assert tf_plan['aws_kms_key.topic["own"]'].deletion_window_in_days == 30
    assert tf_plan['aws_athena_workgroup.this["report"]'].force_destroy is False
    report = tf_plan['aws_cur_report_definition.this["report"]']
    assert (report.format, report.additional_artifacts) == ("Parquet", ["ATHENA"])
    rules = {
        each["id"]: each for each in tf_plan['aws_s3_bucket_lifecycle_configuration.report["report"]'].rule
    }
    assert _only(rules["reports"]["transition"])["storage_class"] == "GLACIER_IR"
    assert (report.s3_prefix, _only(rules["reports"]["filter"])["prefix"]) == ("reports", "reports/")
    crawled = _only(tf_plan['aws_glue_crawler.this["report"]'].s3_target)["path"]
    assert crawled is UNKNOWN or crawled.endswith("/reports/shop_costs/shop_costs")


@pytest.mark.tf(
    vars={
        "tag_policy": {"tags": {"CostCenter": {"values": ["2", "1"]}, "Team": {}}, "targets": {"root": "r-1"}}
    }
)
def test_tags_are_written_one_way(tf_plan: PlannedModule) -> None:
    policy = tf_plan['aws_organizations_policy.tags["tags"]']
    assert policy.type == "TAG_POLICY"
    assert json.loads(policy.content)["tags"] == {
        "costcenter": {"tag_key": {"@@assign": "CostCenter"}, "tag_value": {"@@assign": ["1", "2"]}},
        "team": {"tag_key": {"@@assign": "Team"}},
    }
    assert tf_plan['aws_organizations_policy_attachment.tags["root"]'].target_id == "r-1"


@pytest.mark.tf(
    vars={"kill_switch": {"instances": {"eu-west-1": ["i-0123456789abcdef0"]}, "roles": ["developers"]}}
)
def test_a_spent_budget_stops_what_it_names_and_nothing_else(tf_plan: PlannedModule) -> None:
    stop = tf_plan['aws_budgets_budget_action.stop["eu-west-1"]']
    ssm = _only(stop.definition, "ssm_action_definition")
    assert (ssm["action_sub_type"], ssm["instance_ids"]) == ("STOP_EC2_INSTANCES", ["i-0123456789abcdef0"])
    assert (stop.approval_model, _only(stop.action_threshold)["action_threshold_value"]) == ("AUTOMATIC", 100)
    deny = tf_plan['aws_budgets_budget_action.deny["switch"]']
    assert _only(deny.definition, "iam_action_definition")["roles"] == ["developers"]
    denial = json.loads(tf_plan['aws_iam_policy.denial["switch"]'].policy)
    assert denial["Statement"][0]["Effect"] == "Deny"
    trust = json.loads(tf_plan['aws_iam_role.switch["switch"]'].assume_role_policy)
    assert trust["Statement"][0]["Principal"] == {"Service": "budgets.amazonaws.com"}


@pytest.mark.tf(vars={"kill_switch": {"instances": {"eu-west-1": ["i-0123456789abcdef0"]}}})
def test_the_role_of_the_switch_may_stop_the_named_instances_only(tf_plan: PlannedModule) -> None:
    policy = json.loads(tf_plan['aws_iam_role_policy.switch["switch"]'].policy)
    may = {each["Sid"]: (each["Action"], each["Resource"]) for each in policy["Statement"]}
    assert may["StopEuWest1"] == (
        "ec2:StopInstances",
        "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0",
    )
    assert set(may) == {"StopEuWest1", "LookAtInstances", "RunEuWest1"}
    assert tf_plan.counts["aws_iam_policy"] == 0


# --- refused ----------------------------------------------------------------------------------------------

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop", ["The name must have 2 to 26 characters"]),
    "notifications": (
        {"emails": ["costs"], "topic": "mine", "topic_arn": "costs"},
        [
            "at most 10 e-mail addresses",
            "The notifications.topic must be",
            "must be the ARN of a standard SNS",
        ],
    ),
    "monthly_budget": (
        {"amount": 0, "actual_thresholds": [0], "forecast_thresholds": list(range(1, 11))},
        ["more than 0 USD", "thresholds of monthly_budget", "The monthly_budget must have 1 to 10"],
    ),
    "budgets": (
        {
            "monthly": {"amount": -1},
            "bad": {
                "amount": 1,
                "services": ["ec2"],
                "filters": {"Service": ["x"], "TagKeyValue": ["Team=shop"], "LinkedAccount": ["1"]},
                "actual_thresholds": [-5],
                "forecast_thresholds": [],
            },
            "silent": {"amount": 1, "services": [_EC2], "actual_thresholds": [], "forecast_thresholds": []},
        },
        [
            "Each key of budgets must be",
            "amount of each of budgets",
            "thresholds of each of budgets",
            "Each of budgets must have 1 to 10",
            "must have services or filters",
            "must be named as Cost Explorer does",
            "must be a dimension of AWS Budgets",
            "must be written user:Key$value",
            "account id of 12 digits",
        ],
    ),
    "commitments": (
        {
            "reserved_instances": {"savings-plans": {"service": "AWS Lambda"}},
            "savings_plans": {"minimum": 0},
        },
        ["must be one that has reservations", "other than savings-plans", "Each minimum of commitments"],
    ),
    "anomalies": (
        {"minimum_usd": 0, "create_monitor": False},
        ["anomalies.minimum_usd must be", "anomalies.monitor_arn belongs"],
    ),
    "report": (
        {"bucket_name": "Costs", "time_unit": "WEEKLY", "glacier_after_days": 0},
        ["report.bucket_name must", "report.time_unit must", "report.glacier_after_days must"],
    ),
    "billing_alarm_usd": (0, ["billing_alarm_usd must be more than 0"]),
    "tag_policy": (
        {"tags": {"Team": {"enforced_for": ["instances"]}}, "targets": {}},
        ["at least one of tags and one of targets", "must be a resource type such as"],
    ),
    "kill_switch": (
        {
            "threshold": 0,
            "approval": "ASK",
            "instances": {"west": []},
            "roles": ["arn:aws:iam::1:role/x"],
            "denied_actions": [],
        },
        [
            "at least one id of an EC2 instance",
            "must be a region",
            "the name of an IAM role, not its ARN",
            "kill_switch.threshold must",
            "kill_switch.approval must",
            "kill_switch.denied_actions must",
        ],
    ),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    refuses_each(tf_module, _WRONG)


@pytest.mark.tf(level="mock")
@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"notifications": {}}, "The notifications name nobody"),
        ({"notifications": {"topic": "given"}}, "topic_arn is missing"),
        ({"billing_alarm_usd": 10}, "an alarm tells topics only"),
        ({"kill_switch": {}}, "The kill_switch has no targets"),
    ],
    ids=["nobody", "no topic", "alarm without a topic", "switch without targets"],
)
def test_what_is_missing_is_asked_for(tf_module: TestedModule, values: Mapping[str, Any], told: str) -> None:
    with tf_module.fails(match=told):
        tf_module.plan(**values)


@pytest.mark.tf(level="plan", region="eu-west-1", vars={"notifications": {"topic": "own"}})
def test_the_billing_alarm_says_where_it_must_be(tf_module: TestedModule) -> None:
    with tf_module.fails(match="must be in us-east-1, and this is eu-west-1"):
        tf_module.plan(billing_alarm_usd=600)


# --- applied ----------------------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "ephemeral": True,
        "tags": {"CostCenter": "4711"},
        "notifications": {"emails": ["costs@example.com"], "topic": "own"},
        "budgets": {"databases": _BUDGETS["databases"]},
        "commitments": _COMMITMENTS,
        "billing_alarm_usd": 600,
        "anomalies": {"enabled": False},
        "report": {"define": False},
    }
)
def test_it_stands_and_nothing_is_planned_again(tf_module: TestedModule) -> None:
    stack = tf_module.apply()
    assert stack.plan().is_noop
    _tells(stack)
    outputs = stack.outputs
    assert outputs.report_bucket_arn == f"arn:aws:s3:::{outputs.report_bucket_name}"
    assert (outputs.athena_workgroup_name, outputs.athena_database_name) == ("shop-costs", "shop_costs")
    assert set(outputs.commitment_budget_names) == {"instances", "savings-plans"}
    tagged = stack.plan(tags={"CostCenter": "4712"})
    assert not {address for address in tagged.updates if "policy" in address}
    more = stack.plan(budgets=_BUDGETS)
    assert more.creates == {_spending("team")}
    assert not more.updates | more.replaces | more.deletes
    budgets, s3 = stack.client("budgets"), stack.client("s3")
    stack.destroy()
    assert budgets.describe_budgets(AccountId="123456789012")["Budgets"] == []
    assert s3.list_buckets()["Buckets"] == []
    assert stack.client("sns").list_topics()["Topics"] == []


def _tells(stack: Stack) -> None:
    """Both subscribers have each notification, and the topic lets the services that tell publish."""
    budgets, name = stack.client("budgets"), stack.outputs.budget_names["databases"]
    of = {"AccountId": "123456789012", "BudgetName": name}
    notifications = budgets.describe_notifications_for_budget(**of)["Notifications"]
    assert len(notifications) == 3
    for each in notifications:
        found = budgets.describe_subscribers_for_notification(**of, Notification=each)["Subscribers"]
        assert {(one["SubscriptionType"], one["Address"]) for one in found} == {
            ("EMAIL", "costs@example.com"),
            ("SNS", stack.outputs.topic_arn),
        }
    attributes = stack.client("sns").get_topic_attributes(TopicArn=stack.outputs.topic_arn)["Attributes"]
    (allowed,) = json.loads(attributes["Policy"])["Statement"]
    assert {"budgets.amazonaws.com", "costalerts.amazonaws.com"} <= set(allowed["Principal"]["Service"])
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def _spending(name: str) -> str:
    return f'aws_budgets_budget.spending["{name}"]'


def _told(budget: Any) -> set[tuple[str, float]]:
    return {(each["notification_type"], each["threshold"]) for each in budget.notification}


def _only(blocks: Any, *names: str) -> Any:
    """The one block of ``blocks``, and the one named within."""
    (found,) = blocks
    for name in names:
        (found,) = found[name]
    return found
