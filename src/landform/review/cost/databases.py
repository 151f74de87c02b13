"""What databases and caches cost: RDS, Aurora, ElastiCache, DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from landform.review.cost.attributes import Attributes, Unpriced
from landform.review.cost.components import Gap, Mapper, Note, Part, Resource, costs

_GP3_LARGE_GB, _GP3_IOPS = 400, 12_000
_FREE_INSIGHTS_DAYS = 7


def _db_instance(resource: Resource) -> Iterator[Part]:
    """Multi-AZ has rows of its own: it is not exactly twice the price of one."""
    database = resource.attributes
    engine, size = database.text("engine"), database.text("instance_class")
    zones = "multi-az" if database.flag("multi_az") else "single-az"
    yield costs(f"aws_db_instance:{engine}:{size}:{zones}")
    yield resource.used("aws_db_instance:backup_storage_over_free", "backup_storage_over_free_gb")
    if not database.flag("skip_final_snapshot"):
        yield Note("leaves a final snapshot at each teardown, which is not in its cost")
    days = database.number("performance_insights_retention_period", _FREE_INSIGHTS_DAYS)
    if database.flag("performance_insights_enabled") and days > _FREE_INSIGHTS_DAYS:
        yield Gap(f"no price for Performance Insights kept for more than {_FREE_INSIGHTS_DAYS} days")
    if not str(database.values.get("engine", "")).startswith("aurora"):
        yield from _rds_storage(database, zones)


def _rds_storage(database: Attributes, zones: str) -> Iterator[Part]:
    size = database.number("allocated_storage")
    provisioned = database.get("iops", 0)
    kind = database.text("storage_type", "io1" if provisioned else "gp2")
    yield costs(f"aws_db_instance:storage:{kind}:{zones}", size)
    if kind in ("io1", "io2"):
        yield costs(f"aws_db_instance:iops:{kind}:{zones}", database.number("iops"))
    elif kind == "gp3" and size >= _GP3_LARGE_GB and Decimal(str(provisioned)) > _GP3_IOPS:
        over = Decimal(str(provisioned)) - _GP3_IOPS
        yield costs(f"aws_db_instance:iops_over_12000:gp3:{zones}", over)


def _cluster_instance(resource: Resource) -> Iterator[Part]:
    instance = resource.attributes
    size = instance.text("instance_class")
    found = resource.related(
        "aws_rds_cluster", "cluster_identifier", instance.values.get("cluster_identifier")
    )
    if len(found) != 1:
        raise Unpriced("its aws_rds_cluster is not in this plan")
    optimized = found[0].text("storage_type", "") == "aurora-iopt1"
    if size != "db.serverless":
        yield costs(f"aws_rds_cluster_instance:aurora:{size}{':io-optimized' if optimized else ''}")
        return
    key = f"aws_rds_cluster_instance:aurora:acu:{'io-optimized' if optimized else 'standard'}"
    average = resource.used(key, "average_acu")
    if average.low is not None:
        yield costs(key, average.low)
        return
    scaling = found[0].block("serverlessv2_scaling_configuration")
    if scaling is None:
        raise Unpriced("its cluster's serverlessv2_scaling_configuration is not set")
    yield costs(key, scaling.number("min_capacity"), scaling.number("max_capacity"))


def _cluster(resource: Resource) -> Iterator[Part]:
    cluster = resource.attributes
    if not cluster.text("engine").startswith("aurora"):
        raise Unpriced("no prices for clusters other than Aurora")
    optimized = cluster.text("storage_type", "") == "aurora-iopt1"
    yield resource.used(f"aws_rds_cluster:aurora:storage{':io-optimized' if optimized else ''}", "storage_gb")
    if not optimized:
        yield resource.used("aws_rds_cluster:aurora:io", "io_requests")
    yield resource.used("aws_rds_cluster:aurora:backup_storage", "backup_storage_over_free_gb")
    if not cluster.flag("skip_final_snapshot"):
        yield Note("leaves a final snapshot at each teardown, which is not in its cost")


def _cache(resource: Resource) -> Iterator[Part]:
    cache = resource.attributes
    nodes = cache.number("num_cache_nodes", 1)
    yield costs(f"aws_elasticache:{cache.text('engine', 'redis')}:{cache.text('node_type')}", nodes)
    yield resource.used("aws_elasticache:backup_storage", "backup_storage_gb")


def _cache_group(resource: Resource) -> Iterator[Part]:
    group = resource.attributes
    key = f"aws_elasticache:{group.text('engine', 'redis')}:{group.text('node_type')}"
    if group.get("num_node_groups", None) is not None:
        nodes = group.number("num_node_groups") * (1 + group.number("replicas_per_node_group", 0))
    else:
        nodes = group.number("num_cache_clusters", 1)
    yield costs(key, nodes)
    yield resource.used("aws_elasticache:backup_storage", "backup_storage_gb")


def _dynamodb(resource: Resource) -> Iterator[Part]:
    table = resource.attributes
    if table.text("billing_mode", "PROVISIONED") == "PAY_PER_REQUEST":
        yield resource.used("aws_dynamodb_table:on-demand:read", "read_request_units")
        yield resource.used("aws_dynamodb_table:on-demand:write", "write_request_units")
    else:
        every = (table, *table.blocks("global_secondary_index"))
        reads = sum((each.number("read_capacity") for each in every), Decimal())
        writes = sum((each.number("write_capacity") for each in every), Decimal())
        yield costs("aws_dynamodb_table:provisioned:rcu", reads)
        yield costs("aws_dynamodb_table:provisioned:wcu", writes)
    yield resource.used("aws_dynamodb_table:storage", "storage_gb")
    recovery = table.block("point_in_time_recovery")
    if recovery is not None and recovery.flag("enabled"):
        yield resource.used("aws_dynamodb_table:pitr", "storage_gb")
    yield resource.used("aws_dynamodb_table:on_demand_backup", "backup_storage_gb")
    if table.count("replica"):
        yield Gap("no prices for replicas in other regions")


MAPPERS = {
    "aws_db_instance": Mapper(_db_instance, ("backup_storage_over_free_gb",)),
    "aws_dynamodb_table": Mapper(
        _dynamodb, ("read_request_units", "write_request_units", "storage_gb", "backup_storage_gb")
    ),
    "aws_elasticache_cluster": Mapper(_cache, ("backup_storage_gb",)),
    "aws_elasticache_replication_group": Mapper(_cache_group, ("backup_storage_gb",)),
    "aws_rds_cluster": Mapper(_cluster, ("storage_gb", "io_requests", "backup_storage_over_free_gb")),
    "aws_rds_cluster_instance": Mapper(_cluster_instance, ("average_acu",)),
}
