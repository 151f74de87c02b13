resource "aws_cloudwatch_metric_alarm" "charges" {
  for_each = { for name, usd in { charges = var.billing_alarm_usd } : name => usd if usd != null }

  alarm_name          = "${var.name}-estimated-charges"
  alarm_description   = "The month's estimated charges of account ${local.account} are over ${each.value} USD"
  namespace           = "AWS/Billing"
  metric_name         = "EstimatedCharges"
  dimensions          = { Currency = "USD" }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value
  period              = 21600
  evaluation_periods  = 1
  treat_missing_data  = "ignore"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns
  tags                = var.tags

  lifecycle {
    precondition {
      condition     = var.notifications.topic != "none"
      error_message = "The billing_alarm_usd needs a notifications.topic of \"own\" or \"given\": an alarm tells topics only."
    }

    precondition {
      condition     = data.aws_region.current.id == "us-east-1"
      error_message = "The billing alarm must be in us-east-1, and this is ${data.aws_region.current.id}: AWS has the metric EstimatedCharges there only. Give the module a provider of us-east-1, or leave out billing_alarm_usd; budgets work from every region."
    }
  }
}
