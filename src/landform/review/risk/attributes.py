"""The attributes that rules watch, as literal tables: what a value becomes, and what that means."""

from __future__ import annotations

from landform.review.findings import Severity
from landform.review.risk.switches import (
    Switch,
    becomes,
    becomes_zero,
    contains,
    differs,
    differs_in_major,
    differs_in_minor,
    falls,
    falls_from_forever,
    falls_to_zero,
    lost,
    no_longer,
    shrinks,
    starts_as,
)

_LOW, _MEDIUM, _HIGH, _CRITICAL = Severity
_WORLD = ("0.0.0.0/0", "::/0")


def _types(*names: str) -> frozenset[str]:
    return frozenset(f"aws_{name}" for name in names)


_DELETION_ADVICE = "If the object is to be deleted next, say so in the review; otherwise switch it on again."
_FINAL_ADVICE = "Leave skip_final_snapshot false and name the snapshot with final_snapshot_identifier."

PROTECTION = (
    *(
        Switch(name, no_longer(True, "ACTIVE"), "loses its deletion protection", advice=_DELETION_ADVICE)
        for name in (
            "deletion_protection", "deletion_protection_enabled", "enable_deletion_protection",
            "delete_protection",
        )
    ),
    Switch("termination_protection", no_longer(True), "loses its termination protection"),
    Switch("termination_protection_enabled", no_longer(True), "loses its termination protection"),
    Switch("disable_api_termination", no_longer(True), "may be terminated by anyone with the API"),
    Switch("disable_api_stop", no_longer(True), "may be stopped by anyone with the API", _MEDIUM),
    Switch("protect_from_scale_in", no_longer(True), "loses its protection from scale-in", _MEDIUM),
    Switch("force_destroy", becomes(True), "will be deleted with everything in it when it is deleted"),
    Switch("force_delete", becomes(True), "will be deleted with everything in it when it is deleted"),
    Switch("skip_final_snapshot", becomes(True), "will leave no final snapshot", advice=_FINAL_ADVICE),
    Switch("skip_final_backup", becomes(True), "will leave no final backup"),
    Switch("final_snapshot", no_longer(True), "will leave no final snapshot"),
    Switch("delete_automated_backups", becomes(True), "will take its automated backups with it", _HIGH),
    Switch("recovery_window_in_days", becomes_zero, "can't be recovered once deleted"),
    Switch("recovery_window_in_days", shrinks, "can be recovered for less time", _MEDIUM),
    Switch("deletion_window_in_days", falls, "can be recovered for less time", _MEDIUM),
    Switch("versioning_configuration.status", no_longer("Enabled"), "stops keeping old versions of objects"),
    Switch("versioning.enabled", no_longer(True), "stops keeping old versions of objects",
           types=_types("s3_bucket")),
    Switch("object_lock_enabled", no_longer(True, "Enabled"), "loses its object lock"),
    Switch("image_tag_mutability", no_longer("IMMUTABLE"), "lets its tags be overwritten", _MEDIUM),
    Switch("metadata_options.http_tokens", no_longer("required"), "hands out credentials by IMDSv1", _HIGH),
    Switch("enable_key_rotation", no_longer(True), "no longer rotates its key", _MEDIUM),
    Switch("enable_log_file_validation", no_longer(True), "no longer validates its logs", _HIGH),
    Switch("enable_logging", no_longer(True), "stops its audit log", types=_types("cloudtrail")),
    Switch("multi_az", no_longer(True), "no longer fails over to another zone", _HIGH),
    Switch("automatic_failover_enabled", no_longer(True), "no longer fails over by itself", _HIGH),
)  # fmt: skip

ENCRYPTION = (
    Switch("storage_encrypted", no_longer(True), "is no longer encrypted"),
    Switch("storage_encrypted", starts_as(False), "is created without encryption", created=_MEDIUM),
    Switch("encrypted", no_longer(True), "is no longer encrypted"),
    Switch("encrypted", starts_as(False), "is created without encryption", created=_MEDIUM),
    Switch("at_rest_encryption_enabled", no_longer(True), "is no longer encrypted at rest"),
    Switch("transit_encryption_enabled", no_longer(True), "no longer encrypts its connections"),
    Switch("tls_enabled", no_longer(True), "no longer encrypts its connections"),
    Switch("encrypt_at_rest.enabled", no_longer(True), "is no longer encrypted at rest"),
    Switch("node_to_node_encryption.enabled", no_longer(True), "no longer encrypts between its nodes"),
    Switch("domain_endpoint_options.enforce_https", no_longer(True), "accepts plain HTTP"),
    Switch("root_block_device.encrypted", no_longer(True), "has a root volume that is no longer encrypted"),
    Switch("ebs_block_device.encrypted", no_longer(True), "has a volume that is no longer encrypted"),
    Switch("block_device_mappings.ebs.encrypted", no_longer(True),
           "has a volume that is no longer encrypted"),
    Switch("server_side_encryption.enabled", no_longer(True), "falls back to a key of AWS", _MEDIUM),
    Switch("sqs_managed_sse_enabled", no_longer(True), "no longer encrypts with SQS's key", _MEDIUM,
           unless="kms_master_key_id"),
    Switch("kms_master_key_id", lost, "is no longer encrypted with a KMS key", _MEDIUM),
    Switch("kms_key_id", lost, "is no longer encrypted with a key of yours", _MEDIUM),
    Switch("encryption_type", becomes("NONE"), "is no longer encrypted", types=_types("kinesis_stream")),
    Switch("encryption_info.encryption_in_transit.client_broker", no_longer("TLS"),
           "accepts plain connections"),
    Switch("protocol", no_longer("HTTPS", "TLS"), "no longer encrypts its connections",
           types=_types("lb_listener", "alb_listener")),
    Switch("default_cache_behavior.viewer_protocol_policy", becomes("allow-all"), "accepts plain HTTP"),
    Switch("ordered_cache_behavior.viewer_protocol_policy", becomes("allow-all"), "accepts plain HTTP"),
)  # fmt: skip

