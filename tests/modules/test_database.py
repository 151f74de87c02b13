"""The database module: RDS and Aurora behind one interface, and what stands after an apply."""

from __future__ import annotations

import json

import pytest

from landform.testing import UNKNOWN, Emulator, PlannedModule, Stack, TestedModule
from modules.networks import default_clients

_NETWORK = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
    "allowed_security_groups": {"web": "sg-0123456789abcdef0"},
}
_POSTGRES = {"family": "postgres", "version": "16"}
_AURORA = {**_POSTGRES, "aurora": True}
_MYSQL = {"family": "mysql", "version": "8.0"}
_CLASS = "db.t4g.medium"
_TOPIC = "arn:aws:sns:us-east-1:123456789012:oncall"
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/database",
        vars={
            "name": "shop",
            **_NETWORK,
            "engine": _POSTGRES,
            "instances": {"class": _CLASS},
            "backup": {"final_snapshot_identifier": "shop-final-1"},
        },
    ),
]


# --- planned: one interface ---------------------------------------------------------------------------------


@pytest.mark.tf(vars={"database": {"name": "shop"}})
def test_a_database_is_encrypted_kept_and_reached_by_those_named_only(tf_plan: PlannedModule) -> None:
    database = tf_plan['aws_db_instance.this["main"]']
    assert (database.engine, database.engine_version, database.multi_az) == ("postgres", "16", True)
    assert (database.storage_encrypted, database.publicly_accessible) == (True, False)
    assert (database.deletion_protection, database.skip_final_snapshot) == (True, False)
    assert (database.final_snapshot_identifier, database.delete_automated_backups) == ("shop-final-1", False)
    assert (database.backup_retention_period, database.manage_master_user_password) == (7, True)
    assert database.auto_minor_version_upgrade is True
    rule = tf_plan['aws_vpc_security_group_ingress_rule.clients["web"]']
    assert (rule.from_port, rule.referenced_security_group_id) == (5432, "sg-0123456789abcdef0")
    assert tf_plan.counts["aws_vpc_security_group_ingress_rule"] == 1
    assert tf_plan.outputs.secret_arn is UNKNOWN
    assert (tf_plan.counts["aws_secretsmanager_secret"], tf_plan.outputs.port) == (0, 5432)


@pytest.mark.parametrize(
    ("group", "family", "parameter"),
    [
        pytest.param(
            'aws_db_parameter_group.this["main"]',
            "postgres16",
            ("rds.force_ssl", "1"),
            marks=pytest.mark.tf(vars={"engine": {**_POSTGRES, "version": "16.4"}}),
        ),
        pytest.param(
            'aws_db_parameter_group.this["main"]',
            "mysql8.0",
            ("require_secure_transport", "1"),
            marks=pytest.mark.tf(vars={"engine": {**_MYSQL, "version": "8.0.40"}}),
        ),
        pytest.param(
            'aws_rds_cluster_parameter_group.this["main"]',
            "aurora-postgresql16",
            ("rds.force_ssl", "1"),
            marks=pytest.mark.tf(vars={"engine": _AURORA}),
        ),
        pytest.param(
            'aws_rds_cluster_parameter_group.this["main"]',
            "aurora-mysql8.0",
            ("require_secure_transport", "ON"),
            marks=pytest.mark.tf(
                vars={"engine": {**_MYSQL, "version": "8.0.mysql_aurora.3.08.0", "aurora": True}}
            ),
        ),
    ],
)
def test_every_engine_refuses_connections_without_tls(
    tf_plan: PlannedModule, group: str, family: str, parameter: tuple[str, str]
) -> None:
    planned = tf_plan[group]
    assert (planned.family, planned.name_prefix) == (family, "shop-")
    assert [(each["name"], each["value"]) for each in planned.parameter] == [parameter]


