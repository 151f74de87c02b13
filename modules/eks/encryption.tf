locals {
  own_kms_key = coalesce(var.control_plane.own_kms_key, var.control_plane.kms_key_arn == null)
  kms_key_arn = local.own_kms_key ? aws_kms_key.secrets["secrets"].arn : var.control_plane.kms_key_arn
}

data "aws_iam_policy_document" "kms_key" {
  #checkov:skip=CKV_AWS_109:a key policy speaks of its own key only; IAM of the account decides who may use it
  #checkov:skip=CKV_AWS_111:as above
  #checkov:skip=CKV_AWS_356:as above
  statement {
    sid       = "LeaveAccessToIam"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "secrets" {
  for_each = toset(local.own_kms_key ? ["secrets"] : [])

  description             = "Kubernetes secrets of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.ephemeral ? 7 : 30
  policy                  = data.aws_iam_policy_document.kms_key.json
  tags                    = merge(var.tags, { Name = "${var.name}-secrets" })
}

resource "aws_kms_alias" "secrets" {
  for_each = aws_kms_key.secrets

  name          = "alias/${var.name}-secrets"
  target_key_id = each.value.key_id
}
