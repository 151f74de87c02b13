locals {
  interruptions = {
    health    = { source = "aws.health", type = "AWS Health Event" }
    rebalance = { source = "aws.ec2", type = "EC2 Instance Rebalance Recommendation" }
    spot      = { source = "aws.ec2", type = "EC2 Spot Instance Interruption Warning" }
    state     = { source = "aws.ec2", type = "EC2 Instance State-change Notification" }
  }
  karpenter_rules = var.karpenter.enabled ? local.interruptions : {}
}

resource "aws_sqs_queue" "karpenter" {
  for_each = local.karpenter

  name                      = "${var.name}-karpenter"
  message_retention_seconds = 300 # an interruption is over by then
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

data "aws_iam_policy_document" "karpenter_queue" {
  for_each = aws_sqs_queue.karpenter

  statement {
    sid       = "TakeEventsOfTheRules"
    actions   = ["sqs:SendMessage"]
    resources = [each.value.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for rule in aws_cloudwatch_event_rule.karpenter : rule.arn]
    }
  }

  statement {
    sid       = "RefuseWithoutTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "karpenter" {
  for_each = aws_sqs_queue.karpenter

  queue_url = each.value.url
  policy    = data.aws_iam_policy_document.karpenter_queue[each.key].json
}

resource "aws_cloudwatch_event_rule" "karpenter" {
  for_each = local.karpenter_rules

  name          = "${var.name}-karpenter-${each.key}"
  description   = "${each.value.type}, for Karpenter of ${var.name}"
  event_pattern = jsonencode({ source = [each.value.source], detail-type = [each.value.type] })
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "karpenter" {
  for_each = local.karpenter_rules

  rule      = aws_cloudwatch_event_rule.karpenter[each.key].name
  target_id = "karpenter"
  arn       = aws_sqs_queue.karpenter["karpenter"].arn
}
