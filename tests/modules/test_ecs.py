"""The ecs module, planned: what a service may do and reach, where it runs, how it is deployed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.testing import UNKNOWN, PlannedModule

_DIGEST = "sha256:" + "0123456789abcdef" * 4
_IMAGE = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api@{_DIGEST}"
_LISTENER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/0123456789abcdef/fedcba9876543210"
)
_LISTENERS = {"public": {"arn": _LISTENER, "security_group_id": "sg-0123456789abcdef0"}}
_REPOSITORY = "arn:aws:ecr:us-east-1:123456789012:repository/shop/api"
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


# --- planned: the task ------------------------------------------------------------------------------------

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


@pytest.mark.tf(vars={"services": {"api": _TASK}, "logs": {"retention_days": 7}, "tags": {"Team": "shop"}})
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
    assert (logs.retention_in_days, logs.tags) == (7, {"Team": "shop"})
    assert tf_plan['aws_ecs_service.free["api"]'].propagate_tags == "SERVICE"


@pytest.mark.tf(vars={"services": {"api": _TASK}})
def test_the_execution_role_reaches_its_own_logs_image_and_secrets_only(tf_plan: PlannedModule) -> None:
    allowed = _allowed(tf_plan['aws_iam_role_policy.execution["api"]'].policy)
    assert allowed == {
        "logs:CreateLogStream": {"arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop/api:log-stream:*"},
        "logs:PutLogEvents": {"arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop/api:log-stream:*"},
        "ecr:GetAuthorizationToken": {"*"},
        "ecr:BatchCheckLayerAvailability": {_REPOSITORY},
        "ecr:BatchGetImage": {_REPOSITORY},
        "ecr:GetDownloadUrlForLayer": {_REPOSITORY},
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


# --- planned: the way to a service ------------------------------------------------------------------------


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


_MESH = {
    "api": {"image": _IMAGE, "ports": {"http": 8080}, "discovery": "cloud_map"},
    "feed": {
        "image": _IMAGE,
        "ports": {"grpc": 9000},
        "discovery": "service_connect",
        "ingress": {
            "from_api": {"port": "grpc", "service": "api"},
            "office": {"port": "grpc", "cidr": "10.0.0.0/8"},
        },
    },
}


@pytest.mark.tf(vars={"services": _MESH, "namespace": {"create": "shop.internal"}, "listeners": {}})
def test_services_without_a_load_balancer_find_each_other(tf_plan: PlannedModule) -> None:
    assert tf_plan['aws_service_discovery_private_dns_namespace.this["this"]'].name == "shop.internal"
    assert tf_plan['aws_service_discovery_service.this["api"]'].dns_config[0]["dns_records"][0]["type"] == "A"
    assert len(tf_plan['aws_ecs_service.free["api"]'].service_registries) == 1
    (connect,) = tf_plan['aws_ecs_service.free["feed"]'].service_connect_configuration
    (shared,) = connect["service"]
    assert (shared["port_name"], shared["client_alias"][0]["dns_name"]) == ("grpc", "feed")
    assert shared["client_alias"][0]["port"] == 9000
    inside = tf_plan['aws_vpc_security_group_ingress_rule.service["feed/from_api"]']
    assert (inside.from_port, inside.referenced_security_group_id) == (9000, UNKNOWN)
    assert tf_plan['aws_vpc_security_group_ingress_rule.service["feed/office"]'].cidr_ipv4 == "10.0.0.0/8"
    assert (tf_plan.counts["aws_lb_target_group"], tf_plan.counts["aws_service_discovery_service"]) == (0, 1)


@pytest.mark.tf(vars={"services": {"api": _web()}, "vpc_endpoints": ["ecr.api", "ecr.dkr", "logs"]})
def test_endpoints_share_one_group_that_lets_the_services_in(tf_plan: PlannedModule) -> None:
    endpoint = tf_plan['aws_vpc_endpoint.interface["ecr.dkr"]']
    assert (endpoint.service_name, endpoint.private_dns_enabled) == ("com.amazonaws.us-east-1.ecr.dkr", True)
    opened = tf_plan['aws_vpc_security_group_ingress_rule.endpoints["api"]']
    assert (opened.from_port, opened.cidr_ipv4) == (443, None)
    assert tf_plan.counts["aws_vpc_endpoint"] == 3
    assert 'aws_security_group.endpoints["endpoints"]' in tf_plan


# --- planned: how many, and where -------------------------------------------------------------------------

_SCALED = {
    "min": 2,
    "max": 8,
    "cpu_target": 60,
    "memory_target": 70,
    "requests_target": 500,
    "schedules": {
        "night": {"expression": "cron(0 20 * * ? *)", "timezone": "Europe/Berlin", "min": 1, "max": 2}
    },
}


@pytest.mark.tf(vars={"services": {"web": _web(autoscaling=_SCALED)}})
def test_a_service_scales_on_load_and_by_the_clock(tf_plan: PlannedModule) -> None:
    target = tf_plan['aws_appautoscaling_target.this["web"]']
    assert (target.min_capacity, target.max_capacity, target.resource_id) == (2, 8, "service/shop/web")
    assert tf_plan['aws_ecs_service.free["web"]'].desired_count == 2
    assert {metric: _target(tf_plan, metric) for metric in ("cpu", "memory", "requests")} == {
        "cpu": (60, "ECSServiceAverageCPUUtilization"),
        "memory": (70, "ECSServiceAverageMemoryUtilization"),
        "requests": (500, "ALBRequestCountPerTarget"),
    }
    night = tf_plan['aws_appautoscaling_scheduled_action.this["web/night"]']
    assert (night.schedule, night.timezone) == ("cron(0 20 * * ? *)", "Europe/Berlin")
    assert night.scalable_target_action[0]["max_capacity"] == "2"


def _target(plan: PlannedModule, metric: str) -> tuple[float, str]:
    policy = plan[f'aws_appautoscaling_policy.this["web/{metric}"]']
    (tracked,) = policy.target_tracking_scaling_policy_configuration
    return tracked["target_value"], tracked["predefined_metric_specification"][0]["predefined_metric_type"]


_SHARES = {"FARGATE": {"base": 1}, "FARGATE_SPOT": {"weight": 3}}


@pytest.mark.tf(
    vars={
        "cluster": {"capacity_providers": _SHARES, "container_insights": "enhanced"},
        "kms_key_arn": _KEY,
        "services": {
            "shared": {"image": _IMAGE},
            "spot": {"image": _IMAGE, "capacity_providers": {"FARGATE_SPOT": {}}, "desired_count": 3},
            "plain": {"image": _IMAGE, "capacity_providers": {}},
        },
    }
)
def test_services_run_where_the_cluster_or_they_themselves_say(tf_plan: PlannedModule) -> None:
    shared = tf_plan['aws_ecs_service.free["shared"]']
    assert {each["capacity_provider"]: each["weight"] for each in shared.capacity_provider_strategy} == {
        "FARGATE": 1,
        "FARGATE_SPOT": 3,
    }
    spot = tf_plan['aws_ecs_service.fixed["spot"]']
    assert [each["capacity_provider"] for each in spot.capacity_provider_strategy] == ["FARGATE_SPOT"]
    assert (spot.desired_count, spot.force_new_deployment) == (3, True)
    assert tf_plan['aws_ecs_service.free["plain"]'].launch_type == "FARGATE"
    cluster = tf_plan["aws_ecs_cluster.this"]
    assert [each["value"] for each in cluster.setting] == ["enhanced"]
    (sessions,) = cluster.configuration[0]["execute_command_configuration"]
    assert (sessions["kms_key_id"], sessions["logging"]) == (_KEY, "OVERRIDE")
    assert sessions["log_configuration"][0]["cloud_watch_log_group_name"] == "/ecs-exec/shop"
    assert tf_plan["aws_cloudwatch_log_group.exec"].kms_key_id == _KEY


_SHELL = {"image": "busybox:1.36", "execute_command": True, "read_only_root_filesystem": False}


@pytest.mark.tf(vars={"kms_key_arn": _KEY, "services": {"shell": _SHELL, "other": {"image": "busybox:1.36"}}})
def test_only_who_asks_for_it_may_be_entered(tf_plan: PlannedModule) -> None:
    allowed = _allowed(tf_plan['aws_iam_role_policy.exec["shell"]'].policy)
    assert allowed["ssmmessages:OpenDataChannel"] == {"*"}
    assert allowed["logs:PutLogEvents"] == {"arn:aws:logs:us-east-1:123456789012:log-group:/ecs-exec/shop:*"}
    assert allowed["kms:Decrypt"] == {_KEY}
    assert tf_plan['aws_ecs_service.free["shell"]'].enable_execute_command is True
    assert tf_plan['aws_ecs_service.free["other"]'].enable_execute_command is False
    assert 'aws_iam_role_policy.exec["other"]' not in tf_plan
    assert "ecr:GetAuthorizationToken" not in _allowed(
        tf_plan['aws_iam_role_policy.execution["other"]'].policy
    )


# --- planned: deployments ---------------------------------------------------------------------------------


@pytest.mark.tf(vars={"services": {"web": _web(deployment={"alarms": ["errors"], "minimum_percent": 50})}})
def test_a_failed_deployment_goes_back(tf_plan: PlannedModule) -> None:
    service = tf_plan['aws_ecs_service.free["web"]']
    assert service.deployment_circuit_breaker == [{"enable": True, "rollback": True}]
    assert service.alarms[0]["alarm_names"] == ["errors"]
    assert service.deployment_minimum_healthy_percent == 50
    assert tf_plan['aws_ecs_task_definition.this["web"]'].skip_destroy is True


_CANARY = {
    "type": "blue_green",
    "traffic": {"percent": 20, "minutes": 3},
    "alarms": ["errors"],
    "keep_blue_minutes": 15,
}
_TESTED = {"public": {**_LISTENERS["public"], "test_arn": _LISTENER.replace("fedc", "0123")}}


@pytest.mark.tf(
    vars={
        "listeners": _TESTED,
        "services": {
            "web": _web(deployment=_CANARY, capacity_providers={"FARGATE_SPOT": {}}),
            "once": _web(
                deployment={"type": "blue_green", "traffic": {"type": "all_at_once"}},
                load_balancer={"listener": "public", "rules": {"all": _rule(200)}},
            ),
            "steps": _web(
                deployment={"type": "blue_green", "traffic": {"type": "linear"}},
                load_balancer={"listener": "public", "rules": {"all": _rule(300)}},
            ),
        },
    }
)
def test_codedeploy_shifts_the_requests_in_steps(tf_plan: PlannedModule) -> None:
    assert tf_plan['aws_lb_target_group.this["web"]'].name == "shop-web"
    assert tf_plan['aws_lb_target_group.this["web/green"]'].name == "shop-web-green"
    assert tf_plan['aws_lb_listener_rule.blue_green["web/all"]'].priority == 100
    service = tf_plan['aws_ecs_service.blue_green["web"]']
    assert service.deployment_controller == [{"type": "CODE_DEPLOY"}]
    group = tf_plan['aws_codedeploy_deployment_group.this["web"]']
    assert group.deployment_config_name == "shop-web-canary-20-3"
    assert group.ecs_service == [{"cluster_name": "shop", "service_name": "web"}]
    (pair,) = group.load_balancer_info[0]["target_group_pair_info"]
    assert [each["name"] for each in pair["target_group"]] == ["shop-web", "shop-web-green"]
    assert pair["prod_traffic_route"][0]["listener_arns"] == [_LISTENER]
    assert pair["test_traffic_route"][0]["listener_arns"] == [_TESTED["public"]["test_arn"]]
    assert group.alarm_configuration[0]["alarms"] == ["errors"]
    assert "DEPLOYMENT_STOP_ON_ALARM" in group.auto_rollback_configuration[0]["events"]
    steps = tf_plan['aws_codedeploy_deployment_config.this["web"]'].traffic_routing_config
    assert (steps[0]["type"], steps[0]["time_based_canary"]) == (
        "TimeBasedCanary",
        [{"percentage": 20, "interval": 3}],
    )
    linear = tf_plan['aws_codedeploy_deployment_config.this["steps"]'].traffic_routing_config
    assert linear[0]["time_based_linear"] == [{"percentage": 10, "interval": 5}]
    once = tf_plan['aws_codedeploy_deployment_group.this["once"]']
    assert once.deployment_config_name == "CodeDeployDefault.ECSAllAtOnce"
    assert 'aws_codedeploy_deployment_config.this["once"]' not in tf_plan


# --- planned: images --------------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "repositories": {"api": {"pull_account_ids": ["222222222222"], "keep_images": 7}},
        "services": {"api": {"repository": "api", "image": f"@{_DIGEST}"}},
        "kms_key_arn": _KEY,
    }
)
def test_an_image_of_its_own_repository_is_named_by_digest(tf_plan: PlannedModule) -> None:
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
    assert tf_plan.outputs.images == {"api": f"{registry}/shop/api@{_DIGEST}"}
    assert tf_plan.outputs.repository_urls == {"api": f"{registry}/shop/api"}
    repository = tf_plan['aws_ecr_repository.this["api"]']
    assert (repository.image_tag_mutability, repository.force_delete) == ("IMMUTABLE", False)
    assert repository.image_scanning_configuration == [{"scan_on_push": True}]
    assert repository.encryption_configuration == [{"encryption_type": "KMS", "kms_key": _KEY}]
    rules = json.loads(tf_plan['aws_ecr_lifecycle_policy.this["api"]'].policy)["rules"]
    assert [rule["selection"]["countNumber"] for rule in rules] == [14, 7]
    pull = json.loads(tf_plan['aws_ecr_repository_policy.pull["api"]'].policy)["Statement"][0]
    assert pull["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    assert "ecr:PutImage" not in pull["Action"]
