locals {
  alarm_kinds = {
    target_5xx = {
      metric = "HTTPCode_Target_5XX_Count", statistic = "Sum", percentile = null, threshold = var.alarms.target_5xx
      says   = "has answered more than ${var.alarms.target_5xx} requests a minute with 5xx"
    }
    alb_5xx = {
      metric = "HTTPCode_ELB_5XX_Count", statistic = "Sum", percentile = null, threshold = var.alarms.alb_5xx
      says   = "could not be reached for more than ${var.alarms.alb_5xx} requests a minute: its load balancer answered 5xx"
    }
    latency = {
      metric = "TargetResponseTime", statistic = null, percentile = "p95", threshold = var.alarms.latency_seconds
      says   = "takes more than ${var.alarms.latency_seconds} seconds for one request in twenty"
    }
    unhealthy_hosts = {
      metric = "UnHealthyHostCount", statistic = "Maximum", percentile = null, threshold = var.alarms.unhealthy_hosts
      says   = "has more than ${var.alarms.unhealthy_hosts} unhealthy instances"
    }
  }

  # An alarm that nobody is told of is made only where it is asked for by name.
  default_kinds = toset(length(var.alarms.topic_arns) > 0 ? keys(local.alarm_kinds) : [])
  kinds         = var.alarms.kinds == null ? local.default_kinds : var.alarms.kinds
  alarms        = { for kind, alarm in local.alarm_kinds : kind => alarm if contains(local.kinds, kind) }

  balancer_dimension = { LoadBalancer = aws_lb.this.arn_suffix }
  target_dimensions  = merge(local.balancer_dimension, { TargetGroup = aws_lb_target_group.this.arn_suffix })
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-web-${replace(each.key, "_", "-")}"
  alarm_description   = "${var.name} ${each.value.says}"
  namespace           = "AWS/ApplicationELB"
  metric_name         = each.value.metric
  dimensions          = each.key == "alb_5xx" ? local.balancer_dimension : local.target_dimensions
  statistic           = each.value.statistic
  extended_statistic  = each.value.percentile
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.combined ? [] : var.alarms.topic_arns
  ok_actions          = var.alarms.combined ? [] : var.alarms.topic_arns
  tags                = merge(var.tags, { Name = "${var.name}-web-${replace(each.key, "_", "-")}" })
}

resource "aws_cloudwatch_composite_alarm" "this" {
  for_each = toset(var.alarms.combined && length(local.alarms) > 0 ? ["any"] : [])

  alarm_name        = "${var.name}-web"
  alarm_description = "${var.name} has at least one alarm"
  alarm_rule        = join(" OR ", [for alarm in aws_cloudwatch_metric_alarm.this : "ALARM(\"${alarm.alarm_name}\")"])
  alarm_actions     = var.alarms.topic_arns
  ok_actions        = var.alarms.topic_arns
  tags              = merge(var.tags, { Name = "${var.name}-web" })
}

resource "aws_autoscaling_notification" "launch_failures" {
  for_each = var.alarms.launch_failure_topic_arns

  group_names   = [aws_autoscaling_group.this.name]
  notifications = ["autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"]
  topic_arn     = each.value
}
