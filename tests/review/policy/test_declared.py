"""The rules of landform.yaml: tags, regions, instance types, thresholds."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.changes import Action, Change, Values
from landform.policy import UNKNOWN, PolicyResult, Result, evaluate, plan_of
from landform.project import PolicyRules, RequiredTag
from landform.review.findings import Finding, Severity
from landform.review.policy.declared import declared_policies, threshold_results
from landform.review.policy.plan import Plan

HERE = {"environment dev": "us-east-1"}


def _said(rules: PolicyRules, after: Any, regions: Any = None) -> list[tuple[Result, str]]:
    plan = plan_of({"module.web.aws_instance.a": after})
    results = evaluate(declared_policies(rules, HERE if regions is None else regions), plan)
    return [(each.result, each.reason) for each in results]


OWNER = PolicyRules(required_tags=(RequiredTag("Owner"),))
CENTRE = PolicyRules(required_tags=(RequiredTag("CostCenter", matches="[0-9]{4}"),))
TIER = PolicyRules(required_tags=(RequiredTag("Tier", values=("web", "data")),))


@pytest.mark.parametrize(
    ("rules", "after", "result", "says"),
    [
        (OWNER, {"tags": {"Owner": "me"}}, Result.PASS, ""),
        (OWNER, {"tags": None, "tags_all": {"Owner": "me"}}, Result.PASS, ""),
        (OWNER, {"tags": {}}, Result.DENY, "there is no tag Owner"),
        (OWNER, {"tags": {"Owner": ""}}, Result.DENY, "there is no tag Owner"),
        (OWNER, {"tags": {"Owner": UNKNOWN}}, Result.UNKNOWN, "tag Owner is known only after apply"),
        (OWNER, {"rule": 1}, Result.PASS, ""),
        (CENTRE, {"tags": {"CostCenter": "4711"}}, Result.PASS, ""),
        (CENTRE, {"tags": {"CostCenter": "4711x"}}, Result.DENY, "which is not as [0-9]{4} says"),
        (TIER, {"tags": {"Tier": "web"}}, Result.PASS, ""),
        (TIER, {"tags": {"Tier": "wbe"}}, Result.DENY, "tag Tier is 'wbe', allowed is web, data"),
    ],
)
def test_required_tags(rules: PolicyRules, after: Any, result: Result, says: str) -> None:
    ((found, reason),) = _said(rules, after)
    assert found is result
    assert says in reason


TYPES = PolicyRules(allowed_instance_types=("t3.*", "db.t4g.micro"))


@pytest.mark.parametrize(
    ("after", "result", "says"),
    [
        ({"instance_type": "t3.micro", "arn": UNKNOWN}, Result.PASS, ""),
        (
            {"instance_type": "t3a.micro"},
            Result.DENY,
            "instance_type t3a.micro is not among t3.*, db.t4g.micro",
        ),
        ({"instance_class": "db.r6g.xlarge"}, Result.DENY, "instance_class db.r6g.xlarge"),
        ({"instance_types": ["t3.small", "m5.large"]}, Result.DENY, "instance_types m5.large"),
        ({"config": [{"instance_type": "x1.large"}]}, Result.DENY, "instance_type x1.large"),
        ({"instance_type": UNKNOWN}, Result.UNKNOWN, "instance_type is known only after apply"),
        ({"instance_type": None}, Result.PASS, ""),
        ({"tags": {"instance_type": "old"}}, Result.PASS, ""),
    ],
)
def test_allowed_instance_types(after: Any, result: Result, says: str) -> None:
    ((found, reason),) = _said(TYPES, after)
    assert found is result
    assert says in reason


REGIONS = PolicyRules(allowed_regions=("us-east-1", "eu-*"))


@pytest.mark.parametrize(
    ("regions", "after", "result", "says"),
    [
        (HERE, {"region": UNKNOWN}, Result.PASS, ""),
        (HERE, {"region": "eu-west-1"}, Result.PASS, ""),
        (HERE, {"region": "ap-south-1"}, Result.DENY, "region ap-south-1 is not among us-east-1, eu-*"),
        ({"environment dev": "us-east-2"}, {}, Result.DENY, "region us-east-2 of environment dev"),
        ({"provider x of stack web": None}, {}, Result.UNKNOWN, "the region of provider x of stack web"),
    ],
)
def test_allowed_regions(regions: Any, after: Any, result: Result, says: str) -> None:
    ((found, reason),) = _said(REGIONS, after, regions)
    assert found is result
    assert says in reason


def test_a_project_may_count_what_is_unknown_as_a_warning() -> None:
    rules = PolicyRules(allowed_instance_types=("t3.*",), on_unknown="warn")
    assert _said(rules, {"instance_type": UNKNOWN})[0][0] is Result.WARN


def test_what_stays_as_it_is_and_what_goes_is_not_held_to_the_rules() -> None:
    same = {"aws_instance.same": {"instance_type": "x", "tags": {}}}
    plan = plan_of(same, before={**same, "aws_instance.gone": {"tags": {}}})
    rules = PolicyRules((RequiredTag("Owner"),), ("us-*",), ("t3.*",))
    assert {each.result for each in evaluate(declared_policies(rules, HERE), plan)} == {Result.PASS}


def test_a_block_that_is_wholly_unknown_is_not_passed() -> None:
    change = Change("", "aws_launch_template.a", "aws_launch_template", "managed", Action.CREATE,
                    after=Values({}), unknown={"instance_type": True})  # fmt: skip
    (found,) = evaluate(declared_policies(TYPES, {}), Plan("dev", changes=(change,)))
    assert found.result is Result.UNKNOWN


def test_an_environment_overrides_rule_by_rule() -> None:
    project = PolicyRules(required_tags=(RequiredTag("Owner"),), allowed_regions=("us-*",), deny_at="high")
    prod = PolicyRules(required_tags=(), deny_at="critical")
    assert project.overridden_by(prod) == PolicyRules((), ("us-*",), None, "critical")
    assert project.overridden_by(PolicyRules()) == project


@pytest.mark.parametrize(
    ("rules", "severity", "result"),
    [
        (PolicyRules(deny_at="critical"), Severity.CRITICAL, Result.DENY),
        (PolicyRules(deny_at="critical"), Severity.HIGH, None),
        (PolicyRules(deny_at="critical", warn_at="medium"), Severity.HIGH, Result.WARN),
        (PolicyRules(deny_at="low", warn_at="low"), Severity.LOW, Result.DENY),
        (PolicyRules(deny_at="never"), Severity.CRITICAL, None),
        (PolicyRules(), Severity.CRITICAL, None),
    ],
)
def test_a_finding_counts_from_a_threshold_on(
    rules: PolicyRules, severity: Severity, result: Result | None
) -> None:
    found = threshold_results([Finding("open", severity, "aws_lb.a", "It is open")], rules)
    expected = [PolicyResult("open", result, "aws_lb.a", f"{severity}: It is open")] if result else []
    assert list(found) == expected
