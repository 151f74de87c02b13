locals {
  monitoring_keys     = toset(var.monitoring.enhanced_interval > 0 ? ["enhanced"] : [])
  monitoring_role_arn = one([for role in aws_iam_role.monitoring : role.arn])
}

data "aws_iam_policy_document" "assume_by_monitoring" {
  for_each = local.monitoring_keys

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "monitoring" {
  for_each = local.monitoring_keys

  name               = "${var.name}-rds-monitoring-${data.aws_region.current.id}"
  description        = "Enhanced Monitoring of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_monitoring[each.key].json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  for_each = local.monitoring_keys

  role       = aws_iam_role.monitoring[each.key].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
