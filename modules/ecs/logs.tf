locals {
  log_groups = { for name in keys(var.services) : name => "/ecs/${var.name}/${name}" }
}

resource "aws_cloudwatch_log_group" "service" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is the user's choice.
  for_each = var.services

  name              = local.log_groups[each.key]
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

# What is typed in ECS Exec sessions, and what they answer.
resource "aws_cloudwatch_log_group" "exec" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is the user's choice.
  name              = "/ecs-exec/${var.name}"
  retention_in_days = var.logs.exec_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_cloudwatch_log_group" "insights" {
  #checkov:skip=CKV_AWS_338:Metrics are made of these events at once; nobody reads the old ones.
  for_each = toset(var.cluster.container_insights == "disabled" ? [] : ["performance"])

  name              = "/aws/ecs/containerinsights/${var.name}/${each.key}"
  retention_in_days = var.logs.insights_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}
