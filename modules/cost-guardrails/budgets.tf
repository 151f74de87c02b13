locals {
  # One shape for all of them: a name, an amount, cost filters and thresholds.
  spending = merge(
    { monthly = merge(var.monthly_budget, { services = [], filters = {} }) },
    var.budgets,
  )
  thresholds = {
    for name, budget in local.spending : name => concat(
      [for percent in sort([for each in budget.actual_thresholds : format("%09.2f", each)]) : { type = "ACTUAL", percent = tonumber(percent) }],
      [for percent in sort([for each in budget.forecast_thresholds : format("%09.2f", each)]) : { type = "FORECASTED", percent = tonumber(percent) }],
    )
  }
  filters = {
    for name, budget in local.spending : name => merge(
      budget.filters, { for kind in length(budget.services) > 0 ? ["Service"] : [] : kind => budget.services }
    )
  }
}

resource "aws_budgets_budget" "spending" {
  for_each = local.spending

  name         = "${var.name}-${each.key}"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(each.value.amount)
  limit_unit   = "USD"
  tags         = var.tags

  dynamic "cost_filter" {
    for_each = local.filters[each.key]

    content {
      name   = cost_filter.key
      values = sort(cost_filter.value)
    }
  }

  dynamic "notification" {
    for_each = local.thresholds[each.key]

    content {
      notification_type          = notification.value.type
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.notifications.emails
      subscriber_sns_topic_arns  = local.topic_arns
    }
  }
}
