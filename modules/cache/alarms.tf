locals {
  alarm_kinds = {
    cpu = {
      metric = "EngineCPUUtilization", statistic = "Average", threshold = var.alarms.cpu_percent
      says   = "uses more than ${var.alarms.cpu_percent} percent of the processor its engine has"
    }
    memory = {
      metric = "DatabaseMemoryUsagePercentage", statistic = "Average", threshold = var.alarms.memory_percent
      says   = "uses more than ${var.alarms.memory_percent} percent of its memory"
    }
    evictions = {
      metric = "Evictions", statistic = "Sum", threshold = var.alarms.evictions
      says   = "evicts more than ${var.alarms.evictions} keys in five minutes"
    }
    connections = {
      metric = "CurrConnections", statistic = "Maximum", threshold = var.alarms.connections
      says   = "has more than ${var.alarms.connections} connections"
    }
  }

  alarms = merge([
    for suffix in local.node_suffixes : {
      for kind, alarm in local.alarm_kinds : "${suffix}/${kind}" => merge(alarm, { kind = kind, node = "${var.name}-${suffix}" })
      if contains(var.alarms.kinds, kind)
    }
  ]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${each.value.node}-cache-${each.value.kind}"
  alarm_description   = "The cache node ${each.value.node} ${each.value.says}"
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value.metric
  dimensions          = { CacheClusterId = each.value.node }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 3
  treat_missing_data  = "missing"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = merge(var.tags, { Name = "${each.value.node}-cache-${each.value.kind}" })
}
