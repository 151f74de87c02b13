locals {
  logs = toset(var.logging.enabled ? ["logs"] : [])
}

resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_18:A log of the log would grow by itself
  #checkov:skip=CKV_AWS_21:CloudFront writes each file once
  #checkov:skip=CKV_AWS_144:A log that expires is not copied
  #checkov:skip=CKV_AWS_145:CloudFront writes under S3's own key without a policy on a key
  #checkov:skip=CKV2_AWS_62:Nothing waits for new files
  for_each = local.logs

  bucket        = local.log_bucket_name
  force_destroy = var.ephemeral
  tags          = merge(var.tags, { Name = local.log_bucket_name })
}

# CloudFront's standard log needs ACLs: it adds itself to the bucket's when the log is turned on.
resource "aws_s3_bucket_ownership_controls" "logs" {
  #checkov:skip=CKV2_AWS_65:CloudFront's standard log is written through an ACL
  for_each = aws_s3_bucket.logs

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  for_each = aws_s3_bucket.logs

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  for_each = aws_s3_bucket.logs

  bucket = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  for_each = aws_s3_bucket.logs

  bucket = each.value.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.logging.retention_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

data "aws_iam_policy_document" "logs" {
  for_each = local.log_bucket_arns

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value, "${each.value}/*"]

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

resource "aws_s3_bucket_policy" "logs" {
  for_each = aws_s3_bucket.logs

  bucket = each.value.id
  policy = data.aws_iam_policy_document.logs[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.logs, aws_s3_bucket_ownership_controls.logs]
}
