locals {
  # Aurora's volume grows by itself; what can fill up is the disk of an instance, and serverless has none.
  storage_metric = !local.aurora ? "FreeStorageSpace" : var.instances.serverless == null ? "FreeLocalStorage" : null

  alarm_kinds = {
    cpu = {
      metric = "CPUUtilization", threshold = var.alarms.cpu_percent, above = true
      says   = "uses more than ${var.alarms.cpu_percent} percent of its processors"
    }
    connections = {
      metric = "DatabaseConnections", threshold = var.alarms.connections, above = true
      says   = "has more than ${coalesce(var.alarms.connections, 0)} connections"
    }
    storage = {
      metric    = local.storage_metric
      threshold = var.alarms.free_storage_gib * 1024 * 1024 * 1024, above = false
      says      = "has less than ${var.alarms.free_storage_gib} GiB of storage left"
    }
    lag = {
      metric = "ReplicaLag", threshold = var.alarms.replica_lag_seconds, above = true
      says   = "is more than ${var.alarms.replica_lag_seconds} seconds behind"
    }
  }

  instance_alarms = merge([
    for key, identifier in local.identifiers : {
      for kind, alarm in local.alarm_kinds : "${key}/${kind}" => merge(alarm, {
        kind = kind, dimensions = { DBInstanceIdentifier = identifier }, identifier = identifier
      }) if kind != "lag" || contains(keys(local.replicas), key)
    }
  ]...)

  # Of the whole cluster, since any member may be the writer; in milliseconds.
  cluster_alarms = local.aurora && length(local.member_keys) > 1 ? {
    "cluster/lag" = merge(local.alarm_kinds.lag, {
      kind       = "lag", metric = "AuroraReplicaLag", identifier = var.name
      threshold  = var.alarms.replica_lag_seconds * 1000
      dimensions = { DBClusterIdentifier = var.name }
    })
  } : {}

  alarms = {
    for key, alarm in merge(local.instance_alarms, local.cluster_alarms) : key => alarm
    if contains(var.alarms.kinds, alarm.kind) && alarm.threshold != null && alarm.metric != null
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${each.value.identifier}-database-${each.value.kind}"
  alarm_description   = "The database ${each.value.identifier} ${each.value.says}"
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.kind == "lag" ? "Maximum" : "Average"
  comparison_operator = each.value.above ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 3
  treat_missing_data  = "missing"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = merge(var.tags, { Name = "${each.value.identifier}-database-${each.value.kind}" })
}
