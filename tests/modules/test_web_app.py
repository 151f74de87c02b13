"""The web-app module: who reaches what, HTTP or HTTPS, what it refuses, and what stands after an apply."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from landform.testing import UNKNOWN, Emulator, PlannedModule, Stack, TestedModule

_NETWORK = {
    "vpc_id": "vpc-0123456789abcdef0",
    "public_subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "private_subnet_ids": ["subnet-0000000000000000c"],
}
_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/web-app", vars={"name": "shop", **_NETWORK}),
]


# --- planned ----------------------------------------------------------------------------------------------


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
    (action,) = tf_plan["aws_lb_listener.http"].default_action
    assert action["type"] == "redirect"
    assert (action["redirect"][0]["protocol"], action["redirect"][0]["port"]) == ("HTTPS", "443")
    assert 'aws_vpc_security_group_ingress_rule.alb["https/0.0.0.0/0"]' in tf_plan


@pytest.mark.tf(vars={"ephemeral": False})
def test_what_is_to_stay_is_protected(tf_plan: PlannedModule) -> None:
    assert tf_plan["aws_lb.this"].enable_deletion_protection is True
    assert tf_plan["aws_autoscaling_group.this"].force_delete is False
    assert 'aws_lb_listener.https["https"]' not in tf_plan


# --- refused ----------------------------------------------------------------------------------------------

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("internal-shop", ["AWS keeps for its own load balancer names"]),
    "vpc_id": ("subnet-1", ["The vpc_id must be the id of a VPC"]),
    "public_subnet_ids": (["subnet-1"], ["must name at least two subnets"]),
    "private_subnet_ids": ([], ["must name at least one subnet"]),
    "instance": (
        {
            "type": "t3",
            "ami_ssm_parameter": "ami",
            "user_data": "x" * (16 * 1024 + 1),
            "port": 0,
            "root_volume_size": 4,
        },
        [
            "The instance.type must be",
            "starting with a slash",
            "must have at most 16 KiB",
            "The instance.port must be",
            "from 8 GiB",
        ],
    ),
    "capacity": (
        {"min": 3, "max": 2, "desired": 1},
        [
            "must not be negative nor greater than capacity.max",
            "must lie between capacity.min and capacity.max",
        ],
    ),
    "scaling": (
        {"cpu_target": 5, "instance_warmup": -1},
        ["from 10 to 95 percent", "from 0 to 3600 seconds"],
    ),
    "health_check": (
        {
            "path": "up",
            "matcher": "ok",
            "interval": 4,
            "timeout": 5,
            "healthy_threshold": 1,
            "grace_period": -1,
        },
        [
            "The health_check.path must start with a slash",
            "The health_check.matcher must be HTTP codes",
            "The health_check.interval must be",
            "shorter than the interval",
            "thresholds must be from 2 to 10",
            "The health_check.grace_period must not be negative",
        ],
    ),
    "listener": (
        {
            "https": True,
            "tls_policy": "ELBSecurityPolicy-2016-08",
            "idle_timeout": 0,
            "deregistration_delay": -1,
        },
        [
            "HTTPS needs a certificate",
            "for TLS 1.2 or 1.3 only",
            "from 1 to 4000 seconds",
            "The listener.deregistration_delay must be",
        ],
    ),
    "allowed_cidrs": (["10.0.0.1/8"], ["written with its network address"]),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    with tf_module.fails() as refused:
        tf_module.plan(**{name: value for name, (value, _) in _WRONG.items()})
    told = "\n".join(refused.errors)
    expected = [sentence for _, sentences in _WRONG.values() for sentence in sentences]
    assert [sentence for sentence in expected if sentence not in told] == []
    assert len(refused.errors) == len(expected)


# --- applied ----------------------------------------------------------------------------------------------


@pytest.mark.tf(vars={"ephemeral": True, "capacity": {"min": 0}, "instance": {"user_data": "#!/bin/sh\n"}})
def test_it_stands_behind_its_load_balancer_and_nothing_is_planned_again(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    network = _default_network(tf_emulator)
    stack = tf_module.apply(**network)
    assert stack.plan().is_noop
    _forwards_to_the_group(stack, network)
    _launches_as_it_should(stack)

    moved = stack.plan(instance={"port": 8080})
    assert moved.replaces == {
        "aws_lb_target_group.this",
        "aws_lb_listener.http",
        "aws_autoscaling_attachment.this",
    }
    assert moved.updates >= {"aws_vpc_security_group_ingress_rule.instances_from_alb"}


def _forwards_to_the_group(stack: Stack, network: Mapping[str, Any]) -> None:
    balancing, scaling = stack.client("elbv2"), stack.client("autoscaling")
    (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]
    assert stack.outputs.url == f"http://{balancer['DNSName']}"
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == set(network["public_subnet_ids"])
    (listener,) = balancing.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert (listener["Port"], listener["Protocol"]) == (80, "HTTP")
    assert listener["DefaultActions"][0]["TargetGroupArn"] == stack.outputs.target_group_arn
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert group["TargetGroupARNs"] == [stack.outputs.target_group_arn]
    assert set(group["VPCZoneIdentifier"].split(",")) == set(network["private_subnet_ids"])
    assert group["HealthCheckType"] == "ELB"


def _launches_as_it_should(stack: Stack) -> None:
    versions = stack.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=stack.outputs.launch_template_id
    )["LaunchTemplateVersions"]
    launched = versions[0]["LaunchTemplateData"]
    assert base64.b64decode(launched["UserData"]) == b"#!/bin/sh\n"
    assert launched["MetadataOptions"]["HttpTokens"] == "required"
    assert launched["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert launched["SecurityGroupIds"] == [stack.outputs.security_group_id]


def _default_network(emulator: Emulator) -> dict[str, Any]:
    """The VPC that every account begins with, and two of its subnets for each tier."""
    ec2 = emulator.client("ec2")
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    subnets = [each["SubnetId"] for each in sorted(found, key=lambda each: each["AvailabilityZone"])]
    return {"vpc_id": vpc["VpcId"], "public_subnet_ids": subnets[:2], "private_subnet_ids": subnets[2:4]}
