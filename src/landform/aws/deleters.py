"""Which call deletes which kind of leftover: one literal table, in the order in which they can go.

What holds the last copy of data, such as a snapshot of a database, is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landform.aws.describer import ARN, ID, filled, is_missing, words_of
from landform.aws.failures import error_code, explained
from landform.aws.seeing import ClientOf, Thing


@dataclass(frozen=True, slots=True)
class Deleter:
    """The call that deletes one object; ``argument`` takes the object's ``value``, its id or its ARN."""

    service: str
    operation: str
    argument: str
    value: str = ID


DELETERS: Mapping[str, Deleter] = {
    "aws_lb": Deleter("elbv2", "delete_load_balancer", "LoadBalancerArn", ARN),
    "aws_lb_target_group": Deleter("elbv2", "delete_target_group", "TargetGroupArn", ARN),
    "aws_network_interface": Deleter("ec2", "delete_network_interface", "NetworkInterfaceId"),
    "aws_eip": Deleter("ec2", "release_address", "AllocationId"),
    "aws_security_group": Deleter("ec2", "delete_security_group", "GroupId"),
    "aws_ebs_volume": Deleter("ec2", "delete_volume", "VolumeId"),
    "aws_ebs_snapshot": Deleter("ec2", "delete_snapshot", "SnapshotId"),
    "aws_cloudwatch_log_group": Deleter("logs", "delete_log_group", "logGroupName"),
}
"""By Terraform's type."""


def delete(client_of: ClientOf, thing: Thing) -> None:
    """Delete one object; nothing happens where it is gone already. Raises LandformError."""
    from botocore.exceptions import ClientError

    deleter = DELETERS[thing.type]
    client = client_of(deleter.service, thing.region)
    request = filled({deleter.argument: deleter.value}, [words_of(thing.id, thing.arn)])
    with explained(f"delete {thing.type} {thing.id}"):
        try:
            getattr(client, deleter.operation)(**request)
        except ClientError as error:
            if not is_missing(error_code(error)):
                raise
