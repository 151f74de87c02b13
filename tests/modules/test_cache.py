"""The cache module: who may log in, its nodes, what it refuses, and what stands after an apply."""

from __future__ import annotations

from typing import Any

import pytest

from landform.testing import UNKNOWN, Emulator, PlannedModule, TestedModule
from modules.networks import default_clients
from modules.refusals import refuses_each

_NODE = "cache.t4g.small"
_TOPIC = "arn:aws:sns:us-east-1:123456789012:oncall"
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_GROUP = "aws_elasticache_replication_group.this"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/cache",
        level="plan",
        vars={
            "name": "shop",
            "vpc_id": "vpc-0123456789abcdef0",
            "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
            "allowed_security_groups": {"web": "sg-0123456789abcdef0"},
            "nodes": {"type": _NODE},
            "snapshots": {"final_snapshot_identifier": "shop-final-1"},
        },
    ),
]


# --- planned ------------------------------------------------------------------------------------------------


@pytest.mark.tf(vars={"kms_key_arn": _KEY})
def test_a_cache_is_encrypted_kept_and_survives_its_primary(tf_plan: PlannedModule) -> None:
    cache = tf_plan[_GROUP]
    assert (cache.engine, cache.engine_version, cache.cluster_mode) == ("valkey", "8.0", "disabled")
    assert (cache.transit_encryption_enabled, cache.transit_encryption_mode) == (True, "required")
    assert (cache.at_rest_encryption_enabled, cache.kms_key_id) == ("true", _KEY)
    assert (cache.num_cache_clusters, cache.multi_az_enabled) == (2, True)
    assert cache.automatic_failover_enabled is True
    assert (cache.snapshot_retention_limit, cache.final_snapshot_identifier) == (7, "shop-final-1")
    rule = tf_plan['aws_vpc_security_group_ingress_rule.clients["web"]']
    assert (rule.from_port, rule.to_port) == (6379, 6379)
    assert rule.referenced_security_group_id == "sg-0123456789abcdef0"
    assert tf_plan.counts["aws_vpc_security_group_ingress_rule"] == 1


@pytest.mark.tf(vars={"users": {"web": {"access_string": "on ~session:* +@read"}, "jobs": {}}})
def test_users_log_in_with_iam_and_there_is_no_secret(tf_plan: PlannedModule) -> None:
    web = tf_plan['aws_elasticache_user.this["web"]']
    assert (web.user_id, web.user_name, web.access_string) == ("shop-web", "shop-web", "on ~session:* +@read")
    assert [each["type"] for each in web.authentication_mode] == ["iam"]
    assert tf_plan[_GROUP].auth_token is None
    assert tf_plan['aws_elasticache_user.this["jobs"]'].passwords is None
    assert set(tf_plan["aws_elasticache_user_group.this"].user_ids) == {"shop-web", "shop-jobs"}
    assert tf_plan.outputs.user_names == {"web": "shop-web", "jobs": "shop-jobs"}
    assert tf_plan.outputs.connect_policies is UNKNOWN or tf_plan.outputs.connect_policies["web"] is UNKNOWN


@pytest.mark.tf(vars={"engine": {"family": "redis", "version": "7.1"}})
def test_the_default_user_of_redis_is_switched_off(tf_plan: PlannedModule) -> None:
    default = tf_plan['aws_elasticache_user.default["default"]']
    assert (default.user_name, default.access_string) == ("default", "off ~* -@all")
    assert set(tf_plan["aws_elasticache_user_group.this"].user_ids) == {"shop-default", "shop-app"}
    assert tf_plan["aws_elasticache_parameter_group.this"].family == "redis7"


