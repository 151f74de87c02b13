locals {
  own_monitor = toset(var.anomalies.enabled && var.anomalies.create_monitor ? ["services"] : [])
  monitor_arns = (
    var.anomalies.create_monitor
    ? [for monitor in aws_ce_anomaly_monitor.this : monitor.arn]
    : [var.anomalies.monitor_arn]
  )

  # AWS takes mail for a summary only, and a topic for single messages only.
  subscribers = var.anomalies.enabled ? merge(
    length(var.notifications.emails) > 0 ? { email = { type = "EMAIL", frequency = "DAILY", addresses = sort(var.notifications.emails) } } : {},
    var.notifications.topic != "none" ? { topic = { type = "SNS", frequency = "IMMEDIATE", addresses = local.topic_arns } } : {},
  ) : {}
}

resource "aws_ce_anomaly_monitor" "this" {
  for_each = local.own_monitor

  name              = "${var.name}-services"
  monitor_type      = "DIMENSIONAL"
  monitor_dimension = "SERVICE"
  tags              = var.tags
}

resource "aws_ce_anomaly_subscription" "this" {
  for_each = local.subscribers

  name             = "${var.name}-${each.key}"
  frequency        = each.value.frequency
  monitor_arn_list = local.monitor_arns
  tags             = var.tags

  threshold_expression {
    dimension {
      key           = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
      match_options = ["GREATER_THAN_OR_EQUAL"]
      values        = [tostring(var.anomalies.minimum_usd)]
    }
  }

  dynamic "subscriber" {
    for_each = each.value.addresses

    content {
      type    = each.value.type
      address = subscriber.value
    }
  }

  # AWS tries the topic when the subscription is made.
  depends_on = [aws_sns_topic_policy.this]
}
