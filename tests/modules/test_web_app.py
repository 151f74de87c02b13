"""The web-app module, planned: who reaches what, how it scales, what it may read, and who is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.testing import UNKNOWN, PlannedModule

_NETWORK = {
    "vpc_id": "vpc-0123456789abcdef0",
    "public_subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "private_subnet_ids": ["subnet-0000000000000000c"],
}
_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/database-AbCdEf"
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_TOPIC = "arn:aws:sns:us-east-1:123456789012:operators"
_WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555"
_ZONE = "Z0123456789ABCDEFGHIJ"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/web-app", vars={"name": "shop", **_NETWORK}),
]


# --- traffic ----------------------------------------------------------------------------------------------


@pytest.mark.tf(vars={"allowed_cidrs": ["10.0.0.0/8"], "instance": {"port": 8080}})
def test_instances_take_requests_from_the_load_balancer_only(tf_plan: PlannedModule) -> None:
    clients = tf_plan['aws_vpc_security_group_ingress_rule.alb["http/10.0.0.0/8"]']
    assert (clients.from_port, clients.to_port, clients.cidr_ipv4) == (80, 80, "10.0.0.0/8")
    requests = tf_plan["aws_vpc_security_group_ingress_rule.instances_from_alb"]
    assert (requests.from_port, requests.to_port, requests.cidr_ipv4) == (8080, 8080, None)
    assert requests.referenced_security_group_id is UNKNOWN
    assert tf_plan.counts["aws_vpc_security_group_ingress_rule"] == 2


@pytest.mark.tf(vars={"listener": {"certificate_arn": _CERTIFICATE}})
def test_a_certificate_brings_https_and_http_redirects_there(tf_plan: PlannedModule) -> None:
    https = tf_plan['aws_lb_listener.https["https"]']
    assert (https.port, https.certificate_arn) == (443, _CERTIFICATE)
    assert https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    (action,) = tf_plan["aws_lb_listener.http"].default_action
    assert action["type"] == "redirect"
    assert (action["redirect"][0]["protocol"], action["redirect"][0]["port"]) == ("HTTPS", "443")
    assert 'aws_vpc_security_group_ingress_rule.alb["https/0.0.0.0/0"]' in tf_plan
    assert tf_plan.counts["aws_acm_certificate"] == 0


_DOMAIN = {"zone_id": _ZONE, "names": ["shop.example.com", "*.shop.example.com", "example.com"]}


@pytest.mark.tf(vars={"listener": {"domain": _DOMAIN}})
def test_names_have_records_and_certificates_in_the_first_plan(tf_plan: PlannedModule) -> None:
    assert tf_plan.outputs.url == "https://shop.example.com"
    names = set(_DOMAIN["names"])
    assert _keys(tf_plan, "aws_acm_certificate.this") == names
    assert _keys(tf_plan, "aws_acm_certificate_validation.this") == names
    assert _keys(tf_plan, "aws_route53_record.alias") == names
    assert _keys(tf_plan, "aws_route53_record.validation") == {"shop.example.com", "example.com"}
    assert _keys(tf_plan, "aws_lb_listener_certificate.this") == names - {"shop.example.com"}
    alias = tf_plan['aws_route53_record.alias["example.com"]']
    assert (alias.zone_id, alias.type, alias.alias[0]["evaluate_target_health"]) == (_ZONE, "A", True)
    assert tf_plan['aws_lb_listener.https["https"]'].certificate_arn is UNKNOWN


def _keys(plan: PlannedModule, resource: str) -> set[str]:
    """The ``for_each`` keys of a resource."""
    return {address[len(resource) + 2 : -2] for address in plan if address.startswith(f"{resource}[")}


_BALANCER = {
    "http2": False,
    "slow_start": 30,
    "deregistration_delay": 20,
    "access_logs": {"bucket": "shop-logs", "prefix": "web"},
    "web_acl": {"arn": _WEB_ACL},
}
_CHECK = {"path": "/up", "matcher": "200-299", "interval": 30, "timeout": 10, "unhealthy_threshold": 4}


@pytest.mark.tf(vars={"listener": _BALANCER, "health_check": {**_CHECK, "grace_period": 60}})
def test_the_load_balancer_logs_filters_and_asks_as_it_is_told(tf_plan: PlannedModule) -> None:
    balancer = tf_plan["aws_lb.this"]
    assert (balancer.enable_http2, balancer.drop_invalid_header_fields) == (False, True)
    assert balancer.access_logs == [{"enabled": True, "bucket": "shop-logs", "prefix": "web"}]
    assert tf_plan['aws_wafv2_web_acl_association.this["load-balancer"]'].web_acl_arn == _WEB_ACL
    targets = tf_plan["aws_lb_target_group.this"]
    assert (targets.slow_start, targets.deregistration_delay) == (30, "20")
    assert targets.stickiness[0]["enabled"] is False
    assert {name: targets.health_check[0][name] for name in _CHECK} == _CHECK
    assert tf_plan["aws_autoscaling_group.this"].health_check_grace_period == 60


# --- instances --------------------------------------------------------------------------------------------


@pytest.mark.tf(vars={"ephemeral": False})
def test_what_is_to_stay_is_protected(tf_plan: PlannedModule) -> None:
    balancer = tf_plan["aws_lb.this"]
    assert (balancer.enable_deletion_protection, balancer.enable_http2) == (True, True)
    assert tf_plan["aws_autoscaling_group.this"].force_delete is False
    assert 'aws_lb_listener.https["https"]' not in tf_plan


def test_little_said_is_little_made(tf_plan: PlannedModule) -> None:
    """What existing users have is what they keep: nothing that is asked for comes by itself."""
    assert _keys(tf_plan, "aws_iam_role_policy_attachment.instances") == {
        "session-manager",
        "cloudwatch-agent",
    }
    optional = ("aws_cloudwatch_", "aws_route53_", "aws_acm_", "aws_wafv2_", "aws_iam_role_policy.")
    assert [address for address in tf_plan if address.startswith(optional)] == []
    assert tf_plan.counts["aws_autoscaling_policy"] == 1
    assert tf_plan["aws_lb.this"].access_logs[0]["enabled"] is False


_MIXED = {
    "types": ["m7g.large", "m6g.large", "c7g.large"],
    "spot_percent": 75,
    "on_demand_base": 2,
}


@pytest.mark.tf(vars={"capacity": {"min": 2, "max": 9, "mixed_instances": _MIXED}})
def test_spot_has_its_share_above_the_base(tf_plan: PlannedModule) -> None:
    group = tf_plan["aws_autoscaling_group.this"]
    (policy,) = group.mixed_instances_policy
    (shares,) = policy["instances_distribution"]
    assert (shares["on_demand_base_capacity"], shares["on_demand_percentage_above_base_capacity"]) == (2, 25)
    assert shares["spot_allocation_strategy"] == "price-capacity-optimized"
    (template,) = policy["launch_template"]
    assert [each["instance_type"] for each in template["override"]] == _MIXED["types"]
    assert template["launch_template_specification"][0]["launch_template_name"] == "shop"
    assert (group.warm_pool, group.capacity_rebalance) == ([], True)


_POOL = {"state": "Running", "min": 1, "max_prepared": 3, "reuse_on_scale_in": True}


@pytest.mark.tf(vars={"capacity": {"warm_pool": _POOL}})
def test_a_warm_pool_waits_beside_the_group(tf_plan: PlannedModule) -> None:
    group = tf_plan["aws_autoscaling_group.this"]
    (pool,) = group.warm_pool
    assert (pool["pool_state"], pool["min_size"], pool["max_group_prepared_capacity"]) == ("Running", 1, 3)
    assert pool["instance_reuse_policy"][0]["reuse_on_scale_in"] is True
    assert [each["name"] for each in group.launch_template] == ["shop"]
    (refresh,) = group.instance_refresh
    assert refresh["preferences"][0]["auto_rollback"] is True


_SCHEDULES = {
    "night": {"recurrence": "0 20 * * MON-FRI", "timezone": "Europe/Berlin", "min": 0, "desired": 0},
    "launch-day": {"start_time": "2030-01-31T08:00:00Z", "end_time": "2030-02-01T08:00:00Z", "max": 20},
}


@pytest.mark.tf(vars={"scaling": {"cpu_target": 50, "requests_target": 900, "schedules": _SCHEDULES}})
def test_it_scales_on_cpu_requests_and_the_clock(tf_plan: PlannedModule) -> None:
    (cpu,) = tf_plan["aws_autoscaling_policy.cpu"].target_tracking_configuration
    assert cpu["target_value"] == 50
    (requests,) = tf_plan['aws_autoscaling_policy.requests["requests"]'].target_tracking_configuration
    assert requests["target_value"] == 900
    (metric,) = requests["predefined_metric_specification"]
    assert metric["predefined_metric_type"] == "ALBRequestCountPerTarget"
    night = tf_plan['aws_autoscaling_schedule.this["night"]']
    assert (night.recurrence, night.time_zone) == ("0 20 * * MON-FRI", "Europe/Berlin")
    assert (night.min_size, night.max_size, night.desired_capacity) == (0, -1, 0)
    day = tf_plan['aws_autoscaling_schedule.this["launch-day"]']
    assert (day.start_time, day.min_size, day.max_size) == ("2030-01-31T08:00:00Z", -1, 20)


_READER = {
    "secret_key_arns": [_KEY],
    "cloudwatch_agent": False,
    "policy_arns": {"queue": "arn:aws:iam::aws:policy/AmazonSQSFullAccess"},
}


@pytest.mark.tf(vars={"secret_arns": {"DATABASE": _SECRET}, "instance": _READER})
def test_instances_may_read_the_secrets_that_are_named_and_no_other(tf_plan: PlannedModule) -> None:
    policy = json.loads(tf_plan['aws_iam_role_policy.secrets["read"]'].policy)
    read, decrypt = policy["Statement"]
    assert (read["Effect"], read["Resource"]) == ("Allow", _SECRET)
    assert set(read["Action"]) == {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}
    assert (decrypt["Action"], decrypt["Resource"]) == ("kms:Decrypt", _KEY)
    assert decrypt["Condition"] == {"StringLike": {"kms:ViaService": "secretsmanager.*"}}
    assert _keys(tf_plan, "aws_iam_role_policy_attachment.instances") == {"session-manager", "queue"}


# --- operation --------------------------------------------------------------------------------------------

_ALARMS: dict[str, Any] = {"topic_arns": [_TOPIC], "latency_seconds": 0.5, "unhealthy_hosts": 1}


@pytest.mark.tf(vars={"alarms": _ALARMS})
def test_topics_are_told_of_errors_latency_and_unhealthy_instances(tf_plan: PlannedModule) -> None:
    kinds = {"target_5xx", "alb_5xx", "latency", "unhealthy_hosts"}
    assert _keys(tf_plan, "aws_cloudwatch_metric_alarm.this") == kinds
    for kind in kinds:
        alarm = tf_plan[f'aws_cloudwatch_metric_alarm.this["{kind}"]']
        assert (set(alarm.alarm_actions), set(alarm.ok_actions)) == ({_TOPIC}, {_TOPIC})
    latency = tf_plan['aws_cloudwatch_metric_alarm.this["latency"]']
    assert (latency.extended_statistic, latency.threshold) == ("p95", 0.5)
    hosts = tf_plan['aws_cloudwatch_metric_alarm.this["unhealthy_hosts"]']
    assert (hosts.metric_name, hosts.threshold) == ("UnHealthyHostCount", 1)


@pytest.mark.tf(
    vars={
        "alarms": {
            **_ALARMS,
            "kinds": ["latency", "target_5xx"],
            "combined": True,
            "launch_failure_topic_arns": {"operators": _TOPIC},
        }
    }
)
def test_one_alarm_may_stand_for_all(tf_plan: PlannedModule) -> None:
    any_of = tf_plan['aws_cloudwatch_composite_alarm.this["any"]']
    assert any_of.alarm_rule == 'ALARM("shop-web-latency") OR ALARM("shop-web-target-5xx")'
    assert set(any_of.alarm_actions) == {_TOPIC}
    assert _keys(tf_plan, "aws_cloudwatch_metric_alarm.this") == {"latency", "target_5xx"}
    assert not tf_plan['aws_cloudwatch_metric_alarm.this["latency"]'].alarm_actions
    failures = tf_plan['aws_autoscaling_notification.launch_failures["operators"]']
    assert failures.topic_arn == _TOPIC
    assert "autoscaling:EC2_INSTANCE_LAUNCH_ERROR" in failures.notifications


@pytest.mark.tf(vars={"dashboard": True})
def test_a_dashboard_has_the_groups_metrics_collected(tf_plan: PlannedModule) -> None:
    assert tf_plan['aws_cloudwatch_dashboard.this["dashboard"]'].dashboard_name == "shop-us-east-1"
    assert "GroupInServiceInstances" in tf_plan["aws_autoscaling_group.this"].enabled_metrics
