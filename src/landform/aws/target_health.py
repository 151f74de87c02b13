"""Whether what load balancers send traffic to is well."""

from __future__ import annotations

from collections.abc import Iterator

from landform.aws.failures import explained
from landform.aws.session import AwsClient

_WELL = ("healthy", "unused", "unavailable")


def unhealthy_targets(elbv2: AwsClient, target_group: str) -> Iterator[str]:
    """Each target of a group that is not well, with AWS's reason. Raises LandformError."""
    with explained("ask for the health of targets"):
        found = elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    for each in found:
        health = each.get("TargetHealth", {})
        if health.get("State") not in _WELL:
            yield f"{each['Target']['Id']} is {health.get('State')} ({health.get('Reason', 'no reason')})"
