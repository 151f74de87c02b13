"""The ecs module refuses what AWS would refuse, or would take and never run: at plan, all of it, by name."""

from __future__ import annotations

from typing import Any

import pytest

from landform.testing import PlannedModule, TestedModule
from modules.refusals import refuses, refuses_each

_LISTENER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/0123456789abcdef/fedcba9876543210"
)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/ecs",
        level="mock",
        vars={
            "name": "shop",
            "vpc_id": "vpc-0123456789abcdef0",
            "subnet_ids": ["subnet-0000000000000000a"],
            "listeners": {"public": {"arn": _LISTENER, "security_group_id": "sg-0123456789abcdef0"}},
        },
    ),
]

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop", ["The name must have 2 to 24 characters"]),
    "vpc_id": ("subnet-1", ["The vpc_id must be the id of a VPC"]),
    "subnet_ids": ([], ["must name at least one subnet"]),
    "kms_key_arn": ("alias/shop", ["must be the ARN of a KMS key"]),
    "cluster": (
        {
            "container_insights": "on",
            "capacity_providers": {"FARGATE": {"base": 1}, "FARGATE_SPOT": {"base": 1}, "EC2": {}},
        },
        ["container_insights must be", "FARGATE and FARGATE_SPOT only", "Only one of"],
    ),
    "logs": ({"retention_days": 10}, ["must be numbers that CloudWatch has"]),
    "listeners": (
        {"public": {"arn": _LISTENER.replace("app/", "net/"), "security_group_id": "sg-1"}},
        ["must be that of a listener of an Application Load Balancer"],
    ),
    "repositories": (
        {"Api": {"keep_images": 0, "pull_account_ids": ["1234"]}},
        ["Each key of repositories", "must be 1 or more", "must be account ids of 12 digits"],
    ),
    "namespace": (
        {"create": "shop.internal", "id": "ns-1"},
        ["has both create and the id or arn of one that is there"],
    ),
    "vpc_endpoints": (["s3", "ecr.api"], ["s3 and dynamodb have gateway endpoints", "a pull needs both"]),
}


def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    refuses_each(tf_module, _WRONG)


def _balancer(**more: Any) -> dict[str, Any]:
    return {"load_balancer": {"listener": "public", "rules": {"all": _rule(1)}, **more}}


def _rule(priority: float) -> dict[str, Any]:
    return {"priority": priority, "paths": ["/*"]}


_BLUE_GREEN = {"deployment": {"type": "blue_green"}}
_SAME = {"ports": {"http": 80}, **_balancer(rules={"all": _rule(7)})}

