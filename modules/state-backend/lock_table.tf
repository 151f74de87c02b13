# The S3 backend asks for this key and no other attribute:
# https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking
resource "aws_dynamodb_table" "locks" {
  count = var.lock_table == null ? 0 : 1

  name                        = var.lock_table.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "LockID"
  deletion_protection_enabled = !var.ephemeral
  tags                        = var.tags

  attribute {
    name = "LockID"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  #checkov:skip=CKV_AWS_119:the key is an input (encryption); without one it is AWS's own for DynamoDB
  server_side_encryption {
    enabled     = true
    kms_key_arn = local.has_key ? local.key_arn : null
  }
}