RETENTION = (
    Switch("backup_retention_period", falls_to_zero, "keeps no automated backups any more", _CRITICAL),
    Switch("backup_retention_period", shrinks, "keeps its backups for less time"),
    Switch("point_in_time_recovery.enabled", no_longer(True), "can't be restored to a point in time"),
    Switch("point_in_time_recovery.status", no_longer("ENABLED"), "can't be restored to a point in time"),
    Switch("snapshot_retention_limit", falls, "keeps its snapshots for less time"),
    Switch("automated_snapshot_retention_period", falls, "keeps its snapshots for less time"),
    Switch("automatic_backup_retention_days", falls, "keeps its backups for less time"),
    Switch("rule.lifecycle.delete_after", falls_from_forever, "deletes its backups sooner",
           types=_types("backup_plan")),
    Switch("min_retention_days", falls, "lets backups be deleted sooner"),
    Switch("retention_in_days", falls_from_forever, "deletes its log events sooner", _MEDIUM),
    Switch("retention_period", falls, "keeps its records for less time", _MEDIUM),
    Switch("retention_days", falls_from_forever, "keeps its events for less time", _MEDIUM),
    Switch("data_retention_in_hours", falls, "keeps its data for less time", _MEDIUM),
    Switch("message_retention_seconds", falls, "drops its messages sooner", _MEDIUM),
    Switch("retention_properties.magnetic_store_retention_period_in_days", falls, "deletes its data sooner"),
    Switch("rule.expiration.days", falls_from_forever, "deletes objects sooner", created=_MEDIUM,
           types=_types("s3_bucket_lifecycle_configuration")),
    Switch("rule.noncurrent_version_expiration.noncurrent_days", falls_from_forever,
           "deletes old versions of objects sooner", _MEDIUM,
           types=_types("s3_bucket_lifecycle_configuration")),
    Switch("lifecycle_rule.expiration.days", falls_from_forever, "deletes objects sooner",
           types=_types("s3_bucket")),
    Switch("rule.default_retention.days", falls, "locks objects for less time"),
    Switch("backup_policy.status", no_longer("ENABLED"), "is no longer backed up",
           types=_types("efs_backup_policy")),
    Switch("performance_insights_retention_period", falls, "keeps its performance data for less time", _LOW),
)  # fmt: skip