@pytest.mark.tf(
    vars={
        "nodes": {"type": _NODE, "shards": 2, "replicas": 1},
        "engine": {"port": 7000, "parameters": {"maxmemory-policy": "allkeys-lru"}},
        "alarms": {"kinds": ["cpu", "memory"], "topic_arns": [_TOPIC]},
    }
)
def test_shards_have_replicas_and_alarms_of_their_own(tf_plan: PlannedModule) -> None:
    cache = tf_plan[_GROUP]
    assert (cache.cluster_mode, cache.num_node_groups, cache.replicas_per_node_group) == ("enabled", 2, 1)
    group = tf_plan["aws_elasticache_parameter_group.this"]
    assert group.name == "shop-valkey8-cluster"
    parameters = {each["name"]: each["value"] for each in group.parameter}
    assert parameters == {"cluster-enabled": "yes", "maxmemory-policy": "allkeys-lru"}
    nodes = ("0001-001", "0001-002", "0002-001", "0002-002")
    assert _alarms(tf_plan) == {f"{node}/{kind}" for node in nodes for kind in ("cpu", "memory")}
    alarm = tf_plan['aws_cloudwatch_metric_alarm.this["0002-001/memory"]']
    assert (alarm.metric_name, alarm.dimensions) == (
        "DatabaseMemoryUsagePercentage",
        {"CacheClusterId": "shop-0002-001"},
    )
    assert alarm.alarm_actions == [_TOPIC]
    assert tf_plan['aws_vpc_security_group_ingress_rule.clients["web"]'].from_port == 7000


@pytest.mark.tf(
    vars={
        "nodes": {"type": _NODE, "replicas": 0, "multi_az": False},
        "snapshots": {"retention_days": 0, "window": "04:30-05:30", "final_snapshot_identifier": None},
        "subnet_ids": ["subnet-0000000000000000a"],
        "logs": {"types": ["slow-log"], "retention_days": 7},
        "ephemeral": True,
    }
)
def test_a_cache_may_be_one_node_that_leaves_nothing(tf_plan: PlannedModule) -> None:
    cache = tf_plan[_GROUP]
    assert (cache.num_cache_clusters, cache.automatic_failover_enabled) == (1, False)
    assert (cache.final_snapshot_identifier, cache.snapshot_retention_limit) == (None, 0)
    assert [each["log_type"] for each in cache.log_delivery_configuration] == ["slow-log"]
    group = tf_plan['aws_cloudwatch_log_group.this["slow-log"]']
    assert (group.name, group.retention_in_days) == ("/aws/elasticache/shop/slow-log", 7)
    assert _alarms(tf_plan) == {"001/cpu", "001/memory", "001/evictions", "001/connections"}


def test_more_nodes_users_and_clients_leave_what_there_was(tf_module: TestedModule) -> None:
    few = tf_module.plan()
    many = tf_module.plan(
        nodes={"type": _NODE, "replicas": 2},
        users={"app": {}, "jobs": {}},
        allowed_security_groups={"jobs": "sg-0123456789abcdef1", "web": "sg-0123456789abcdef0"},
    )
    assert few.creates < many.creates
    kept = few.creates - {_GROUP, "aws_elasticache_user_group.this"}
    assert all(few[address] == many[address] for address in kept)


def _alarms(plan: PlannedModule) -> set[str]:
    """The keys of the alarms."""
    return {address.split('"')[1] for address in plan if address.startswith("aws_cloudwatch_metric_alarm.")}


