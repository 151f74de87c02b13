"""The web-app module refuses at plan what AWS would refuse, all of it and by name."""

from __future__ import annotations

from typing import Any

import pytest

from landform.testing import PlannedModule, TestedModule
from modules.refusals import refuses_each

_NETWORK = {
    "vpc_id": "vpc-0123456789abcdef0",
    "public_subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "private_subnet_ids": ["subnet-0000000000000000c"],
}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/web-app", vars={"name": "shop", **_NETWORK}),
]

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("internal-shop", ["AWS keeps for its own load balancer names"]),
    "vpc_id": ("subnet-1", ["The vpc_id must be the id of a VPC"]),
    "public_subnet_ids": (["subnet-1"], ["must name at least two subnets"]),
    "private_subnet_ids": ([], ["must name at least one subnet"]),
    "instance": (
        {
            "type": "t3",
            "ami_ssm_parameter": "ami",
            "user_data": "x" * (16 * 1024 + 1),
            "port": 0,
            "root_volume_size": 4,
            "policy_arns": {"session-manager": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
            "secret_key_arns": ["alias/shop"],
        },
        [
            "The instance.type must be",
            "starting with a slash",
            "must have at most 16 KiB",
            "The instance.port must be",
            "from 8 GiB",
            "are the module's own",
            "not of aliases",
        ],
    ),
    "capacity": (
        {
            "min": 3,
            "max": 2,
            "desired": 1,
            "mixed_instances": {
                "types": ["t3"],
                "spot_percent": 101,
                "on_demand_base": -1,
                "spot_allocation": "cheapest",
            },
            "warm_pool": {"state": "Hibernated", "min": 2, "max_prepared": 1},
        },
        [
            "must not be negative nor greater than capacity.max",
            "must lie between capacity.min and capacity.max",
            "both mixed_instances and a warm_pool, which AWS refuses",
            "must be 1 to 40 different EC2 instance types",
            "spot_percent must be from 0 to 100",
            "on_demand_base must not be negative",
            "spot_allocation must be",
            "The capacity.warm_pool.state must be",
            "nor greater than max_prepared",
        ],
    ),
    "scaling": (
        {
            "cpu_target": 5,
            "instance_warmup": -1,
            "requests_target": 0,
            "schedules": {
                "/night": {"recurrence": "cron(0 20 * * ? *)", "timezone": "CET+1", "min": 2, "max": 1},
                "day": {"start_time": "tomorrow", "desired": 1},
            },
        },
        [
            "from 10 to 95 percent",
            "from 0 to 3600 seconds",
            "The scaling.requests_target must be",
            "The names of scaling.schedules must have",
            "a recurrence of five fields",
            "must be in UTC",
            "must be an IANA name",
            "whole numbers in this order",
        ],
    ),
    "health_check": (
        {
            "path": "up",
            "matcher": "ok",
            "interval": 4,
            "timeout": 5,
            "healthy_threshold": 1,
            "grace_period": -1,
        },
        [
            "The health_check.path must start with a slash",
            "The health_check.matcher must be HTTP codes",
            "The health_check.interval must be",
            "shorter than the interval",
            "thresholds must be from 2 to 10",
            "The health_check.grace_period must not be negative",
        ],
    ),
    "listener": (
        {
            "certificate_arn": "www.example.com",
            "https": False,
            "domain": {"zone_id": "example.com", "names": ["*.example.com", "WWW", "WWW"]},
            "tls_policy": "ELBSecurityPolicy-2016-08",
            "idle_timeout": 0,
            "deregistration_delay": -1,
            "slow_start": 10,
            "access_logs": {"bucket": "arn:aws:s3:::logs", "prefix": "/AWSLogs"},
            "web_acl": {"arn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/1"},
        },
        [
            "must be the ARN of a certificate in ACM or IAM",
            "both a certificate_arn and a domain",
            "must not be false with a listener.domain",
            "must be the id of a Route 53 zone",
            "1 to 26 different names",
            "must be a DNS name in lower case",
            "must not begin with an asterisk",
            "for TLS 1.2 or 1.3 only",
            "from 1 to 4000 seconds",
            "The listener.deregistration_delay must be",
            "The listener.slow_start must be",
            "the name of an S3 bucket, not its ARN",
            "neither begin nor end with a slash",
            "those of CloudFront do not suit",
        ],
    ),
    "allowed_cidrs": (["10.0.0.1/8"], ["written with its network address"]),
    "secret_arns": ({"a-b": "hunter2"}, ["names of shell variables", "not its name or its value"]),
    "alarms": (
        {"kinds": ["4xx"], "latency_seconds": -1, "topic_arns": ["operators@example.com"]},
        ["The alarms.kinds may hold", "must not be negative; leave", "the ARN of an SNS topic"],
    ),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    refuses_each(tf_module, _WRONG)


def test_https_needs_a_certificate(tf_module: TestedModule) -> None:
    with tf_module.fails(match="HTTPS needs a certificate"):
        tf_module.plan(listener={"https": True})


_SECRETS = {"DATABASE": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/database-AbCdEf"}


@pytest.mark.parametrize(
    ("user_data", "told"),
    [("Content-Type: multipart/mixed\n\n", "not a MIME message"), ("x" * 12500, "longer than 16 KiB")],
)
def test_user_data_must_suit_the_file_of_secrets(tf_module: TestedModule, user_data: str, told: str) -> None:
    with tf_module.fails(on="aws_launch_template.this", match=told):
        tf_module.plan(secret_arns=_SECRETS, instance={"user_data": user_data})


_CLOCKS = ["*/5 0-6 1,15 jan-MAR,12 1-5", "0 20 * * 7", "30 23 31 12 SUN"]
_NO_CLOCKS = ["60 * * * *", "0 24 * * *", "0 0 0 * *", "0 0 * 13 *", "0 0 * * 8", "* * * *", "0 0 * * * *"]


def _schedules(clocks: list[str]) -> dict[str, Any]:
    return {
        "schedules": {f"at {place}": {"recurrence": clock, "min": 1} for place, clock in enumerate(clocks)}
    }


@pytest.mark.tf(vars={"scaling": _schedules(_CLOCKS)})
def test_cron_is_taken_as_auto_scaling_has_it(tf_plan: PlannedModule) -> None:
    assert tf_plan.counts["aws_autoscaling_schedule"] == len(_CLOCKS)


def test_what_is_no_cron_is_refused_by_the_name_of_its_schedule(tf_module: TestedModule) -> None:
    with tf_module.fails(match="a recurrence of five fields") as refused:
        tf_module.plan(scaling=_schedules([*_NO_CLOCKS, *_CLOCKS]))
    (told,) = refused.errors
    assert "not so in: " + ", ".join(f"at {place}" for place in range(len(_NO_CLOCKS))) + "." in told
