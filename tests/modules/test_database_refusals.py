"""What the database module refuses: wrong values, and values that cannot go together."""

from __future__ import annotations

from typing import Any

import pytest

from landform.testing import TestedModule
from modules.refusals import refuses_each

_POSTGRES = {"family": "postgres", "version": "16"}
_MYSQL = {"family": "mysql", "version": "8.0"}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/database",
        level="plan",
        vars={
            "name": "shop",
            "vpc_id": "vpc-0123456789abcdef0",
            "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
            "engine": _POSTGRES,
            "instances": {"class": "db.t4g.medium"},
        },
    ),
]

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop--1", ["The name must have 2 to 32 characters"]),
    "vpc_id": ("subnet-1", ["The vpc_id must be the id of a VPC"]),
    "subnet_ids": (["subnet-1"], ["must name at least two subnets"]),
    "allowed_security_groups": ({"web": "web"}, ["must be the id of a security group"]),
    "engine": (
        {
            "family": "oracle",
            "version": "19",
            "parameters": {"rds.force_ssl": {"value": "0", "apply_method": "now"}},
        },
        [
            'The engine.family must be "postgres" or "mysql"',
            "connections without TLS are always refused",
            "The apply_method of each",
        ],
    ),
    "instances": (
        {
            "class": "t3",
            "serverless": {"min": 8, "max": 0.3, "seconds_until_auto_pause": 1},
            "replicas": {"main": {"promotion_tier": 16}},
        },
        [
            "either a class or a serverless capacity",
            "must be a DB instance class",
            "must not be greater than instances.serverless.max",
            "in steps of a half",
            "goes with min = 0 only",
            'not be "main" or "standby"',
            "must be from 0 to 15",
        ],
    ),
    "storage": (
        {"type": "floppy", "size": 10, "max_size": 9, "iops": 1},
        ["The storage.type must be", "from 20 to 65536 GiB", "at least a tenth greater"],
    ),
    "database": (
        {"name": "1st", "port": 80, "username": "admin", "password": "hunter2", "password_version": 0},
        [
            "The database.name must have",
            "The database.port must be",
            "The database.username must have",
            "it is never the password itself",
            "The database.password_version must be",
        ],
    ),
    "backup": (
        {"retention_days": 36, "window": "03:00-03:10", "final_snapshot_identifier": "a--b"},
        [
            "from 0 (no backups) to 35",
            "at least half an hour of each day",
            "The backup.final_snapshot_identifier must have",
        ],
    ),
    "maintenance": ({"window": "sunday:04:30-sunday:05:30"}, ["from half an hour to a day of each week"]),
    "monitoring": (
        {"performance_insights_retention_days": 30, "enhanced_interval": 2, "log_retention_days": 2},
        ["a multiple of 31 up to 713", "0, 1, 5, 10, 15, 30 or 60 seconds", "that CloudWatch Logs offers"],
    ),
    "alarms": (
        {"kinds": ["heat"], "cpu_percent": 0, "connections": 0, "topic_arns": ["oncall"]},
        [
            "The alarms.kinds may hold",
            "The alarms.cpu_percent must be",
            "leave an alarm out",
            "must be the ARN of an SNS topic",
        ],
    ),
    "proxy": (
        {"idle_client_timeout": 0, "max_connections_percent": 10},
        ["The proxy.idle_client_timeout must be", "proxy.max_idle_connections_percent not greater"],
    ),
}


def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    assert "hunter2" not in refuses_each(tf_module, _WRONG)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"engine": {**_POSTGRES, "version": "16.4.1"}}, "The engine.version must be major or exact"),
        ({"engine": {**_MYSQL, "version": "8"}}, "The engine.version must be major or exact"),
        ({"storage": {"type": "io2", "size": 400}}, "The storage.iops is missing"),
        ({"storage": {"size": 100, "throughput": 500}}, "can be chosen from 400 GiB upwards only"),
    ],
    ids=["version of PostgreSQL", "version of MySQL", "io2 without iops", "small gp3"],
)
def test_values_that_do_not_fit_their_engine_or_type_are_refused(
    tf_module: TestedModule, values: dict[str, Any], told: str
) -> None:
    with tf_module.fails(match=told):
        tf_module.plan(**values)


_APART: dict[str, tuple[dict[str, Any], list[str]]] = {
    "RDS": (
        {
            "engine": {**_POSTGRES, "version": "10"},
            "instances": {
                "serverless": {"min": 0, "max": 4},
                "replicas": {f"r{number}": {} for number in range(16)},
            },
            "storage": {"type": "aurora-iopt1"},
            "backup": {"retention_days": 0, "window": "04:00-05:00", "final_snapshot_identifier": None},
            "maintenance": {"window": "sat:23:00-sun:05:00", "blue_green_update": True},
            "monitoring": {"logs": ["slowquery"]},
            "proxy": {},
        },
        [
            "The instances.serverless is for Aurora only",
            "may be 15 at most",
            "The instances.replicas need backups",
            'The instances.replicas need database.password = "write_only"',
            "The storage.type aurora-iopt1 is not for postgres",
            "The backup.final_snapshot_identifier is missing",
            "must not overlap with backup.window",
            "The maintenance.blue_green_update needs backups",
            "must not be used with instances.replicas",
            'The maintenance.blue_green_update needs database.password = "write_only"',
            "The monitoring.logs may hold postgresql, upgrade, iam-db-auth-error for postgres",
            "RDS Proxy takes PostgreSQL from version 11",
            "so the database would never pause",
        ],
    ),
    "Aurora": (
        {
            "engine": {**_MYSQL, "aurora": True},
            "instances": {"class": "db.t3.small"},
            "storage": {"size": 100},
            "backup": {"retention_days": 0, "final_snapshot_identifier": "last"},
            "maintenance": {"blue_green_update": True},
            "database": {"username": "seventeen_letters", "password": "write_only"},
        },
        [
            "are not for Aurora, whose storage grows by itself",
            "Aurora always keeps backups",
            "the AWS provider has none for Aurora",
            "The maintenance.blue_green_update needs backups",
            "must have at most 16 characters",
            "MySQL has none on micro and small instance classes",
        ],
    ),
}


@pytest.mark.parametrize("case", _APART)
def test_all_that_cannot_go_together_is_named_at_once(tf_module: TestedModule, case: str) -> None:
    values, expected = _APART[case]
    with tf_module.fails() as refused:
        tf_module.plan(**values)
    told = "\n".join(refused.errors)
    assert [sentence for sentence in expected if sentence not in told] == []
    assert len([error for error in refused.errors if "precondition" in error]) == len(expected)


@pytest.mark.parametrize(
    ("backup", "maintenance", "apart"),
    [
        ("03:00-04:00", "sun:04:00-sun:05:00", True),
        ("23:30-00:30", "tue:00:00-tue:01:00", False),
        ("23:30-00:30", "sun:22:00-mon:00:00", False),
        ("00:00-01:00", "sun:22:00-mon:00:00", True),
        ("12:00-13:00", "sun:23:00-mon:22:00", False),
    ],
)
def test_windows_are_compared_over_midnight_and_the_end_of_the_week(
    tf_module: TestedModule, backup: str, maintenance: str, apart: bool
) -> None:
    values = {
        "backup": {"window": backup, "final_snapshot_identifier": "last"},
        "maintenance": {"window": maintenance},
    }
    if apart:
        assert tf_module.plan(**values).creates
        return
    with tf_module.fails(on="aws_db_subnet_group.this", match="must not overlap"):
        tf_module.plan(**values)
