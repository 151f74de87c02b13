locals {
  flow_logs_to_cloudwatch = toset(var.flow_logs.destination == "cloudwatch" ? ["cloudwatch"] : [])
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts every group; flow_logs.kms_key_arn is for a key of your own.
  #checkov:skip=CKV_AWS_338:flow_logs.retention_days says how long; a year is too dear for most.
  for_each = local.flow_logs_to_cloudwatch

  name              = "/aws/vpc/flow-logs/${var.name}"
  retention_in_days = var.flow_logs.retention_days
  kms_key_id        = var.flow_logs.kms_key_arn
  tags              = merge(var.tags, { Name = var.name })
}

data "aws_iam_policy_document" "assume_by_flow_logs" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "flow_logs" {
  for_each = local.flow_logs_to_cloudwatch

  statement {
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.flow_logs[each.key].arn}:*"]
  }
}

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "flow_logs" {
  for_each = local.flow_logs_to_cloudwatch

  name               = "${var.name}-flow-logs-${data.aws_region.current.id}"
  description        = "Writes the flow logs of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_flow_logs.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "flow_logs" {
  for_each = local.flow_logs_to_cloudwatch

  name   = "write"
  role   = aws_iam_role.flow_logs[each.key].name
  policy = data.aws_iam_policy_document.flow_logs[each.key].json
}

resource "aws_flow_log" "this" {
  for_each = setsubtract([var.flow_logs.destination], ["none"])

  vpc_id                   = aws_vpc.this.id
  traffic_type             = var.flow_logs.traffic_type
  max_aggregation_interval = var.flow_logs.aggregation_seconds
  log_destination_type     = each.key == "s3" ? "s3" : "cloud-watch-logs"
  log_destination          = each.key == "s3" ? var.flow_logs.bucket_arn : aws_cloudwatch_log_group.flow_logs[each.key].arn
  iam_role_arn             = each.key == "s3" ? null : aws_iam_role.flow_logs[each.key].arn
  tags                     = merge(var.tags, { Name = var.name })

  # Columns and a folder for each hour: a question about one day reads one day.
  dynamic "destination_options" {
    for_each = each.key == "s3" ? ["parquet"] : []

    content {
      file_format                = destination_options.value
      per_hour_partition         = true
      hive_compatible_partitions = true
    }
  }

  depends_on = [aws_iam_role_policy.flow_logs]
}
