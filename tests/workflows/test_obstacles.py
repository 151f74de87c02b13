"""What others use is in the way of a destroy, what goes with it is not, and AWS's silence is no obstacle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from landform.aws.emulator import emulated_access
from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.redaction import Redactor
from landform.project import Remedies
from landform.workflows.obstacles import obstacles_of
from landform.workflows.place import Place
from landform.workflows.plan import Planned
from workflows.place_kit import Shop
from workflows.sweep_kit import Account


def _found(place: Place, **objects: dict[str, Any]) -> list[str]:
    changes = tuple(
        Change("net", f"module.net.{kind}.x", kind, "managed", Action.DELETE, before=Values(values))
        for kind, values in objects.items()
    )
    plan = EnvironmentPlan("shop", "dev", (StackPlan("net", changes=changes),), destroy=True)
    planned = Planned(plan, Redactor.of([]), {})
    return [f"{each.type}: {each.why}" for each in obstacles_of(place, planned, Remedies.DISARM)]


def test_what_uses_a_group_is_in_the_way_unless_it_goes_with_it(account: Account) -> None:
    ec2, vpc = account.client("ec2"), account.vpc()
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    own, other = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("own", "other")
    )
    made = ec2.create_network_interface(SubnetId=subnet, Groups=[own])["NetworkInterface"]
    interface, group = made["NetworkInterfaceId"], {"id": own}
    place = account.place()
    assert _found(place, aws_security_group=group) == [f"aws_security_group: in use by {interface}"]
    assert _found(place, aws_security_group=group, aws_network_interface={"id": interface}) == []
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": own}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    assert _found(place, aws_security_group=group) == [f"aws_security_group: in use by a rule of {other}"]


def test_a_target_group_of_somebody_elses_balancer_is_in_the_way(account: Account) -> None:
    ec2, elbv2, vpc = account.client("ec2"), account.client("elbv2"), account.vpc()
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = elbv2.create_target_group(Name="web", Protocol="TCP", Port=80, VpcId=vpc)["TargetGroups"][0]
    arn = elbv2.create_load_balancer(Name="web", Subnets=[subnet], Type="network")["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    forward = {"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}
    elbv2.create_listener(LoadBalancerArn=arn, Protocol="TCP", Port=80, DefaultActions=[forward])
    target, place = {"arn": group["TargetGroupArn"]}, account.place()
    assert _found(place, aws_lb_target_group=target) == [f"aws_lb_target_group: in use by {arn}"]
    assert _found(place, aws_lb_target_group=target, aws_lb={"arn": arn}) == []


def test_where_nobody_answers_only_the_plan_tells(shop: Shop) -> None:
    place = replace(shop.place(), access=emulated_access("http://127.0.0.1:9", None, "us-east-1"))
    found = _found(
        place,
        aws_security_group={"id": "sg-1"},
        aws_lb_target_group={"arn": "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/x"},
        aws_s3_bucket={"bucket": "b", "force_destroy": False},
        aws_dynamodb_table={"deletion_protection_enabled": True},
    )
    assert found == ["aws_dynamodb_table: deletion protection is on"]
