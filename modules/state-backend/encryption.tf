locals {
  has_key = var.encryption.type != "s3"
  key_arn = var.encryption.type == "own_kms_key" ? aws_kms_key.this[0].arn : var.encryption.kms_key_arn
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    # A key for each object would be a request to KMS for each state that is read.
    bucket_key_enabled = local.has_key

    apply_server_side_encryption_by_default {
      sse_algorithm     = local.has_key ? "aws:kms" : "AES256"
      kms_master_key_id = local.has_key ? local.key_arn : null
    }
  }
}

# Who may use the key is said by IAM policies of the account, such as those in the outputs.
data "aws_iam_policy_document" "key" {
  count = var.encryption.type == "own_kms_key" ? 1 : 0

  #checkov:skip=CKV_AWS_109:in the policy of a key, the account itself and its IAM policies
  #checkov:skip=CKV_AWS_111:in the policy of a key, the account itself and its IAM policies
  #checkov:skip=CKV_AWS_356:in the policy of a key, * is this key
  statement {
    sid       = "AccountDecidesByIam"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "this" {
  count = var.encryption.type == "own_kms_key" ? 1 : 0

  description             = "Terraform states in ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.ephemeral ? 7 : 30
  policy                  = data.aws_iam_policy_document.key[0].json
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  count = var.encryption.type == "own_kms_key" ? 1 : 0

  name          = "alias/${replace(var.name, ".", "-")}"
  target_key_id = aws_kms_key.this[0].key_id
}