# --- refused ------------------------------------------------------------------------------------------------

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop", ["The name must have 2 to 32 characters"]),
    "vpc_id": ("subnet-1", ["The vpc_id must be the id of a VPC"]),
    "subnet_ids": ([], ["must name at least one subnet"]),
    "allowed_security_groups": ({"web": "web"}, ["must be the id of a security group"]),
    "engine": (
        {"family": "valkey", "version": "7.0", "port": 80, "parameters": {"cluster-enabled": "no"}},
        ["which are the ones that log in with IAM", "The engine.port must be", "follows from nodes.shards"],
    ),
    "nodes": (
        {"type": "t4g", "replicas": 0, "shards": 501},
        ["must be an ElastiCache node type", "nothing to take over", "make at most 500 nodes"],
    ),
    "users": (
        {"Web App": {"access_string": "on >hunter2 ~* +@all"}},
        ["without a user nobody can log in", "hold no password"],
    ),
    "kms_key_arn": ("alias/cache", ["must be the ARN of a KMS key"]),
    "snapshots": (
        {"retention_days": 36, "window": "03:00-03:30", "final_snapshot_identifier": "a--b"},
        [
            "from 0 (no snapshots) to 35",
            "at least an hour of each day",
            "The snapshots.final_snapshot_identifier must have",
        ],
    ),
    "maintenance": (
        {"window": "sun:04:30-sun:05:00", "notification_topic_arn": "oncall"},
        ["from an hour to a day of each week", "The maintenance.notification_topic_arn must be"],
    ),
    "logs": (
        {"types": ["audit"], "retention_days": 2},
        ["The logs.types may hold", "that CloudWatch Logs offers"],
    ),
    "alarms": (
        {"kinds": ["heat"], "cpu_percent": 101, "evictions": -1, "topic_arns": ["oncall"]},
        [
            "The alarms.kinds may hold",
            "at most 100",
            "leave an alarm out",
            "Each of alarms.topic_arns must be",
        ],
    ),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    assert "hunter2" not in refuses_each(tf_module, _WRONG)


@pytest.mark.tf(level="mock")
@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"engine": {"family": "memcached", "version": "1.6"}}, "neither encryption at rest nor users"),
        ({"nodes": {"type": _NODE, "replicas": 6}}, "must be a whole number from 0 to 5"),
    ],
    ids=["memcached", "too many replicas"],
)
def test_what_elasticache_does_not_have_is_refused(
    tf_module: TestedModule, values: dict[str, Any], told: str
) -> None:
    with tf_module.fails(match=told):
        tf_module.plan(**values)


def test_all_that_cannot_go_together_is_named_at_once(tf_module: TestedModule) -> None:
    values: dict[str, Any] = {
        "engine": {"family": "redis", "version": "7.1"},
        "subnet_ids": ["subnet-1"],
        "users": {"default": {}, "x" * 36: {}},
        "snapshots": {"window": "23:30-00:30"},
        "maintenance": {"window": "mon:00:00-mon:01:00"},
    }
    expected = [
        "must name at least two subnets, in two availability zones",
        "must not overlap with snapshots.window",
        "The snapshots.final_snapshot_identifier is missing",
        "must make at most 40 characters",
        "Redis needs that user",
    ]
    with tf_module.fails() as refused:
        tf_module.plan(**values)
    told = "\n".join(refused.errors)
    assert [sentence for sentence in expected if sentence not in told] == []


# --- applied ------------------------------------------------------------------------------------------------


@pytest.mark.tf(level="apply", vars={"ephemeral": True, "engine": {"parameters": {"timeout": "60"}}})
def test_a_cache_stands_with_its_replica_and_nothing_is_planned_again(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    stack = tf_module.apply(**default_clients(tf_emulator))
    assert stack.plan().is_noop
    cache = stack.client("elasticache")
    (group,) = cache.describe_replication_groups()["ReplicationGroups"]
    assert group["MemberClusters"] == ["shop-001", "shop-002"]
    assert (group["MultiAZ"], group["TransitEncryptionMode"]) == ("enabled", "required")
    assert group["UserGroupIds"] == [stack.outputs.user_group_id]
    (users,) = cache.describe_user_groups()["UserGroups"]
    assert users["UserIds"] == ["shop-app"]

    more = stack.plan(users={"app": {}, "jobs": {}})
    assert more.creates == {'aws_elasticache_user.this["jobs"]'}
    assert not more.replaces | more.deletes

    stack.destroy()
    assert cache.describe_replication_groups()["ReplicationGroups"] == []
    assert cache.describe_user_groups()["UserGroups"] == []
    assert cache.describe_cache_parameter_groups()["CacheParameterGroups"] == []
    assert cache.describe_cache_subnet_groups()["CacheSubnetGroups"] == []
    assert stack.client("logs").describe_log_groups()["logGroups"] == []
