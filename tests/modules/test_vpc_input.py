"""The vpc module refuses what AWS would refuse, or what would not be safe: at plan, all of it, by name."""

from __future__ import annotations

from typing import Any

import pytest

from landform.testing import TestedModule
from modules.refusals import refuses, refuses_each

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/vpc", level="mock", vars={"name": "net", "cidr": "10.20.0.0/16"}),
]
_A, _E = "us-east-1a", "us-east-1e"

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
    "reserved_cidrs": (["office"], ["Each of reserved_cidrs must be an IPv4 range"]),
    "subnets": (
        {
            "tiers": {"data": {"slot": 4, "kind": "secret"}, "cache": {"slot": 0}, "edge": {"slot": 0}},
            "kubernetes": {"clusters": ["shop/dev"]},
            "groups": ["search"],
        },
        [
            "and not be public, private or data, which are there",
            "must be 0, 1, 2 or 3",
            "Two of subnets.tiers have the same slot",
            'must be "public", "private" or "data"',
            "must be names of EKS clusters",
            'may hold "database" and "cache" only',
        ],
    ),
    "interface_endpoints": (
        ["s3", "com.amazonaws.us-east-1.sqs"],
        ["must be the last part of a service's name", "put them into gateway_endpoints"],
    ),
    "network_acls": ({"public_ports": [0, 443]}, ["public_ports must be whole numbers from 1 to 65535"]),
    "flow_logs": (
        {
            "destination": "kafka",
            "retention_days": 10,
            "kms_key_arn": "alias/logs",
            "bucket_arn": "logs",
            "traffic_type": "SOME",
            "aggregation_seconds": 300,
        },
        [
            'destination must be "none", "cloudwatch" or "s3"',
            "must be a number that CloudWatch has",
            "must be the ARN of a KMS key",
            "must be the ARN of an S3 bucket",
            'must be "ALL", "ACCEPT" or "REJECT"',
            "must be 60 or 600",
        ],
    ),
    "access": (
        {"bastion": {"cidrs": {"all": "0.0.0.0/0"}, "ami_ssm_parameter": "ami-1", "root_volume_size": 4}},
        ["a bastion is not for everyone", "the full name of an SSM parameter", "must be at least 8 GiB"],
    ),
    "connections": (
        {
            "peerings": {"shop": {"vpc_id": "shop", "cidr": "shop", "owner_id": "1", "kinds": ["all"]}},
            "transit_gateway": {"id": "gateway", "cidrs": ["everything"]},
        },
        [
            "Each cidr of connections.peerings must be",
            "Each vpc_id of connections.peerings must be",
            "must be an account id of 12 digits",
            "must be the id of a transit gateway",
            "Each of connections.transit_gateway.cidrs must be",
            "The kinds of connections may hold",
        ],
    ),
}


def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    refuses_each(tf_module, _WRONG)


def test_what_is_missing_is_named(tf_module: TestedModule) -> None:
    refuses(
        tf_module,
        {
            "cidr": "all",
            "availability_zones": [_A],
            "flow_logs": {"destination": "s3"},
            "access": {"bastion": {"cidrs": {}}},
        },
        [
            "must be an IPv4 range such as",
            "must be between /16 and /24",
            "written with its network address",
            "bucket_arn is missing",
            "name who may use the bastion",
        ],
    )


@pytest.mark.tf(level="plan")
def test_what_cannot_go_together_is_told_at_once(tf_module: TestedModule) -> None:
    peer = {"vpc_id": "vpc-0123456789abcdef0", "cidr": "10.20.0.64/26"}
    values: dict[str, Any] = {
        "cidr": "10.20.0.0/24",
        "availability_zones": [_E],
        "nat": "single",
        "reserved_cidrs": ["10.0.0.0/8", "10.20.1.0/24"],
        "subnets": {"tiers": {"cache": {"slot": 1}}, "groups": ["database"]},
        "connections": {
            "peerings": {"shop": peer},
            "transit_gateway": {"id": "tgw-0123456789abcdef0", "cidrs": ["0.0.0.0/0"]},
        },
    }
    told = [
        "A /24 range has room for 4 zones, a to d; us-east-1e does not fit",
        "A /24 range has room for 1 of subnets.tiers, with slots from 0 to 0",
        "The cidr 10.20.0.0/24 overlaps with 10.0.0.0/8 of reserved_cidrs and "
        "10.20.0.64/26 of connections.peerings",
        "RDS takes no subnet group of one",
        "has 0.0.0.0/0 for private subnets, which have a default route already",
    ]
    refuses(tf_module, values, told)


@pytest.mark.tf(level="plan")
@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"availability_zones": ["us-east-1h"]}, "This region has no zone us-east-1h; it has us-east-1a, "),
        (
            {"cidr": "10.0.0.0/24", "availability_zones": [_A, _E]},
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
