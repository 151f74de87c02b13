# Destroyed with the cache, and with an end to what they keep.
resource "aws_cloudwatch_log_group" "this" {
  for_each = var.logs.types

  name              = "/aws/elasticache/${var.name}/${each.key}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key_arn
  tags              = merge(var.tags, { Name = "/aws/elasticache/${var.name}/${each.key}" })
}
