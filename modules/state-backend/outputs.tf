output "bucket" {
  description = "Name of the state bucket."
  value       = aws_s3_bucket.this.bucket
}

output "bucket_arn" {
  description = "ARN of the state bucket."
  value       = local.bucket_arn
}

output "region" {
  description = "Region of the state bucket."
  value       = data.aws_region.current.id
}

output "kms_key_arn" {
  description = "ARN of the key that objects are encrypted with, for the backend's kms_key_id; null with SSE-S3."
  value       = local.has_key ? local.key_arn : null
}

output "lock_table_name" {
  description = "Name of the lock table, for the backend's dynamodb_table; null without one."
  value       = one(aws_dynamodb_table.locks[*].name)
}

output "replication_role_arn" {
  description = "ARN of the role that copies, which the policy of the other bucket has to let in where that is another account's; null without replication."
  value       = one(aws_iam_role.replication[*].arn)
}

output "plan_policy_json" {
  description = "IAM policy document for whoever plans: reads states, locks and records, and keeps plans."
  value       = data.aws_iam_policy_document.plan.json
}

output "apply_policy_json" {
  description = "IAM policy document for whoever applies: all of plan_policy_json; writes states, locks and records."
  value       = data.aws_iam_policy_document.apply.json
}
