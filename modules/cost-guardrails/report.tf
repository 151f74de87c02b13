locals {
  report      = { for name, report in { report = var.report } : name => report if report != null }
  report_name = replace("${var.name}-costs", "-", "_")
  bucket_name = try(coalesce(var.report.bucket_name, "${var.name}-costs-${local.account}-${data.aws_region.current.id}"), "")
}

resource "aws_s3_bucket" "report" {
  #checkov:skip=CKV_AWS_18:Only the billing service and Athena reach the reports
  #checkov:skip=CKV_AWS_144:AWS can write the reports again
  #checkov:skip=CKV_AWS_145:The billing service writes under S3's own key without a policy on a key
  #checkov:skip=CKV2_AWS_62:The crawler comes each day by itself
  for_each = local.report

  bucket        = local.bucket_name
  force_destroy = var.ephemeral
  tags          = merge(var.tags, { Name = local.bucket_name })
}

resource "aws_s3_bucket_ownership_controls" "report" {
  for_each = aws_s3_bucket.report

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "report" {
  for_each = aws_s3_bucket.report

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "report" {
  for_each = aws_s3_bucket.report

  bucket = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "report" {
  for_each = aws_s3_bucket.report

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "report" {
  for_each = aws_s3_bucket.report

  bucket = each.value.id

  # Athena still reads this class of Glacier; it does not read the slower ones.
  rule {
    id     = "reports"
    status = "Enabled"

    filter {
      prefix = "reports/"
    }

    transition {
      days          = var.report.glacier_after_days
      storage_class = "GLACIER_IR"
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  rule {
    id     = "query-results"
    status = "Enabled"

    filter {
      prefix = "athena/"
    }

    expiration {
      days = 30
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }
  }

  rule {
    id     = "uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # S3 takes a rule about versions only when there can be some.
  depends_on = [aws_s3_bucket_versioning.report]
}

data "aws_iam_policy_document" "report" {
  for_each = local.report_bucket_arns

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

  dynamic "statement" {
    for_each = {
      BillingLooks  = { actions = ["s3:GetBucketAcl", "s3:GetBucketPolicy"], resource = each.value }
      BillingWrites = { actions = ["s3:PutObject"], resource = "${each.value}/*" }
    }

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = [statement.value.resource]

      principals {
        type        = "Service"
        identifiers = ["billingreports.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = ["${local.arn}:cur:us-east-1:${local.account}:definition/*"]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "report" {
  for_each = aws_s3_bucket.report

  bucket = each.value.id
  policy = data.aws_iam_policy_document.report[each.key].json

  # S3 refuses two changes of who may reach a bucket at the same time.
  depends_on = [aws_s3_bucket_public_access_block.report, aws_s3_bucket_ownership_controls.report]
}

resource "aws_cur_report_definition" "this" {
  for_each = { for name, report in local.report : name => report if report.define }

  report_name                = local.report_name
  time_unit                  = each.value.time_unit
  format                     = "Parquet"
  compression                = "Parquet"
  additional_schema_elements = ["RESOURCES", "SPLIT_COST_ALLOCATION_DATA"]
  additional_artifacts       = ["ATHENA"]
  s3_bucket                  = aws_s3_bucket.report[each.key].id
  s3_region                  = data.aws_region.current.id
  s3_prefix                  = "reports"
  refresh_closed_reports     = true
  report_versioning          = "OVERWRITE_REPORT"
  tags                       = var.tags

  # AWS writes a test object when the report is defined.
  depends_on = [aws_s3_bucket_policy.report]
}
