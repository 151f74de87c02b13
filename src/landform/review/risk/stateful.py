"""What holds data: what is lost with it, and what keeps it from being lost. A literal table.

Terraform obeys the flags in the state when it deletes, not those in the configuration, so ``Kept`` looks at
the old value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landform.review.findings import Severity

_LOW, _MEDIUM, _HIGH, _CRITICAL = Severity


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the old value at ``path`` satisfies ``when``, it is not as bad: ``says`` why."""

    path: str
    when: Callable[[Any], bool]
    says: str


@dataclass(frozen=True, slots=True)
class Stateful:
    """A type of object that holds data. ``lost`` says what ends, ``bare`` what is missing to save it."""

    severity: Severity
    lost: str
    kept: tuple[Kept, ...] = ()
    bare: str = ""
    advice: str = "Save the data first, or keep the object with a removed block (destroy = false) or moved."


def _on(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "enabled", "active")


def _off(value: Any) -> bool:
    return value is False or str(value).lower() == "false"


def _none(value: Any) -> bool:
    return not value


def _some(value: Any) -> bool:
    return bool(value)


_SNAPSHOT = "Set skip_final_snapshot = false and final_snapshot_identifier, apply that, and delete then."
_PROTECTED = Kept("deletion_protection", _on, "deletion protection will make AWS refuse")
_PROTECTED_TOO = Kept("deletion_protection_enabled", _on, "deletion protection will make AWS refuse")
_FINAL = Kept("skip_final_snapshot", _off, "a final snapshot is taken")
_FINAL_BACKUP = Kept("skip_final_backup", _off, "a final backup is taken")
_REPLICA = Kept("replicate_source_db", _some, "it is a replica, its source stays")
_REFUSED = Kept("force_destroy", _none, "force_destroy is off: AWS refuses unless it is empty")
_REFUSED_TOO = Kept("force_delete", _none, "force_delete is off: AWS refuses unless it is empty")
_NAMED = Kept("final_snapshot_identifier", _some, "a final snapshot is taken")
_CACHE = Kept("snapshot_retention_limit", _none, "it keeps no snapshots, so it is taken for a cache")
_RECOVERABLE = Kept("recovery_window_in_days", _some, "it can be restored during its recovery window")
_PITR = Kept("point_in_time_recovery.enabled", _on, "AWS keeps a backup of it for 35 days")
_KEPT_FOREVER = Kept("skip_destroy", _on, "skip_destroy leaves it where it is")

_DATABASE = Stateful(
    _CRITICAL, "databases", (_PROTECTED, _REPLICA, _FINAL), "with no final snapshot", _SNAPSHOT
)
_CLUSTER = Stateful(_CRITICAL, "databases", (_PROTECTED, _FINAL), "with no final snapshot", _SNAPSHOT)
_FILES = Stateful(_CRITICAL, "files", (_FINAL_BACKUP,), "with no final backup")
_SEARCH = Stateful(_HIGH, "indexes")
_BACKUP = Stateful(_HIGH, "a backup")
_CACHED = Stateful(_HIGH, "cached data", (_NAMED, _CACHE), "with no final snapshot")