@pytest.mark.tf(
    vars={
        "engine": {
            **_POSTGRES,
            "version": "16.4",
            "parameters": {"work_mem": {"value": "65536", "apply_method": "immediate"}},
        },
        "instances": {
            "class": _CLASS,
            "multi_az": False,
            "replicas": {"reports": {"class": "db.r6g.large"}, "search": {}},
        },
        "database": {"password": "write_only"},
        "storage": {"size": 400, "max_size": 1000, "iops": 13000, "throughput": 600, "kms_key_arn": _KEY},
        "monitoring": {"enhanced_interval": 30, "logs": ["postgresql"], "log_retention_days": 90},
        "alarms": {"connections": 300, "topic_arns": [_TOPIC]},
    }
)
class TestReplicas:
    """An RDS instance with two read replicas."""

    def test_each_reads_from_the_one_instance(self, tf_plan: PlannedModule) -> None:
        reports, search = (tf_plan[f'aws_db_instance.replica["{key}"]'] for key in ("reports", "search"))
        assert (reports.identifier, reports.instance_class) == ("shop-reports", "db.r6g.large")
        assert (search.replicate_source_db, search.instance_class) == ("shop", _CLASS)
        assert (search.skip_final_snapshot, search.deletion_protection) == (True, False)
        assert tf_plan.outputs.replica_endpoints is UNKNOWN or set(tf_plan.outputs.replica_endpoints) == {
            "reports",
            "search",
        }

    def test_the_password_is_made_here_and_in_no_plan(self, tf_plan: PlannedModule) -> None:
        database = tf_plan['aws_db_instance.this["main"]']
        assert (database.manage_master_user_password, database.password_wo_version) == (None, 1)
        assert tf_plan['aws_secretsmanager_secret.master["master"]'].recovery_window_in_days == 30
        version = tf_plan['aws_secretsmanager_secret_version.master["master"]']
        assert (version.secret_string_wo, version.secret_string_wo_version) == (None, 1)

    def test_storage_grows_and_has_its_own_key(self, tf_plan: PlannedModule) -> None:
        database = tf_plan['aws_db_instance.this["main"]']
        assert (database.allocated_storage, database.max_allocated_storage) == (400, 1000)
        assert (database.iops, database.storage_throughput, database.kms_key_id) == (13000, 600, _KEY)
        assert database.auto_minor_version_upgrade is False

    def test_the_role_of_enhanced_monitoring_is_for_this_account_only(self, tf_plan: PlannedModule) -> None:
        role = tf_plan['aws_iam_role.monitoring["enhanced"]']
        assert role.name == "shop-rds-monitoring-us-east-1"
        (statement,) = json.loads(role.assume_role_policy)["Statement"]
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
        assert tf_plan['aws_db_instance.replica["search"]'].monitoring_interval == 30

    def test_logs_of_each_instance_end(self, tf_plan: PlannedModule) -> None:
        assert tf_plan.outputs.log_group_names == {
            "main/postgresql": "/aws/rds/instance/shop/postgresql",
            "reports/postgresql": "/aws/rds/instance/shop-reports/postgresql",
            "search/postgresql": "/aws/rds/instance/shop-search/postgresql",
        }
        assert tf_plan['aws_cloudwatch_log_group.this["search/postgresql"]'].retention_in_days == 90

    def test_alarms_of_each_instance_tell_the_topic(self, tf_plan: PlannedModule) -> None:
        kinds = {"cpu", "connections", "storage"}
        expected = {f"{key}/{kind}" for key in ("main", "reports", "search") for kind in kinds}
        assert set(_alarms(tf_plan)) == expected | {"reports/lag", "search/lag"}
        storage = tf_plan['aws_cloudwatch_metric_alarm.this["main/storage"]']
        assert (storage.threshold, storage.comparison_operator) == (5 * 1024**3, "LessThanThreshold")
        lag = tf_plan['aws_cloudwatch_metric_alarm.this["search/lag"]']
        assert (lag.metric_name, lag.threshold, lag.dimensions) == (
            "ReplicaLag",
            30,
            {"DBInstanceIdentifier": "shop-search"},
        )
        assert {tuple(tf_plan[address].alarm_actions) for address in _alarms(tf_plan).values()} == {(_TOPIC,)}


def _alarms(plan: PlannedModule) -> dict[str, str]:
    """The keys of the alarms, and their addresses."""
    return {
        address.split('"')[1]: address
        for address in plan
        if address.startswith("aws_cloudwatch_metric_alarm.")
    }


