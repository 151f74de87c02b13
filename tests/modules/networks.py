"""The network that every account begins with, for modules that are applied without one of their own."""

from __future__ import annotations

from typing import Any

from landform.testing import Emulator


def default_vpc(emulator: Emulator) -> tuple[str, list[str]]:
    """The id of the VPC, and those of its subnets by availability zone."""
    ec2 = emulator.client("ec2")
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    return vpc["VpcId"], [
        each["SubnetId"] for each in sorted(found, key=lambda each: each["AvailabilityZone"])
    ]


def default_clients(emulator: Emulator) -> dict[str, Any]:
    """The VPC, two of its subnets, and its default security group as the one client of a store."""
    vpc_id, subnets = default_vpc(emulator)
    (group,) = emulator.client("ec2").describe_security_groups(GroupNames=["default"])["SecurityGroups"]
    return {
        "vpc_id": vpc_id,
        "subnet_ids": subnets[:2],
        "allowed_security_groups": {"web": group["GroupId"]},
    }
