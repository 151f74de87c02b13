"""A target is well when its balancer says so, or does not look; AWS's reason is told where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.session import AwsClient, client
from landform.aws.target_health import unhealthy_targets
from landform.errors import LandformError
from local_server import answering

_STATES = {
    "i-1": ("healthy", ""), "i-2": ("unhealthy", "Target.Timeout"),
    "i-3": ("initial", "Elb.InitialHealthChecking"), "i-4": ("unused", "Target.NotInUse"),
    "i-5": ("unavailable", "Target.HealthCheckDisabled"), "i-6": ("unhealthy", ""),
}  # fmt: skip


def _answer() -> str:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html"""
    members = "".join(
        f"<member><Target><Id>{name}</Id><Port>80</Port></Target><TargetHealth><State>{state}</State>"
        f"{f'<Reason>{reason}</Reason>' if reason else ''}</TargetHealth></member>"
        for name, (state, reason) in _STATES.items()
    )
    return (
        '<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">'
        "<DescribeTargetHealthResult><TargetHealthDescriptions>"
        f"{members}</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>"
    )


@pytest.fixture
def elbv2() -> Iterator[AwsClient]:
    """A balancer with targets in every state; the emulator knows healthy ones alone."""

    def answer(body: str, _: Mapping[str, str]) -> tuple[int, str]:
        return (200, _answer()) if "TargetGroupArn=group" in body else (400, "<ErrorResponse/>")

    with answering(answer) as url:
        yield client(emulated_access(url, None, "us-east-1"), "elbv2")


def test_targets_that_are_not_well_are_named_with_the_reason(elbv2: AwsClient) -> None:
    assert list(unhealthy_targets(elbv2, "group")) == [
        "i-2 is unhealthy (Target.Timeout)",
        "i-3 is initial (Elb.InitialHealthChecking)",
        "i-6 is unhealthy (no reason)",
    ]


def test_what_aws_does_not_say_is_no_health(elbv2: AwsClient) -> None:
    with pytest.raises(LandformError, match="could not ask for the health of targets"):
        list(unhealthy_targets(elbv2, "other"))
