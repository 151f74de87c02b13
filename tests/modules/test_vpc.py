"""The vpc module: its subnet plan, its gateways, what it refuses, and what stands after an apply."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest

from landform.testing import PlannedModule, Stack, TestedModule

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


# --- refused ----------------------------------------------------------------------------------------------

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Net", ["The name must have 2 to 32 characters"]),
    "cidr": ("10.0.0.1/8", ["must be between /16 and /24", "written with its network address"]),
    "availability_zone_count": (2.5, ["must be a whole number from 1 to 6"]),
    "availability_zones": (
        ["us-west-2-lax-1a", "us-west-2-lax-1a"],
        ["local and wavelength zones are not supported", "must name each zone once"],
    ),
    "nat": ("two", ['must be "none", "single" or "per_zone"']),
    "gateway_endpoints": (["s3", "sqs"], ["AWS has no other gateway endpoints"]),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    with tf_module.fails() as refused:
        tf_module.plan(**{name: value for name, (value, _) in _WRONG.items()})
    told = "\n".join(refused.errors)
    expected = [sentence for _, sentences in _WRONG.values() for sentence in sentences]
    assert [sentence for sentence in expected if sentence not in told] == []
    assert len(refused.errors) == len(expected)


@pytest.mark.tf(level="plan")
@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"availability_zones": ["us-east-1h"]}, "This region has no zone us-east-1h; it has us-east-1a, "),
        (
            {"cidr": "10.0.0.0/24", "availability_zones": [_A, "us-east-1e"]},
            "A /24 range has room for 4 zones, a to d; us-east-1a, us-east-1e does not fit",
        ),
    ],
    ids=["zone that is not there", "zone without room"],
)
def test_zones_that_cannot_be_are_refused_at_plan(
    tf_module: TestedModule, values: dict[str, Any], told: str
) -> None:
    with tf_module.fails(on="aws_vpc.this", match=told):
        tf_module.plan(**values)


# --- applied ----------------------------------------------------------------------------------------------


def test_each_tier_has_the_routes_of_its_kind_and_nothing_is_planned_again(tf: Stack) -> None:
    assert tf.plan().is_noop
    gateway = tf[f'aws_nat_gateway.this["{_A}"]'].id
    assert _ways_out(tf, "public") == {tf.outputs.internet_gateway_id}
    assert _ways_out(tf, "private") == {gateway}
    assert _ways_out(tf, "data") == set()
    (group,) = tf.client("ec2").describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [tf.outputs.vpc_id]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])

    more = tf.plan(availability_zone_count=3, nat="per_zone")
    assert more.updates == {
        f'aws_route.private_internet["{_B}"]',
        'aws_vpc_endpoint.gateway["dynamodb"]',
        'aws_vpc_endpoint.gateway["s3"]',
    }
    assert not more.replaces | more.deletes

    fewer = tf.plan(availability_zone_count=1)
    assert not fewer.replaces | fewer.creates
    assert fewer.deletes
    assert all(address.endswith(f'{_B}"]') for address in fewer.deletes)


def _ways_out(stack: Stack, tier: str) -> set[str]:
    """Where the default routes of a tier's subnets lead, as EC2 has them; each subnet has its own table."""
    ec2 = stack.client("ec2")
    subnets = list(stack.outputs.subnet_ids_by_zone[tier].values())
    tables = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": subnets}])
    found = tables["RouteTables"]
    assert {each["SubnetId"] for table in found for each in table["Associations"]} >= set(subnets)
    routes = [route for table in found for route in table["Routes"]]
    default = [route for route in routes if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
    return {str(route.get("NatGatewayId") or route.get("GatewayId")) for route in default}
