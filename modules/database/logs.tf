locals {
  default_logs = {
    "postgres"          = ["postgresql", "upgrade"]
    "mysql"             = ["error"]
    "aurora-postgresql" = ["postgresql"]
    "aurora-mysql"      = ["error"]
  }
  known_logs = {
    "postgres"          = ["postgresql", "upgrade", "iam-db-auth-error"]
    "mysql"             = ["audit", "error", "general", "slowquery", "iam-db-auth-error"]
    "aurora-postgresql" = ["postgresql", "instance", "iam-db-auth-error"]
    "aurora-mysql"      = ["audit", "error", "general", "slowquery", "instance", "iam-db-auth-error"]
  }
  logs = var.monitoring.logs != null ? var.monitoring.logs : toset(lookup(local.default_logs, local.engine, []))

  # Aurora writes the logs of all members to the cluster's groups.
  log_owners = local.aurora ? { main = "cluster/${var.name}" } : {
    for key, identifier in local.identifiers : key => "instance/${identifier}"
  }
  log_groups = merge(
    merge([
      for key, owner in local.log_owners : { for log in local.logs : "${key}/${log}" => "/aws/rds/${owner}/${log}" }
    ]...),
    { for key in local.proxy_keys : key => "/aws/rds/proxy/${var.name}" },
  )
}

# RDS would make a missing group by itself, without an end to what it keeps.
resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_groups

  name              = each.value
  retention_in_days = var.monitoring.log_retention_days
  kms_key_id        = var.monitoring.log_kms_key_arn
  tags              = merge(var.tags, { Name = each.value })
}