@pytest.mark.tf(
    vars={
        "engine": _AURORA,
        "instances": {
            "serverless": {"min": 0, "max": 8, "seconds_until_auto_pause": 600},
            "replicas": {"reports": {"class": "db.r6g.large"}},
        },
        "storage": {"type": "aurora-iopt1"},
    }
)
def test_aurora_has_members_and_a_range_of_capacity(tf_plan: PlannedModule) -> None:
    cluster = tf_plan['aws_rds_cluster.this["main"]']
    (scaling,) = cluster.serverlessv2_scaling_configuration
    assert (scaling["min_capacity"], scaling["max_capacity"], scaling["seconds_until_auto_pause"]) == (
        0,
        8,
        600,
    )
    assert (cluster.storage_type, cluster.storage_encrypted, cluster.deletion_protection) == (
        "aurora-iopt1",
        True,
        True,
    )
    assert (cluster.final_snapshot_identifier, cluster.manage_master_user_password) == ("shop-final-1", True)
    members = {
        key: tf_plan[f'aws_rds_cluster_instance.this["{key}"]'] for key in ("main", "standby", "reports")
    }
    assert [each.instance_class for each in members.values()] == [
        "db.serverless",
        "db.serverless",
        "db.r6g.large",
    ]
    assert [each.promotion_tier for each in members.values()] == [0, 1, 10]
    assert (tf_plan.counts["aws_db_instance"], tf_plan.counts["aws_rds_cluster_instance"]) == (0, 3)
    assert set(_alarms(tf_plan)) == {"main/cpu", "standby/cpu", "reports/cpu", "cluster/lag"}
    assert tf_plan['aws_cloudwatch_metric_alarm.this["cluster/lag"]'].threshold == 30_000


@pytest.mark.tf(
    vars={
        "engine": {**_MYSQL, "aurora": True},
        "database": {"secret_kms_key_arn": _KEY},
        "proxy": {"require_iam": True, "max_connections_percent": 80},
    }
)
def test_a_proxy_stands_between_clients_and_a_cluster(tf_plan: PlannedModule) -> None:
    proxy = tf_plan['aws_db_proxy.this["proxy"]']
    assert (proxy.engine_family, proxy.require_tls) == ("MYSQL", True)
    assert [each["iam_auth"] for each in proxy.auth] == ["REQUIRED"]
    (pool,) = tf_plan['aws_db_proxy_default_target_group.this["proxy"]'].connection_pool_config
    assert pool["max_connections_percent"] == 80
    assert 'aws_db_proxy_target.cluster["proxy"]' in tf_plan
    assert 'aws_db_proxy_target.instance["proxy"]' not in tf_plan
    assert tf_plan['aws_vpc_security_group_ingress_rule.proxy_clients["web"]'].from_port == 3306
    assert tf_plan['aws_cloudwatch_log_group.this["proxy"]'].name == "/aws/rds/proxy/shop"


@pytest.mark.tf(vars={"maintenance": {"blue_green_update": True}, "database": {"password": "write_only"}})
def test_changes_may_be_tried_on_a_copy(tf_plan: PlannedModule) -> None:
    database = tf_plan['aws_db_instance.this["main"]']
    assert [each["enabled"] for each in database.blue_green_update] == [True]


@pytest.mark.tf(
    vars={
        "engine": _AURORA,
        "ephemeral": True,
        "backup": {"final_snapshot_identifier": None},
        "database": {"password": "write_only"},
    }
)
def test_what_may_go_leaves_nothing(tf_plan: PlannedModule) -> None:
    cluster = tf_plan['aws_rds_cluster.this["main"]']
    assert (cluster.deletion_protection, cluster.skip_final_snapshot, cluster.delete_automated_backups) == (
        False,
        True,
        True,
    )
    assert tf_plan['aws_secretsmanager_secret.master["master"]'].recovery_window_in_days == 0