_SERVICES: dict[str, tuple[dict[str, Any], str]] = {
    "under_score": ({}, "The names of services must be lower-case letters, digits and hyphens"),
    "longer-than-a-target-group-may": ({}, "may have 32 characters"),
    "no-tag": ({"image": "registry.example.com:5000/shop/api"}, "The image needs a digest"),
    "no-repository": ({"repository": "api", "image": ":1"}, "must be a key of repositories"),
    "half-image": ({"image": ":1"}, "Without, it is the whole name"),
    "size": ({"cpu": 256, "memory": 4096}, "Fargate has no such pair of cpu and memory"),
    "itanium": ({"architecture": "IA64"}, "The architecture must be"),
    "disk": ({"ephemeral_storage_gib": 20}, "must be from 21 to 200"),
    "ec2": ({"capacity_providers": {"EC2": {}}}, "The capacity_providers may hold"),
    "ports": ({"ports": {"a": 80, "b": 80}}, "The ports must be whole numbers"),
    "secret": ({"secrets": {"TOKEN": "hunter2"}}, "The secrets must be ARNs of Secrets Manager"),
    "twice": (
        {
            "environment": {"A": "1"},
            "secrets": {"A": "arn:aws:ssm:us-east-1:123456789012:parameter/shop/token"},
        },
        "The same variable is in environment and in secrets",
    ),
    "exec": ({"execute_command": True}, "needs read_only_root_filesystem = false"),
    "path": ({"writable_paths": {"tmp": "tmp"}}, "The writable_paths must be absolute"),
    "check": ({"health_check": {}}, "The health_check has no command"),
    "slow": (
        {"health_check": {"command": ["CMD", "true"], "interval": 1}},
        "must have an interval of 5 to 300",
    ),
    "counted": (
        {"desired_count": 2, "autoscaling": {"max": 3, "cpu_target": 50}},
        "cannot stand beside autoscaling or blue_green",
    ),
    "negative": ({"desired_count": -1}, "must not be negative"),
    "bounds": ({"autoscaling": {"min": 3, "max": 2, "cpu_target": 50}}, "nor greater than max"),
    "aimless": ({"autoscaling": {"max": 2}}, "The autoscaling needs a cpu_target"),
    "percent": ({"autoscaling": {"max": 2, "cpu_target": 200}}, "must be from 1 to 100 percent"),
    "unasked": ({"autoscaling": {"max": 2, "requests_target": 9}}, "counts requests of one target group"),
    "clock": (
        {"autoscaling": {"max": 2, "schedules": {"n": {"expression": "0 20 * * *", "min": 1, "max": 1}}}},
        "must be cron(…), rate(…) or at(…)",
    ),
    "open": ({"ports": {"http": 80}, "ingress": {"all": {}}}, "must have one of service, security_group_id"),
    "friend": (
        {"ports": {"http": 80}, "ingress": {"it": {"service": "nobody"}}},
        "The service of an ingress must be",
    ),
    "closed": ({"ingress": {"it": {"cidr": "10.0.0.0/8"}}}, "The port of an ingress must be"),
    "unmapped": (_balancer(port="web"), "sends requests to a port that is not one of"),
    "deaf": ({"ports": {"http": 80}, **_balancer(listener="private")}, "must be one of listeners"),
    "ruleless": ({"ports": {"http": 80}, **_balancer(rules={})}, "needs at least one of rules"),
    "anything": (
        {"ports": {"http": 80}, **_balancer(rules={"all": {"priority": 2}})},
        "Each of rules needs 1 to 5 paths and hosts",
    ),
    "half": ({"ports": {"http": 80}, **_balancer(rules={"a": _rule(1.5)})}, "a whole number from 1 to 50000"),
    "first": (_SAME, "Two rules of one listener have the same priority"),
    "second": (_SAME, "only one can be first: first, second."),
    "quic": (
        {"ports": {"http": 80}, **_balancer(rules={"all": _rule(9)}, protocol_version="QUIC")},
        "The protocol_version must be",
    ),
    "lb-check": (
        {
            "ports": {"http": 80},
            **_balancer(health_check={"path": "up"}, rules={"all": _rule(4)}),
        },
        "needs a path that starts with a slash",
    ),
    "dns": ({"discovery": "dns"}, "The discovery must be"),
    "nowhere": ({"discovery": "cloud_map"}, "The discovery needs a namespace"),
    "canary": ({"deployment": {"type": "canary"}}, 'The deployment.type must be \\"rolling\\" or'),
    "lonely": (_BLUE_GREEN, "the service needs a load_balancer with rules"),
    "mesh": (
        {
            "ports": {"http": 80},
            "discovery": "service_connect",
            **_BLUE_GREEN,
            **_balancer(rules={"all": _rule(8)}),
        },
        "CodeDeploy cannot deploy a service of Service Connect",
    ),
    "traffic": ({"deployment": {"traffic": {"percent": 100}}}, "The deployment.traffic must be"),
    "stuck": (
        {"deployment": {"minimum_percent": 100, "maximum_percent": 100}},
        "or no task could be replaced",
    ),
}


def test_every_wrong_service_is_named_at_once(tf_module: TestedModule) -> None:
    services = {name: {"image": "busybox:1.36", **wrong} for name, (wrong, _) in _SERVICES.items()}
    refuses(tf_module, {"services": services}, [told.replace("\\", "") for _, told in _SERVICES.values()], 1)


@pytest.mark.tf(
    level="plan",
    vars={
        "services": {
            "digest": {"image": "registry.example.com:5000/shop/api@sha256:" + "a" * 64},
            "both": {"image": "shop/api:1.2@sha256:" + "a" * 64, "cpu": 16384, "memory": 122880},
            "key": {
                "image": "busybox:1.36",
                "secrets": {
                    "A": "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b-AbCdEf:key::",
                    "B": "arn:aws:ssm:us-east-1:123456789012:parameter/a/b",
                },
            },
        }
    },
)
def test_what_is_right_is_taken(tf_plan: PlannedModule) -> None:
    assert tf_plan.counts["aws_ecs_service"] == 3
