locals {
  sharded       = var.nodes.shards != null
  major_version = split(".", var.engine.version)[0]
  shards        = coalesce(var.nodes.shards, 1)

  # Named as ElastiCache names the nodes; each may be the primary of its shard.
  node_suffixes = flatten([
    for shard in range(1, local.shards + 1) : [
      for node in range(1, var.nodes.replicas + 2) :
      local.sharded ? format("%04d-%03d", shard, node) : format("%03d", node)
    ]
  ])
}

resource "aws_elasticache_replication_group" "this" {
  #checkov:skip=CKV2_AWS_50:on with a replica or more, see nodes
  replication_group_id       = var.name
  description                = "Cache ${var.name}"
  engine                     = var.engine.family
  engine_version             = var.engine.version
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  auto_minor_version_upgrade = var.maintenance.auto_minor_version_upgrade
  apply_immediately          = var.maintenance.apply_immediately
  maintenance_window         = var.maintenance.window
  notification_topic_arn     = var.maintenance.notification_topic_arn
  tags                       = merge(var.tags, { Name = var.name })

  node_type                  = var.nodes.type
  cluster_mode               = local.sharded ? "enabled" : "disabled"
  num_cache_clusters         = local.sharded ? null : var.nodes.replicas + 1
  num_node_groups            = var.nodes.shards
  replicas_per_node_group    = local.sharded ? var.nodes.replicas : null
  automatic_failover_enabled = local.sharded || var.nodes.replicas > 0
  multi_az_enabled           = var.nodes.multi_az

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  port               = var.engine.port

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn
  user_group_ids             = [aws_elasticache_user_group.this.user_group_id]

  snapshot_retention_limit  = var.snapshots.retention_days
  snapshot_window           = var.snapshots.retention_days > 0 ? var.snapshots.window : null
  final_snapshot_identifier = var.ephemeral ? null : var.snapshots.final_snapshot_identifier

  dynamic "log_delivery_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      log_type         = log_delivery_configuration.key
      destination_type = "cloudwatch-logs"
      destination      = log_delivery_configuration.value.name
      log_format       = "json"
    }
  }
}
