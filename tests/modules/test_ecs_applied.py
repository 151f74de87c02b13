"""The ecs module, applied: a service behind a listener and a worker, what grows beside them, and the end."""

from __future__ import annotations

from typing import Any

import pytest

from landform.testing import Emulator, PlannedModule, Stack, TestedModule

_DIGEST = "sha256:" + "0123456789abcdef" * 4
_NEXT = "sha256:" + "fedcba9876543210" * 4
_API: dict[str, Any] = {
    "repository": "api",
    "image": f"@{_DIGEST}",
    "ports": {"http": 8080},
    "secrets": {"TOKEN": "arn:aws:ssm:us-east-1:123456789012:parameter/shop/token"},
    "writable_paths": {"scratch": "/scratch"},
    "load_balancer": {"listener": "public", "rules": {"api": {"priority": 10, "paths": ["/api/*"]}}},
}
_WORKER: dict[str, Any] = {"image": "busybox:1.36", "command": ["sleep", "60"], "desired_count": 2}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/ecs", vars={"name": "shop", "ephemeral": True, "repositories": {"api": {}}}),
]


def test_it_stands_grows_without_replacing_and_leaves_nothing(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    place = _place(tf_emulator)
    stack = tf_module.apply(**place, services={"api": _API, "worker": _WORKER})
    assert stack.plan().is_noop
    _runs_what_was_said(stack)
    _gets_its_requests(stack, place["listeners"]["public"]["arn"])

    _grows(stack)
    _promotes_an_image(stack)

    tf_module.destroy()
    _nothing_is_left(tf_emulator, place)


def _place(emulator: Emulator) -> dict[str, Any]:
    """What other stacks would give: the VPC that every account begins with, and a load balancer in it."""
    ec2, balancing = emulator.client("ec2"), emulator.client("elbv2")
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    subnets = sorted(each["SubnetId"] for each in found)[:2]
    group = ec2.create_security_group(GroupName="lb", Description="lb", VpcId=vpc["VpcId"])["GroupId"]
    created = balancing.create_load_balancer(Name="shop", Subnets=subnets, SecurityGroups=[group])
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = balancing.create_listener(
        LoadBalancerArn=created["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[answer],
    )["Listeners"][0]["ListenerArn"]
    public = {"arn": listener, "security_group_id": group}
    return {"vpc_id": vpc["VpcId"], "subnet_ids": subnets, "listeners": {"public": public}}


def _runs_what_was_said(stack: Stack) -> None:
    ecs = stack.client("ecs")
    services = ecs.describe_services(cluster="shop", services=["api", "worker"])["services"]
    api, worker = sorted(services, key=lambda each: str(each["serviceName"]))
    assert (api["desiredCount"], worker["desiredCount"], worker["loadBalancers"]) == (1, 2, [])
    network = api["networkConfiguration"]["awsvpcConfiguration"]
    assert network["securityGroups"] == [stack.outputs.security_group_ids["api"]]
    task = ecs.describe_task_definition(taskDefinition=api["taskDefinition"])["taskDefinition"]
    (container,) = task["containerDefinitions"]
    assert container["image"] == f"{stack.outputs.repository_urls['api']}@{_DIGEST}"
    assert container["readonlyRootFilesystem"] is True
    assert task["executionRoleArn"] == stack.outputs.execution_role_arns["api"]
    assert task["taskRoleArn"] == stack.outputs.task_role_arns["api"] != task["executionRoleArn"]
    names = {each["logGroupName"] for each in stack.client("logs").describe_log_groups()["logGroups"]}
    assert names == {
        "/ecs/shop/api",
        "/ecs/shop/worker",
        "/ecs-exec/shop",
        "/aws/ecs/containerinsights/shop/performance",
    }


def _gets_its_requests(stack: Stack, listener: str) -> None:
    rules = stack.client("elbv2").describe_rules(ListenerArn=listener)["Rules"]
    (rule,) = (each for each in rules if not each["IsDefault"])
    assert rule["Priority"] == "10"
    assert rule["Actions"][0]["TargetGroupArn"] == stack.outputs.target_group_arns["api"]


def _grows(stack: Stack) -> None:
    """Another service, rule, repository and autoscaling come beside what is there."""
    rules = {**_API["load_balancer"]["rules"], "apex": {"priority": 5, "hosts": ["shop.example.com"]}}
    api = {
        **_API,
        "load_balancer": {"listener": "public", "rules": rules},
        "autoscaling": {"max": 4, "cpu_target": 60},
    }
    more: PlannedModule = stack.plan(
        services={"aaa": _WORKER, "api": api, "worker": _WORKER},
        repositories={"aaa": {}, "api": {}},
    )
    assert not more.updates | more.replaces | more.deletes
    assert more.creates >= {
        'aws_ecs_service.fixed["aaa"]',
        'aws_lb_listener_rule.rolling["api/apex"]',
        'aws_appautoscaling_target.this["api"]',
    }


def _promotes_an_image(stack: Stack) -> None:
    """Another digest is another task definition, and an update of the one service that runs it."""
    step = stack.plan(services={"api": {**_API, "image": f"@{_NEXT}"}, "worker": {**_WORKER}})
    assert step.replaces == {'aws_ecs_task_definition.this["api"]'}
    assert step.updates == {'aws_ecs_service.free["api"]'}
    counted = stack.plan(services={"api": _API, "worker": {**_WORKER, "desired_count": 5}})
    assert counted.updates == {'aws_ecs_service.fixed["worker"]'}
    assert not counted.replaces


def _nothing_is_left(emulator: Emulator, place: dict[str, Any]) -> None:
    ecs, ec2, balancing = (emulator.client(name) for name in ("ecs", "ec2", "elbv2"))
    (cluster,) = ecs.describe_clusters(clusters=["shop"])["clusters"]
    assert cluster["status"] == "INACTIVE"
    assert ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"] == []
    assert emulator.client("ecr").describe_repositories()["repositories"] == []
    assert emulator.client("logs").describe_log_groups()["logGroups"] == []
    assert emulator.client("iam").list_roles()["Roles"] == []
    assert balancing.describe_target_groups()["TargetGroups"] == []
    rules = balancing.describe_rules(ListenerArn=place["listeners"]["public"]["arn"])["Rules"]
    assert [each["IsDefault"] for each in rules] == [True]
    groups = ec2.describe_security_groups()["SecurityGroups"]
    assert {each["GroupName"] for each in groups} == {"default", "lb"}
