"""A target is well when its balancer says so, or does not look; AWS's reason is told where it is not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.session import AwsClient, client
from landform.aws.target_health import unhealthy_targets
from landform.errors import LandformError

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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            text = _answer() if "TargetGroupArn=group" in asked else "<ErrorResponse/>"
            self.send_response(200 if "TargetGroupArn=group" in asked else 400)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        access = emulated_access(f"http://127.0.0.1:{server.server_port}", None, "us-east-1")
        yield client(access, "elbv2")
        server.shutdown()


def test_targets_that_are_not_well_are_named_with_the_reason(elbv2: AwsClient) -> None:
    assert list(unhealthy_targets(elbv2, "group")) == [
        "i-2 is unhealthy (Target.Timeout)",
        "i-3 is initial (Elb.InitialHealthChecking)",
        "i-6 is unhealthy (no reason)",
    ]


def test_what_aws_does_not_say_is_no_health(elbv2: AwsClient) -> None:
    with pytest.raises(LandformError, match="could not ask for the health of targets"):
        list(unhealthy_targets(elbv2, "other"))