EXPOSURE = (
    Switch("publicly_accessible", becomes(True), "becomes reachable from the internet", created=_CRITICAL),
    Switch("network_configuration.ingress_configuration.is_publicly_accessible", becomes(True),
           "becomes reachable from the internet", created=_MEDIUM),
    Switch("public_connectivity", becomes(True), "becomes reachable from the internet", created=_CRITICAL),
    Switch("associate_public_ip_address", becomes(True), "gets a public address", _HIGH, _MEDIUM),
    Switch("network_interfaces.associate_public_ip_address", becomes(True), "gives out public addresses",
           _HIGH, _MEDIUM),
    Switch("network_configuration.assign_public_ip", becomes(True), "gives its tasks public addresses",
           _HIGH, _MEDIUM),
    Switch("map_public_ip_on_launch", becomes(True), "gives what starts in it a public address", _HIGH, _LOW),
    Switch("vpc_config.endpoint_public_access", becomes(True), "opens its API to the internet",
           _HIGH, _MEDIUM),
    Switch("vpc_config.public_access_cidrs", contains(*_WORLD), "opens its API to everyone", _HIGH, _MEDIUM),
    Switch("broker_node_group_info.connectivity_info.public_access.type", becomes("SERVICE_PROVIDED_EIPS"),
           "becomes reachable from the internet"),
    Switch("block_public_acls", becomes(False), "lets objects be made public", created=_HIGH),
    Switch("block_public_policy", becomes(False), "lets the bucket be made public", created=_HIGH),
    Switch("ignore_public_acls", becomes(False), "honours public ACLs", created=_HIGH),
    Switch("restrict_public_buckets", becomes(False), "serves a public bucket to everyone", created=_HIGH),
    Switch("acl", becomes("public-read", "public-read-write", "website"), "becomes readable for everyone",
           created=_CRITICAL, types=_types("s3_bucket", "s3_bucket_acl")),
    Switch("internal", no_longer(True), "becomes reachable from the internet",
           types=_types("lb", "alb", "elb")),
    Switch("authorization_type", becomes("NONE"), "may be called by everyone", created=_HIGH,
           types=_types("lambda_function_url")),
    Switch("authorization", becomes("NONE"), "may be called by everyone", types=_types("api_gateway_method")),
    Switch("authorization_type", becomes("NONE"), "may be called by everyone",
           types=_types("apigatewayv2_route")),
    Switch("principal", becomes("*"), "lets everyone call it", created=_CRITICAL,
           types=_types("lambda_permission", "cloudwatch_event_permission")),
    Switch("group", becomes("all"), "makes the image public", created=_CRITICAL,
           types=_types("ami_launch_permission")),
    Switch("shared_accounts", contains("all"), "makes the snapshot public", created=_CRITICAL),
    Switch("allowed_principals", contains("*"), "lets everyone connect", created=_HIGH),
    Switch("policy_arn", becomes("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"),
           "gives everything in the cluster away", created=_HIGH,
           types=_types("eks_access_policy_association")),
)  # fmt: skip

CAPACITY = (
    Switch("desired_count", falls_to_zero, "runs no task any more"),
    Switch("desired_capacity", falls_to_zero, "runs no instance any more"),
    Switch("max_size", falls_to_zero, "may run no instance any more"),
    Switch("min_size", falls_to_zero, "may scale to nothing", _LOW),
    Switch("scaling_config.desired_size", falls_to_zero, "runs no node any more"),
    Switch("scaling_config.min_size", falls_to_zero, "may scale to nothing", _LOW),
    Switch("max_capacity", falls_to_zero, "may run nothing any more"),
    Switch("min_capacity", falls_to_zero, "may scale to nothing", _LOW),
    Switch("provisioned_concurrent_executions", falls_to_zero, "keeps nothing warm any more", _MEDIUM),
    Switch("reserved_concurrent_executions", becomes_zero, "is throttled to nothing: it will not run"),
    Switch("replicas_per_node_group", falls_to_zero, "has no replica to fail over to", _MEDIUM),
    Switch("replica_count", falls_to_zero, "has no replica to fail over to", _MEDIUM),
    Switch("cluster_config.instance_count", falls_to_zero, "runs no node any more"),
)  # fmt: skip

_INSTANCES = _types(
    "db_instance", "rds_cluster_instance", "docdb_cluster_instance", "neptune_cluster_instance"
)
_DATABASES = _INSTANCES | _types("rds_cluster", "docdb_cluster", "neptune_cluster")
_CACHES = _types("elasticache_cluster", "elasticache_replication_group", "memorydb_cluster")
_ENGINES = _DATABASES | _CACHES | _types("mq_broker", "dms_replication_instance")
_LATER = "Without apply_immediately it waits for the maintenance window; choose a quiet time."

INTERRUPTION = (
    Switch("allow_major_version_upgrade", becomes(True), "may get a new major version", advice=_LATER),
    Switch("instance_class", differs, "restarts on other hardware", types=_INSTANCES, advice=_LATER),
    Switch("engine_version", differs_in_major, "is down while it gets a new major version", _HIGH,
           types=_ENGINES, advice="Try it on a copy first: there is no way back but a restore. " + _LATER),
    Switch("engine_version", differs_in_minor, "is down while its engine is upgraded", types=_ENGINES,
           advice=_LATER),
    Switch("instance_type", differs, "is stopped and started", types=_types("instance")),
    Switch("user_data", differs, "is stopped and started", types=_types("instance")),
    Switch("node_type", differs, "is interrupted while it is resized",
           types=_CACHES | _types("redshift_cluster")),
    Switch("number_of_nodes", differs, "is interrupted while it is resized",
           types=_types("redshift_cluster")),
    Switch("host_instance_type", differs, "restarts on other hardware", types=_types("mq_broker")),
    Switch("replication_instance_class", differs, "restarts on other hardware"),
    Switch("broker_node_group_info.instance_type", differs, "restarts its brokers one by one"),
    Switch("version", differs, "upgrades Kubernetes; there is no way back",
           types=_types("eks_cluster", "eks_node_group")),
    Switch("parameter_group_name", differs, "may restart for its new parameters", _LOW,
           types=_types("db_instance")),
    Switch("state", becomes("stopped"), "is stopped", types=_types("ec2_instance_state")),
)  # fmt: skip