STATEFUL: Mapping[str, Stateful] = {
    "aws_db_instance": _DATABASE,
    "aws_rds_cluster": _CLUSTER,
    "aws_docdb_cluster": _CLUSTER,
    "aws_docdbelastic_cluster": Stateful(_CRITICAL, "databases"),
    "aws_neptune_cluster": _CLUSTER,
    "aws_neptunegraph_graph": Stateful(_CRITICAL, "a graph", (_PROTECTED,)),
    "aws_dsql_cluster": Stateful(_CRITICAL, "databases", (_PROTECTED_TOO,)),
    "aws_redshift_cluster": Stateful(_CRITICAL, "databases", (_FINAL,), "with no final snapshot", _SNAPSHOT),
    "aws_redshiftserverless_namespace": Stateful(_CRITICAL, "databases"),
    "aws_lightsail_database": Stateful(
        _CRITICAL, "databases", (_FINAL,), "with no final snapshot", _SNAPSHOT
    ),
    "aws_qldb_ledger": Stateful(_CRITICAL, "a ledger", (_PROTECTED,)),
    "aws_timestreaminfluxdb_db_instance": Stateful(_CRITICAL, "time series"),
    "aws_timestreamwrite_table": Stateful(_CRITICAL, "time series"),
    "aws_keyspaces_table": Stateful(_CRITICAL, "a table"),
    "aws_dynamodb_table": Stateful(
        _CRITICAL, "a table", (_PROTECTED_TOO, _PITR), "with no backup of its own"
    ),
    "aws_s3_bucket": Stateful(_CRITICAL, "objects", (_REFUSED,), "with every object in it"),
    "aws_s3_directory_bucket": Stateful(_CRITICAL, "objects", (_REFUSED,), "with every object in it"),
    "aws_s3tables_table": Stateful(_CRITICAL, "a table"),
    "aws_lightsail_bucket": Stateful(_CRITICAL, "objects", (_REFUSED_TOO,), "with every object in it"),
    "aws_ebs_volume": Stateful(
        _CRITICAL,
        "a disk",
        (Kept("final_snapshot", _on, "a final snapshot is taken"),),
        "with no final snapshot",
    ),
    "aws_lightsail_disk": Stateful(_CRITICAL, "a disk"),
    "aws_workspaces_workspace": Stateful(_HIGH, "a user's disk"),
    "aws_instance": Stateful(_LOW, "its root volume"),
    "aws_efs_file_system": Stateful(_CRITICAL, "files"),
    "aws_fsx_lustre_file_system": _FILES,
    "aws_fsx_ontap_volume": _FILES,
    "aws_fsx_openzfs_file_system": _FILES,
    "aws_fsx_windows_file_system": _FILES,
    "aws_elasticache_cluster": _CACHED,
    "aws_elasticache_replication_group": _CACHED,
    "aws_elasticache_serverless_cache": Stateful(_HIGH, "cached data", (_CACHE,)),
    "aws_memorydb_cluster": Stateful(
        _CRITICAL,
        "a database",
        (Kept("final_snapshot_name", _some, "a final snapshot is taken"),),
        "with no final snapshot",
    ),
    "aws_opensearch_domain": _SEARCH,
    "aws_elasticsearch_domain": _SEARCH,
    "aws_opensearchserverless_collection": _SEARCH,
    "aws_kendra_index": _SEARCH,
    "aws_kinesis_stream": Stateful(_HIGH, "records not yet read"),
    "aws_msk_cluster": Stateful(_CRITICAL, "topics"),
    "aws_msk_serverless_cluster": Stateful(_CRITICAL, "topics"),
    "aws_mq_broker": Stateful(_HIGH, "messages"),
    "aws_sqs_queue": Stateful(
        _HIGH, "messages not yet read", advice="Stop the senders and let it run empty first."
    ),
    "aws_ecr_repository": Stateful(_HIGH, "images", (_REFUSED_TOO,), "with every image in it"),
    "aws_ecrpublic_repository": Stateful(_HIGH, "images", (_REFUSED,), "with every image in it"),
    "aws_codecommit_repository": Stateful(_CRITICAL, "source code"),
    "aws_cloudwatch_log_group": Stateful(
        _MEDIUM, "log events", (_KEPT_FOREVER,), advice="Export it to S3 first, or set skip_destroy."
    ),
    "aws_cloudtrail_event_data_store": Stateful(
        _HIGH,
        "audit events",
        (Kept("termination_protection_enabled", _on, "its protection will make AWS refuse"),),
    ),
    "aws_prometheus_workspace": Stateful(_MEDIUM, "metrics"),
    "aws_secretsmanager_secret": Stateful(
        _CRITICAL, "a secret", (_RECOVERABLE,), "at once, with no recovery window"
    ),
    "aws_ssm_parameter": Stateful(
        _LOW, "a value", advice="Its history goes too; note the value where it is not in code."
    ),
    "aws_backup_vault": Stateful(_CRITICAL, "backups", (_REFUSED,), "with every recovery point in it"),
    "aws_glacier_vault": Stateful(_HIGH, "archives"),
    "aws_db_snapshot": _BACKUP,
    "aws_db_cluster_snapshot": _BACKUP,
    "aws_docdb_cluster_snapshot": _BACKUP,
    "aws_neptune_cluster_snapshot": _BACKUP,
    "aws_redshift_cluster_snapshot": _BACKUP,
    "aws_ebs_snapshot": _BACKUP,
    "aws_glue_catalog_database": Stateful(_MEDIUM, "table definitions"),
    "aws_cognito_user_pool": Stateful(
        _CRITICAL, "user accounts, whose passwords can't be exported", (_PROTECTED,)
    ),
}
