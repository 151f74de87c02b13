locals {
  kill_switch = { for name, switch in { switch = var.kill_switch } : name => switch if switch != null }
  stopped     = var.kill_switch == null ? {} : var.kill_switch.instances
  denied      = { for name, switch in local.kill_switch : name => switch if length(switch.roles) > 0 }

  switch_role_name = "${var.name}-kill-switch-${data.aws_region.current.id}"
}

data "aws_iam_policy_document" "assume_by_budgets" {
  for_each = local.kill_switch

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn}:budgets::${local.account}:budget/${var.name}-monthly*"]
    }
  }
}

# What the budget's service may do, and only to what is named.
data "aws_iam_policy_document" "switch" {
  for_each = local.kill_switch

  dynamic "statement" {
    for_each = local.stopped

    content {
      sid       = "Stop${replace(title(replace(statement.key, "-", " ")), " ", "")}"
      actions   = ["ec2:StopInstances"]
      resources = [for id in statement.value : "${local.arn}:ec2:${statement.key}:${local.account}:instance/${id}"]
    }
  }

  dynamic "statement" {
    for_each = length(local.stopped) > 0 ? { LookAtInstances = "ec2:DescribeInstanceStatus" } : {}

    content {
      #checkov:skip=CKV_AWS_356:EC2 has no narrower resource for this reading
      sid       = statement.key
      actions   = [statement.value]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = local.stopped

    content {
      sid     = "Run${replace(title(replace(statement.key, "-", " ")), " ", "")}"
      actions = ["ssm:StartAutomationExecution"]
      resources = [
        "${local.arn}:ssm:${statement.key}:*:automation-definition/AWS-StopEC2Instance:*",
        "${local.arn}:ssm:${statement.key}:*:document/AWS-StopEC2Instance",
        "${local.arn}:ssm:${statement.key}:${local.account}:automation-execution/*",
      ]
    }
  }

  dynamic "statement" {
    for_each = local.denied

    content {
      sid       = "AttachDenial"
      actions   = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"]
      resources = [for role in statement.value.roles : "${local.arn}:iam::${local.account}:role/${role}"]

      condition {
        test     = "ArnEquals"
        variable = "iam:PolicyARN"
        values   = local.denial_arns
      }
    }
  }
}

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "switch" {
  for_each = local.kill_switch

  name               = local.switch_role_name
  description        = "Stops what ${var.name}-monthly names when the budget is spent"
  assume_role_policy = data.aws_iam_policy_document.assume_by_budgets[each.key].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "switch" {
  for_each = local.kill_switch

  name   = "stop"
  role   = aws_iam_role.switch[each.key].id
  policy = data.aws_iam_policy_document.switch[each.key].json
}

data "aws_iam_policy_document" "denial" {
  for_each = local.denied

  statement {
    sid       = "NothingNew"
    effect    = "Deny"
    actions   = each.value.denied_actions
    resources = ["*"]
  }
}

resource "aws_iam_policy" "denial" {
  for_each = local.denied

  name        = "${local.switch_role_name}-denial"
  description = "Attached when the budget ${var.name}-monthly is spent"
  policy      = data.aws_iam_policy_document.denial[each.key].json
  tags        = var.tags
}

resource "aws_budgets_budget_action" "stop" {
  for_each = local.stopped

  budget_name        = aws_budgets_budget.spending["monthly"].name
  action_type        = "RUN_SSM_DOCUMENTS"
  approval_model     = var.kill_switch.approval
  notification_type  = "ACTUAL"
  execution_role_arn = aws_iam_role.switch["switch"].arn
  tags               = var.tags

  action_threshold {
    action_threshold_type  = "PERCENTAGE"
    action_threshold_value = var.kill_switch.threshold
  }

  definition {
    ssm_action_definition {
      action_sub_type = "STOP_EC2_INSTANCES"
      region          = each.key
      instance_ids    = each.value
    }
  }

  dynamic "subscriber" {
    for_each = local.switch_subscribers

    content {
      subscription_type = subscriber.value.type
      address           = subscriber.value.address
    }
  }

  # AWS tries the role when the action is made.
  depends_on = [aws_iam_role_policy.switch]
}

resource "aws_budgets_budget_action" "deny" {
  for_each = local.denied

  budget_name        = aws_budgets_budget.spending["monthly"].name
  action_type        = "APPLY_IAM_POLICY"
  approval_model     = each.value.approval
  notification_type  = "ACTUAL"
  execution_role_arn = aws_iam_role.switch[each.key].arn
  tags               = var.tags

  action_threshold {
    action_threshold_type  = "PERCENTAGE"
    action_threshold_value = each.value.threshold
  }

  definition {
    iam_action_definition {
      policy_arn = aws_iam_policy.denial[each.key].arn
      roles      = each.value.roles
    }
  }

  dynamic "subscriber" {
    for_each = local.switch_subscribers

    content {
      subscription_type = subscriber.value.type
      address           = subscriber.value.address
    }
  }

  depends_on = [aws_iam_role_policy.switch]
}

locals {
  switch_subscribers = concat(
    [for address in sort(var.notifications.emails) : { type = "EMAIL", address = address }],
    [for arn in local.topic_arns : { type = "SNS", address = arn }],
  )
}
