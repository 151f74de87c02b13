resource "aws_athena_workgroup" "this" {
  for_each = local.report

  name          = "${var.name}-costs"
  description   = "Queries about costs"
  force_destroy = var.ephemeral
  tags          = var.tags

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = 10737418240

    result_configuration {
      output_location       = "s3://${aws_s3_bucket.report[each.key].id}/athena/"
      expected_bucket_owner = local.account

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

resource "aws_glue_catalog_database" "this" {
  for_each = local.report

  name        = local.report_name
  description = "Cost and Usage Reports of account ${local.account}"
  tags        = var.tags
}

data "aws_iam_policy_document" "assume_by_glue" {
  for_each = local.report

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "crawler" {
  for_each = local.report

  statement {
    sid       = "ReadReports"
    actions   = ["s3:GetObject"]
    resources = ["${local.report_bucket_arns[each.key]}/reports/*"]
  }

  statement {
    sid       = "ListBucket"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [local.report_bucket_arns[each.key]]
  }

  statement {
    sid = "KeepTable"
    actions = [
      "glue:BatchCreatePartition",
      "glue:BatchGetPartition",
      "glue:CreatePartition",
      "glue:CreateTable",
      "glue:GetDatabase",
      "glue:GetPartition",
      "glue:GetPartitions",
      "glue:GetTable",
      "glue:GetTables",
      "glue:UpdatePartition",
      "glue:UpdateTable",
    ]
    resources = [
      "${local.arn}:glue:${data.aws_region.current.id}:${local.account}:catalog",
      local.database_arns[each.key],
      "${local.arn}:glue:${data.aws_region.current.id}:${local.account}:table/${local.report_name}/*",
    ]
  }

  statement {
    sid       = "WriteLog"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.arn}:logs:${data.aws_region.current.id}:${local.account}:log-group:/aws-glue/crawlers*"]
  }
}

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "crawler" {
  for_each = local.report

  name               = "${var.name}-crawler-${data.aws_region.current.id}"
  description        = "Keeps the table of ${local.report_name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_glue[each.key].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "crawler" {
  for_each = local.report

  name   = "crawl"
  role   = aws_iam_role.crawler[each.key].id
  policy = data.aws_iam_policy_document.crawler[each.key].json
}

# The table's columns follow the services in use, so they are found, not written down.
resource "aws_glue_crawler" "this" {
  #checkov:skip=CKV_AWS_195:It writes to Glue's catalog and log only, and holds no data itself
  for_each = local.report

  name          = "${var.name}-costs"
  description   = "Finds the columns and months of ${local.report_name}"
  database_name = aws_glue_catalog_database.this[each.key].name
  role          = aws_iam_role.crawler[each.key].arn
  schedule      = "cron(0 6 * * ? *)"
  tags          = var.tags

  s3_target {
    path       = "s3://${aws_s3_bucket.report[each.key].id}/reports/${local.report_name}/${local.report_name}"
    exclusions = ["**.json", "**.yml", "**.sql", "**.csv", "**.gz", "**.zip"]
  }

  schema_change_policy {
    update_behavior = "UPDATE_IN_DATABASE"
    delete_behavior = "LOG"
  }

  depends_on = [aws_iam_role_policy.crawler]
}
