locals {
  own_topic  = toset(var.notifications.topic == "own" ? ["own"] : [])
  topic_name = "${var.name}-costs"
  topic_arns = {
    own   = [for topic in aws_sns_topic.this : topic.arn]
    given = [var.notifications.topic_arn]
    none  = []
  }[var.notifications.topic]

  # The services that tell of costs.
  tellers = ["budgets.amazonaws.com", "costalerts.amazonaws.com", "cloudwatch.amazonaws.com"]
}

# The services cannot use SNS's own key, so an encrypted topic needs one that lets them.
data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:This is the policy of one key, whose account administers it
  #checkov:skip=CKV_AWS_111:This is the policy of one key, whose account administers it
  #checkov:skip=CKV_AWS_356:In the policy of a key, * is that key
  for_each = local.own_topic

  statement {
    sid       = "AccountAdministers"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["${local.arn}:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "ServicesTell"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = local.tellers
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_kms_key" "topic" {
  for_each = local.own_topic

  description             = "Topic ${local.topic_name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.ephemeral ? 7 : 30
  policy                  = data.aws_iam_policy_document.key[each.key].json
  tags                    = merge(var.tags, { Name = local.topic_name })
}

resource "aws_sns_topic" "this" {
  for_each = local.own_topic

  name              = local.topic_name
  kms_master_key_id = aws_kms_key.topic[each.key].arn
  tags              = var.tags
}

data "aws_iam_policy_document" "topic" {
  for_each = local.own_topic

  statement {
    sid       = "ServicesTell"
    actions   = ["sns:Publish"]
    resources = [local.own_topic_arns[each.key]]

    principals {
      type        = "Service"
      identifiers = local.tellers
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.own_topic

  arn    = aws_sns_topic.this[each.key].arn
  policy = data.aws_iam_policy_document.topic[each.key].json
}
