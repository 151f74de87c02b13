"""The web-app module, applied: what stands, that it settles and grows without replacing, and the end."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any

import pytest

from landform.testing import Emulator, Stack, TestedModule
from modules.networks import default_vpc

_ACCOUNT = "123456789012"
_SECRET = f"arn:aws:secretsmanager:us-east-1:{_ACCOUNT}:secret:shop/database-AbCdEf"
_TOPIC = f"arn:aws:sns:us-east-1:{_ACCOUNT}:operators"
_NIGHT = {"recurrence": "0 20 * * MON-FRI", "timezone": "Europe/Berlin", "min": 0, "max": 2, "desired": 0}
_INSTANCE = {"user_data": "#!/bin/sh\necho grüß Gott\n"}
_SCALING = {"requests_target": 500, "schedules": {"night": _NIGHT}}
_NAMES = ["shop.example.com", "www.shop.example.com"]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/web-app",
        vars={
            "name": "shop",
            "ephemeral": True,
            "capacity": {"min": 0, "warm_pool": {"max_prepared": 0}},
            "scaling": _SCALING,
            "instance": _INSTANCE,
            "secret_arns": {"DATABASE": _SECRET},
            "alarms": {"topic_arns": [_TOPIC]},
            "dashboard": True,
        },
    ),
]


def test_it_stands_settles_grows_without_replacing_and_leaves_nothing(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    network, listener = _default_network(tf_emulator), _listener(tf_emulator)
    before = _standing(tf_emulator)
    stack = tf_module.apply(**network, listener=listener)
    assert stack.plan().is_noop
    _forwards_to_the_group(stack, network)
    _serves_its_names_with_https(stack)
    _launches_as_it_should(stack)
    _watches_and_scales(stack)

    _grows(stack, listener)
    _changes_its_ways(stack)
    _moves_to_another_port(stack)

    tf_module.destroy()
    assert _standing(tf_emulator) == before


def _default_network(emulator: Emulator) -> dict[str, Any]:
    """The VPC that every account begins with, and two of its subnets for each tier."""
    vpc_id, subnets = default_vpc(emulator)
    return {"vpc_id": vpc_id, "public_subnet_ids": subnets[:2], "private_subnet_ids": subnets[2:4]}


def _listener(emulator: Emulator) -> dict[str, Any]:
    """What other stacks would give: a zone, a bucket and a web ACL."""
    emulator.client("s3").create_bucket(Bucket="shop-access-logs")
    zone = emulator.client("route53").create_hosted_zone(Name="example.com", CallerReference="shop")
    shown = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "shop"}
    acl = emulator.client("wafv2").create_web_acl(
        Name="shop", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=shown
    )
    return {
        "domain": {"zone_id": zone["HostedZone"]["Id"].removeprefix("/hostedzone/"), "names": _NAMES},
        "access_logs": {"bucket": "shop-access-logs", "prefix": "web"},
        "web_acl": {"arn": acl["Summary"]["ARN"]},
    }


def _forwards_to_the_group(stack: Stack, network: Mapping[str, Any]) -> None:
    balancing, scaling = stack.client("elbv2"), stack.client("autoscaling")
    (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == set(network["public_subnet_ids"])
    arn = balancer["LoadBalancerArn"]
    listeners = {
        each["Port"]: each for each in balancing.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    }
    assert listeners[443]["DefaultActions"][0]["TargetGroupArn"] == stack.outputs.target_group_arn
    assert listeners[80]["DefaultActions"][0]["Type"] == "redirect"
    found = balancing.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    attributes = {each["Key"]: each["Value"] for each in found}
    assert attributes["access_logs.s3.bucket"] == "shop-access-logs"
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert group["TargetGroupARNs"] == [stack.outputs.target_group_arn]
    assert set(group["VPCZoneIdentifier"].split(",")) == set(network["private_subnet_ids"])
    assert group["HealthCheckType"] == "ELB"


def _serves_its_names_with_https(stack: Stack) -> None:
    assert stack.outputs.url == "https://shop.example.com"
    acm, balancing, dns = stack.client("acm"), stack.client("elbv2"), stack.client("route53")
    assert set(stack.outputs.certificate_arns) == set(_NAMES)
    for name, arn in stack.outputs.certificate_arns.items():
        certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        assert (certificate["DomainName"], certificate["Status"]) == (name, "ISSUED")
    https = stack.outputs.listener_arns["https"]
    served = balancing.describe_listener_certificates(ListenerArn=https)["Certificates"]
    assert stack.outputs.certificate_arns[_NAMES[1]] in {each["CertificateArn"] for each in served}
    zone = dns.list_hosted_zones()["HostedZones"][0]["Id"]
    records = dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    aliases = {each["Name"]: each["AliasTarget"]["DNSName"] for each in records if "AliasTarget" in each}
    assert set(aliases) == {f"{name}." for name in _NAMES}
    assert all(stack.outputs.alb_dns_name in target for target in aliases.values())


def _launches_as_it_should(stack: Stack) -> None:
    versions = stack.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=stack.outputs.launch_template_id
    )["LaunchTemplateVersions"]
    launched = versions[0]["LaunchTemplateData"]
    message = message_from_bytes(base64.b64decode(launched["UserData"]), policy=policy.default)
    hook, script = (part.get_content() for part in message.iter_parts())
    assert hook.startswith("#cloud-boothook\n#!/bin/sh\n")
    assert f"\nDATABASE={_SECRET}\n" in hook
    assert script == _INSTANCE["user_data"]
    assert launched["MetadataOptions"]["HttpTokens"] == "required"
    assert launched["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert launched["SecurityGroupIds"] == [stack.outputs.security_group_id]


def _watches_and_scales(stack: Stack) -> None:
    watching, scaling = stack.client("cloudwatch"), stack.client("autoscaling")
    alarms = {each["AlarmName"]: each for each in watching.describe_alarms()["MetricAlarms"]}
    kinds = ("alb-5xx", "latency", "target-5xx", "unhealthy-hosts")
    assert {f"shop-web-{kind}" for kind in kinds} <= set(alarms)
    assert alarms["shop-web-latency"]["AlarmActions"] == [_TOPIC]
    assert [each["DashboardName"] for each in watching.list_dashboards()["DashboardEntries"]] == [
        stack.outputs.dashboard_name
    ]
    (night,) = scaling.describe_scheduled_actions()["ScheduledUpdateGroupActions"]
    assert (night["Recurrence"], night["DesiredCapacity"]) == (_NIGHT["recurrence"], 0)
    policies = scaling.describe_policies()["ScalingPolicies"]
    assert {each["PolicyName"] for each in policies} == {"shop-cpu", "shop-requests"}


def _grows(stack: Stack, listener: Mapping[str, Any]) -> None:
    """More names, secrets, policies and schedules come beside what is there."""
    domain = {**listener["domain"], "names": [*_NAMES, "api.shop.example.com", "*.shop.example.com"]}
    more = stack.plan(
        listener={**listener, "domain": domain},
        scaling={
            **_SCALING,
            "schedules": {"a-morning": {"recurrence": "0 6 * * 1-5", "min": 1}, "night": _NIGHT},
        },
        instance={**_INSTANCE, "policy_arns": {"aaa": "arn:aws:iam::aws:policy/AmazonSQSFullAccess"}},
        secret_arns={"AAA": f"{_SECRET}2", "DATABASE": _SECRET},
    )
    assert not more.replaces | more.deletes
    assert more.creates == {
        *(
            f'aws_acm_certificate{kind}.this["{name}"]'
            for kind in ("", "_validation")
            for name in domain["names"][2:]
        ),
        *(f'aws_route53_record.alias["{name}"]' for name in domain["names"][2:]),
        *(f'aws_lb_listener_certificate.this["{name}"]' for name in domain["names"][2:]),
        'aws_route53_record.validation["api.shop.example.com"]',
        'aws_autoscaling_schedule.this["a-morning"]',
        'aws_iam_role_policy_attachment.instances["aaa"]',
    }
    assert more.updates == {
        "aws_launch_template.this",
        "aws_autoscaling_group.this",
        'aws_iam_role_policy.secrets["read"]',
    }


def _changes_its_ways(stack: Stack) -> None:
    """What was asked for can be taken back, and instances be mixed, beside a load balancer that stays."""
    mixed = {"min": 0, "mixed_instances": {"types": ["t3.micro", "t3a.micro"], "spot_percent": 100}}
    other = stack.plan(
        listener={}, scaling={}, secret_arns={}, alarms={}, dashboard=False, capacity=mixed, ephemeral=False
    )
    assert not other.replaces | other.creates
    assert other["aws_lb.this"].access_logs[0]["enabled"] is False
    assert other["aws_lb.this"].enable_deletion_protection is True
    assert {"aws_autoscaling_group.this", "aws_lb_listener.http"} <= other.updates
    assert 'aws_wafv2_web_acl_association.this["load-balancer"]' in other.deletes


def _moves_to_another_port(stack: Stack) -> None:
    moved = stack.plan(instance={**_INSTANCE, "port": 8080})
    assert moved.replaces == {
        "aws_lb_target_group.this",
        "aws_lb_listener.http",
        'aws_lb_listener.https["https"]',
        f'aws_lb_listener_certificate.this["{_NAMES[1]}"]',
        "aws_autoscaling_attachment.this",
    }
    assert moved.updates >= {"aws_vpc_security_group_ingress_rule.instances_from_alb"}


def _standing(emulator: Emulator) -> dict[str, list[str]]:
    """What there is of everything that the module makes."""
    names = ["autoscaling", "ec2", "elbv2", "iam", "cloudwatch", "route53", "acm"]
    scaling, ec2, balancing, iam, watching, dns, acm = (emulator.client(name) for name in names)
    (zone,) = dns.list_hosted_zones()["HostedZones"]
    found: dict[str, list[Any]] = {
        "groups": scaling.describe_auto_scaling_groups()["AutoScalingGroups"],
        "schedules": scaling.describe_scheduled_actions()["ScheduledUpdateGroupActions"],
        "policies": scaling.describe_policies()["ScalingPolicies"],
        "templates": ec2.describe_launch_templates()["LaunchTemplates"],
        "security groups": [each["GroupName"] for each in ec2.describe_security_groups()["SecurityGroups"]],
        "load balancers": balancing.describe_load_balancers()["LoadBalancers"],
        "target groups": balancing.describe_target_groups()["TargetGroups"],
        "roles": iam.list_roles()["Roles"],
        "profiles": iam.list_instance_profiles()["InstanceProfiles"],
        "alarms": watching.describe_alarms()["MetricAlarms"],
        "dashboards": watching.list_dashboards()["DashboardEntries"],
        "certificates": acm.list_certificates()["CertificateSummaryList"],
        "records": dns.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"],
    }
    return {kind: [str(each) for each in entries] for kind, entries in found.items()}
