"""The ecs module: what a service may do and reach, how it is deployed, what is refused, what stands after an apply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from landform.testing import UNKNOWN, Emulator, PlannedModule, Stack, TestedModule

_DIGEST = "sha256:" + "0123456789abcdef" * 4
_IMAGE = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api@{_DIGEST}"
_LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/0123456789abcdef/fedcba9876543210"
_LISTENERS = {"public": {"arn": _LISTENER, "security_group_id": "sg-0123456789abcdef0"}}
_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-AbCdEf"
_PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/shop/token"
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_NETWORK = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-0000000000000000a"]}


def _rule(priority: int, **conditions: list[str]) -> dict[str, Any]:
    return {"priority": priority, **(conditions or {"paths": ["/*"]})}


def _web(**more: Any) -> dict[str, Any]:
    """A service behind the listener."""
    balancer = {"listener": "public", "rules": {"all": _rule(100)}}
    return {"image": _IMAGE, "ports": {"http": 8080}, "load_balancer": balancer, **more}


pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/ecs", vars={"name": "shop", "listeners": _LISTENERS, **_NETWORK}),
]


# --- planned: the task --------------------------------------------------------------------------------------

_TASK = {
    "image": _IMAGE,
    "cpu": 1024,
    "memory": 4096,
    "architecture": "ARM64",
    "command": ["serve"],
    "ports": {"http": 8080},
    "environment": {"MODE": "live"},
    "secrets": {"PASSWORD": f"{_SECRET}:password::", "USER": f"{_SECRET}:user::", "TOKEN": _PARAMETER},
    "secret_key_arns": [_KEY],
    "writable_paths": {"cache": "/var/cache"},
    "health_check": {"command": ["CMD-SHELL", "wget -q localhost:8080"]},
    "task_policies": {"queue": '{"Version":"2012-10-17","Statement":[]}'},
    "task_policy_arns": {"traces": "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"},
}


@pytest.mark.tf(vars={"services": {"api": _TASK}})
def test_a_task_is_read_only_but_for_its_volumes_and_has_its_secrets_by_arn(tf_plan: PlannedModule) -> None:
    task = tf_plan['aws_ecs_task_definition.this["api"]']
    assert (task.cpu, task.memory, task.requires_compatibilities) == ("1024", "4096", ["FARGATE"])
    assert task.runtime_platform[0]["cpu_architecture"] == "ARM64"
    (container,) = json.loads(task.container_definitions)
    assert (container["image"], container["command"]) == (_IMAGE, ["serve"])
    assert container["readonlyRootFilesystem"] is True
    assert [volume["name"] for volume in task.volume] == ["cache"]
    assert container["mountPoints"] == [
        {"sourceVolume": "cache", "containerPath": "/var/cache", "readOnly": False}
    ]
    assert container["environment"] == [{"name": "MODE", "value": "live"}]
    assert {each["name"]: each["valueFrom"] for each in container["secrets"]} == _TASK["secrets"]
    assert container["healthCheck"]["command"] == ["CMD-SHELL", "wget -q localhost:8080"]
    logs = tf_plan['aws_cloudwatch_log_group.service["api"]']
    assert container["logConfiguration"]["options"]["awslogs-group"] == logs.name
    assert logs.retention_in_days == 30


@pytest.mark.tf(vars={"services": {"api": _TASK}})
def test_the_execution_role_reaches_its_own_logs_image_and_secrets_only(tf_plan: PlannedModule) -> None:
    allowed = _allowed(tf_plan['aws_iam_role_policy.execution["api"]'].policy)
    assert allowed == {
        "logs:CreateLogStream": {
            "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop/api:log-stream:*"
        },
        "logs:PutLogEvents": {"arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop/api:log-stream:*"},
        "ecr:GetAuthorizationToken": {"*"},
        **dict.fromkeys(
            ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
            {"arn:aws:ecr:us-east-1:123456789012:repository/shop/api"},
        ),
        "secretsmanager:GetSecretValue": {_SECRET},
        "ssm:GetParameters": {_PARAMETER},
        "kms:Decrypt": {_KEY},
    }
    assert 'aws_iam_role_policy.task["api/queue"]' in tf_plan
    assert 'aws_iam_role_policy_attachment.task["api/traces"]' in tf_plan
    assert tf_plan.counts["aws_iam_role"] == 2
    assert tf_plan.counts["aws_iam_role_policy"] == 2


def _allowed(policy: str) -> dict[str, set[str]]:
    """What a policy allows: action to resources."""
    found: dict[str, set[str]] = {}
    for statement in json.loads(policy)["Statement"]:
        assert statement["Effect"] == "Allow"
        for action in _several(statement["Action"]):
            found.setdefault(action, set()).update(_several(statement["Resource"]))
    return found


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


# --- planned: the way to a service ----------------------------------------------------------------------------


@pytest.mark.tf(vars={"services": {"web": _web()}})
def test_requests_come_through_the_load_balancers_group_only(tf_plan: PlannedModule) -> None:
    opened = tf_plan['aws_vpc_security_group_ingress_rule.load_balancer["web"]']
    assert (opened.from_port, opened.to_port, opened.cidr_ipv4) == (8080, 8080, None)
    assert opened.referenced_security_group_id == "sg-0123456789abcdef0"
    out = tf_plan['aws_vpc_security_group_egress_rule.load_balancer["web"]']
    assert (out.security_group_id, out.from_port) == ("sg-0123456789abcdef0", 8080)
    assert out.referenced_security_group_id is UNKNOWN
    assert tf_plan.counts["aws_vpc_security_group_ingress_rule"] == 1


_HOSTS = _web(
    load_balancer={
        "listener": "public",
        "rules": {"api": _rule(10, paths=["/api/*"], hosts=["shop.example.com"]), "old": _rule(20)},
        "deregistration_delay": 20,
        "health_check": {"path": "/up", "matcher": "200-299"},
    }
)


@pytest.mark.tf(vars={"services": {"web": _HOSTS}})
def test_rules_match_paths_and_hosts_at_the_priority_given(tf_plan: PlannedModule) -> None:
    rule = tf_plan['aws_lb_listener_rule.rolling["web/api"]']
    assert (rule.priority, rule.listener_arn) == (10, _LISTENER)
    assert _conditions(rule) == {"path_pattern": ["/api/*"], "host_header": ["shop.example.com"]}
    assert tf_plan['aws_lb_listener_rule.rolling["web/old"]'].priority == 20
    group = tf_plan['aws_lb_target_group.this["web"]']
    assert (group.target_type, group.deregistration_delay) == ("ip", "20")
    assert group.stickiness[0]["enabled"] is False
    assert (group.health_check[0]["path"], group.health_check[0]["matcher"]) == ("/up", "200-299")
    (balancer,) = tf_plan['aws_ecs_service.free["web"]'].load_balancer
    assert (balancer["container_name"], balancer["container_port"]) == ("web", 8080)


def _conditions(rule: Any) -> dict[str, list[str]]:
    return {kind: part[0]["values"] for each in rule.condition for kind, part in each.items() if part}
