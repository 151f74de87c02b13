locals {
  # Use of what was paid for in advance, in percent; it is told when there is less.
  commitments = merge(
    {
      for name, each in var.commitments.reserved_instances :
      name => { type = "RI_UTILIZATION", minimum = each.minimum, services = [each.service] }
    },
    {
      for name, each in { savings-plans = var.commitments.savings_plans } :
      name => { type = "SAVINGS_PLANS_UTILIZATION", minimum = each.minimum, services = [] } if each != null
    },
  )
}

resource "aws_budgets_budget" "commitment" {
  for_each = local.commitments

  name         = "${var.name}-${each.key}-use"
  budget_type  = each.value.type
  time_unit    = "MONTHLY"
  limit_amount = "100"
  limit_unit   = "PERCENTAGE"
  tags         = var.tags

  # AWS takes no other cost types for these two kinds.
  cost_types {
    include_credit             = false
    include_discount           = false
    include_other_subscription = false
    include_recurring          = false
    include_refund             = false
    include_subscription       = true
    include_support            = false
    include_tax                = false
    include_upfront            = false
    use_blended                = false
  }

  dynamic "cost_filter" {
    for_each = toset(each.value.services)

    content {
      name   = "Service"
      values = [cost_filter.value]
    }
  }

  notification {
    notification_type          = "ACTUAL"
    comparison_operator        = "LESS_THAN"
    threshold                  = each.value.minimum
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = var.notifications.emails
    subscriber_sns_topic_arns  = local.topic_arns
  }
}