# --- applied ------------------------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "ephemeral": True,
        "instances": {"class": _CLASS, "multi_az": False},
        "database": {"name": "shop", "password": "write_only"},
        "monitoring": {"enhanced_interval": 60},
        "backup": {"final_snapshot_identifier": None},
        "proxy": {},
    }
)
def test_an_instance_stands_behind_its_proxy_and_nothing_is_planned_again(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    stack = tf_module.apply(**default_clients(tf_emulator))
    assert stack.plan().is_noop
    _refuses_clear_text(stack)
    _proxy_has_the_password_that_no_state_has(stack)
    _grows_without_replacing(stack)

    stack.destroy()
    _nothing_is_left(stack)


def _refuses_clear_text(stack: Stack) -> None:
    rds = stack.client("rds")
    (database,) = rds.describe_db_instances()["DBInstances"]
    assert (database["Endpoint"]["Address"], database["Endpoint"]["Port"]) == (
        stack.outputs.endpoint,
        stack.outputs.port,
    )
    assert (database["StorageEncrypted"], database["PubliclyAccessible"]) == (True, False)
    (group,) = database["DBParameterGroups"]
    parameters = rds.describe_db_parameters(DBParameterGroupName=group["DBParameterGroupName"])["Parameters"]
    assert {each["ParameterName"]: each["ParameterValue"] for each in parameters}["rds.force_ssl"] == "1"


def _proxy_has_the_password_that_no_state_has(stack: Stack) -> None:
    secret = stack.client("secretsmanager").get_secret_value(SecretId=stack.outputs.secret_arn)
    kept = json.loads(secret["SecretString"])
    assert (kept["username"], len(kept["password"])) == ("dbadmin", 40)
    assert kept["password"].encode() not in stack.state
    (proxy,) = stack.client("rds").describe_db_proxies()["DBProxies"]
    assert [each["SecretArn"] for each in proxy["Auth"]] == [stack.outputs.secret_arn]
    (target,) = stack.client("rds").describe_db_proxy_targets(DBProxyName="shop")["Targets"]
    assert target["RdsResourceId"] == stack.outputs.identifier


def _grows_without_replacing(stack: Stack) -> None:
    clients = {**stack.variables["allowed_security_groups"], "jobs": "sg-0123456789abcdef1"}
    more = stack.plan(
        instances={"class": _CLASS, "multi_az": True, "replicas": {"reports": {}}},
        allowed_security_groups=clients,
    )
    assert more.updates == {'aws_db_instance.this["main"]'}
    assert not more.replaces | more.deletes

    upgraded = stack.plan(
        engine={**_POSTGRES, "version": "17"}, maintenance={"allow_major_version_upgrade": True}
    )
    assert upgraded.replaces == {'aws_db_parameter_group.this["main"]'}
    assert upgraded.updates == {'aws_db_instance.this["main"]'}

    rotated = stack.plan(database={"name": "shop", "password": "write_only", "password_version": 2})
    assert 'aws_db_instance.this["main"]' in rotated.updates


def _nothing_is_left(stack: Stack) -> None:
    rds = stack.client("rds")
    assert rds.describe_db_instances()["DBInstances"] == []
    assert rds.describe_db_proxies()["DBProxies"] == []
    assert rds.describe_db_snapshots()["DBSnapshots"] == []
    assert rds.describe_db_subnet_groups()["DBSubnetGroups"] == []
    groups = rds.describe_db_parameter_groups()["DBParameterGroups"]
    assert [group for group in groups if group["DBParameterGroupName"].startswith("shop-")] == []
    assert stack.client("logs").describe_log_groups()["logGroups"] == []
    assert stack.client("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"] == []
    assert stack.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


@pytest.mark.tf(
    vars={
        "ephemeral": True,
        "engine": _AURORA,
        "instances": {"class": _CLASS},
        "monitoring": {"performance_insights": False},
        "backup": {"final_snapshot_identifier": None},
    }
)
def test_a_cluster_stands_and_a_reader_more_changes_nothing_else(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    stack = tf_module.apply(**default_clients(tf_emulator))
    assert stack.plan().is_noop
    rds = stack.client("rds")
    (cluster,) = rds.describe_db_clusters()["DBClusters"]
    assert (cluster["Endpoint"], cluster["ReaderEndpoint"]) == (
        stack.outputs.endpoint,
        stack.outputs.reader_endpoint,
    )
    assert cluster["MasterUserSecret"]["SecretArn"] == stack.outputs.secret_arn
    members = {each["DBInstanceIdentifier"] for each in rds.describe_db_instances()["DBInstances"]}
    assert members == {"shop-main", "shop-standby"} == set(stack.outputs.instance_identifiers.values())

    more = stack.plan(instances={"class": _CLASS, "replicas": {"reports": {}}})
    assert 'aws_rds_cluster_instance.this["reports"]' in more.creates
    assert not more.updates | more.replaces | more.deletes
