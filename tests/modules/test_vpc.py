"""The vpc module: its subnets, its gateways, what stands after an apply, and how that grows."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest

from landform.testing import Emulator, PlannedModule, Stack, TestedModule

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/vpc", vars={"name": "net", "cidr": "10.20.0.0/16"}),
]
_A, _B, _C = (f"us-east-1{letter}" for letter in "abc")
_TIERS = ("public", "private", "data")


# --- planned ----------------------------------------------------------------------------------------------


@pytest.mark.tf(vars={"nat": "none"})
def test_without_nat_there_is_no_address_no_gateway_and_no_route(tf_plan: PlannedModule) -> None:
    counts = tf_plan.counts
    assert (counts["aws_eip"], counts["aws_nat_gateway"]) == (0, 0)
    assert [address for address in tf_plan if address.startswith("aws_route.")] == [
        "aws_route.public_internet"
    ]
    assert tf_plan.outputs.nat_public_ips == []


@pytest.mark.tf(vars={"nat": "per_zone", "availability_zone_count": 3})
def test_one_gateway_per_zone(tf_plan: PlannedModule) -> None:
    gateways = {address for address in tf_plan.creates if address.startswith("aws_nat_gateway.")}
    assert gateways == {f'aws_nat_gateway.this["{zone}"]' for zone in (_A, _B, _C)}
    assert tf_plan.counts["aws_route"] == 4


@pytest.mark.tf(vars={"availability_zones": [_C, _A]})
def test_named_zones_keep_their_ranges_and_their_order(tf_plan: PlannedModule) -> None:
    assert tf_plan.outputs.availability_zones == [_C, _A]
    assert tf_plan.outputs.subnet_cidrs_by_zone == {
        "public": {_A: "10.20.0.0/21", _C: "10.20.16.0/21"},
        "private": {_A: "10.20.64.0/21", _C: "10.20.80.0/21"},
        "data": {_A: "10.20.128.0/21", _C: "10.20.144.0/21"},
    }
    assert f'aws_nat_gateway.this["{_C}"]' in tf_plan
    assert tf_plan.counts["aws_nat_gateway"] == 1


@pytest.mark.parametrize(
    ("size", "zones"),
    [
        pytest.param(21, 6, marks=pytest.mark.tf(vars={"cidr": "10.0.0.0/16", "availability_zone_count": 6})),
        pytest.param(25, 6, marks=pytest.mark.tf(vars={"cidr": "10.0.0.0/20", "availability_zone_count": 6})),
        pytest.param(28, 6, marks=pytest.mark.tf(vars={"cidr": "10.0.0.0/23", "availability_zone_count": 6})),
        pytest.param(28, 4, marks=pytest.mark.tf(vars={"cidr": "10.0.0.0/24", "availability_zone_count": 4})),
    ],
)
def test_subnets_do_not_overlap_and_leave_a_quarter_free(
    tf_plan: PlannedModule, size: int, zones: int
) -> None:
    whole = IPv4Network(tf_plan["aws_vpc.this"].cidr_block)
    by_tier = tf_plan.outputs.subnet_cidrs_by_zone
    subnets = [IPv4Network(cidr) for tier in by_tier.values() for cidr in tier.values()]
    assert len(subnets) == 3 * zones
    assert {subnet.prefixlen for subnet in subnets} == {size}
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))
    *quarters, free = whole.subnets(2)
    for tier, quarter in zip(_TIERS, quarters, strict=True):
        assert all(IPv4Network(cidr).subnet_of(quarter) for cidr in by_tier[tier].values())
    assert not any(free.overlaps(subnet) for subnet in subnets)


# --- applied ----------------------------------------------------------------------------------------------


# What may be asked for later, all of it at once. What the emulator does not have is planned only.
_SUBNETS: dict[str, Any] = {
    "tiers": {"cache": {"slot": 1, "kind": "data"}, "mesh": {"slot": 0}},
    "kubernetes": {"clusters": ["shop"]},
}
_MORE: dict[str, Any] = {
    "nat": "single",
    "interface_endpoints": ["sqs"],
    "flow_logs": {"destination": "cloudwatch"},
    "access": {"ssm": True},
}
_BASTION = {"cidrs": {"office": "203.0.113.0/24"}}
_SERVICES = ("sqs", "ssm", "ssmmessages", "ec2messages")
_GATEWAY = {"id": "tgw-0123456789abcdef0", "cidrs": ["10.0.0.0/8"]}


def test_it_stands_and_grows_without_replacing(tf_module: TestedModule, tf_emulator: Emulator) -> None:
    (other,) = tf_emulator.client("ec2").describe_vpcs()["Vpcs"]
    peerings = {"other": {"vpc_id": other["VpcId"], "cidr": other["CidrBlock"]}}
    closed = tf_module.apply(nat="none")
    _gets_a_gateway(closed)
    _loses_a_zone(closed)
    _gets_everything(closed, peerings)

    stack = tf_module.apply(
        **_MORE, subnets={**_SUBNETS, "groups": ["database"]}, connections={"peerings": peerings}
    )
    assert stack.plan().is_noop
    _routes_of_each_tier(stack)
    _doors_of_each_tier(stack)
    _gets_a_zone(stack)


def _gets_a_gateway(stack: Stack) -> None:
    opened = stack.plan(nat="single")
    assert opened.creates == {
        *(f'aws_{kind}.{name}["{_A}"]' for kind, name in (("eip", "nat"), ("nat_gateway", "this"))),
        *(f'aws_route.private_internet["{zone}"]' for zone in (_A, _B)),
    }
    assert not opened.updates | opened.replaces | opened.deletes


def _loses_a_zone(stack: Stack) -> None:
    fewer = stack.plan(availability_zone_count=1)
    assert not fewer.replaces | fewer.creates
    assert fewer.deletes
    assert all(address.endswith(f'{_B}"]') for address in fewer.deletes)


def _gets_everything(stack: Stack, peerings: dict[str, Any]) -> None:
    """It comes beside what stands, or changes it in place."""
    connections = {"peerings": peerings, "transit_gateway": _GATEWAY}
    subnets = {**_SUBNETS, "ipv6": True, "groups": ["database", "cache"]}
    access = {"ssm": True, "bastion": _BASTION}
    more = stack.plan(**{**_MORE, "access": access}, subnets=subnets, connections=connections)
    assert not more.replaces | more.deletes
    kinds = {address.split(".")[0] for address in more.updates}
    assert kinds == {"aws_vpc", "aws_subnet", "aws_network_acl"}


def _routes_of_each_tier(stack: Stack) -> None:
    gateway = stack[f'aws_nat_gateway.this["{_A}"]'].id
    assert _ways_out(stack, "public") == {stack.outputs.internet_gateway_id}
    assert _ways_out(stack, "private") == {gateway}
    assert _ways_out(stack, "data") == _ways_out(stack, "cache") == set()
    assert _ways_out(stack, "mesh") == {gateway}


def _doors_of_each_tier(stack: Stack) -> None:
    """The default security group has no rules, and the ACL of a tier is that of its subnets in EC2."""
    ec2 = stack.client("ec2")
    of_vpc = {"Name": "vpc-id", "Values": [stack.outputs.vpc_id]}
    default = {"Name": "group-name", "Values": ["default"]}
    (group,) = ec2.describe_security_groups(Filters=[of_vpc, default])["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])
    found = ec2.describe_network_acls(Filters=[of_vpc])["NetworkAcls"]
    acls = {each["NetworkAclId"]: {held["SubnetId"] for held in each["Associations"]} for each in found}
    for tier, acl in stack.outputs.network_acl_ids.items():
        assert acls[acl] == set(stack.outputs.subnet_ids_by_zone[tier].values())


def _gets_a_zone(stack: Stack) -> None:
    more = stack.plan(availability_zone_count=3, nat="per_zone")
    assert more.updates == {
        f'aws_route.private_internet["{_B}"]',
        *(f'aws_vpc_endpoint.gateway["{service}"]' for service in ("dynamodb", "s3")),
        *(f'aws_vpc_endpoint.interface["{service}"]' for service in _SERVICES),
        'aws_db_subnet_group.this["database"]',
        *(f'aws_network_acl.this["{tier}"]' for tier in (*_TIERS, "cache", "mesh")),
    }
    assert not more.replaces | more.deletes


def _ways_out(stack: Stack, tier: str) -> set[str]:
    """Where the default routes of a tier's subnets lead, as EC2 has them; each subnet is in one table."""
    subnets = set(stack.outputs.subnet_ids_by_zone[tier].values())
    of_vpc = {"Name": "vpc-id", "Values": [stack.outputs.vpc_id]}
    tables = stack.client("ec2").describe_route_tables(Filters=[of_vpc])["RouteTables"]
    of_tier = [
        (table, each["SubnetId"])
        for table in tables
        for each in table["Associations"]
        if each.get("SubnetId") in subnets
    ]
    assert {subnet for _, subnet in of_tier} == subnets
    routes = [route for table, _ in of_tier for route in table["Routes"]]
    default = [route for route in routes if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
    return {str(route.get("NatGatewayId") or route.get("GatewayId")) for route in default}
