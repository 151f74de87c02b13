"""The web-app module, planned in one root with everything that is given to it: unknown until the apply."""

from __future__ import annotations

import pytest

from landform.testing import UNKNOWN, PlannedModule

pytestmark = [pytest.mark.e2e, pytest.mark.tf("tests/modules/roots/web_app")]


def test_the_first_plan_is_whole_while_everything_given_is_unknown(tf_plan: PlannedModule) -> None:
    web = "module.web"
    assert tf_plan["aws_secretsmanager_secret.this"].arn is UNKNOWN
    assert tf_plan[f'{web}.aws_iam_role_policy.secrets["read"]'].policy is UNKNOWN
    assert tf_plan[f"{web}.aws_launch_template.this"].user_data is UNKNOWN
    for made in (
        'aws_route53_record.validation["example.com"]',
        'aws_route53_record.alias["*.example.com"]',
        'aws_lb_listener.https["https"]',
        'aws_iam_role_policy_attachment.instances["queue"]',
        'aws_wafv2_web_acl_association.this["load-balancer"]',
        'aws_cloudwatch_metric_alarm.this["latency"]',
        'aws_autoscaling_notification.launch_failures["operators"]',
    ):
        assert f"{web}.{made}" in tf_plan
