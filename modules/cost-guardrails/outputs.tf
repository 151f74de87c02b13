output "topic_arn" {
  description = "ARN of the topic that is told, own or given; null without one. Subscribe to it, or hand it to other alarms."
  value       = one(local.topic_arns)
}

output "budget_names" {
  description = "Budgets of costs: \"monthly\" and the keys of budgets, to their names in AWS."
  value       = { for key, budget in aws_budgets_budget.spending : key => budget.name }
}

output "commitment_budget_names" {
  description = "Budgets of the use of reserved instances and Savings Plans, to their names in AWS."
  value       = { for key, budget in aws_budgets_budget.commitment : key => budget.name }
}

output "anomaly_monitor_arn" {
  description = "ARN of the cost anomaly monitor; null without one."
  value       = var.anomalies.enabled ? one(local.monitor_arns) : null
}

output "report_bucket_name" {
  description = "Name of the bucket with the Cost and Usage Report; null without a report."
  value       = one([for bucket in aws_s3_bucket.report : bucket.id])
}

output "report_bucket_arn" {
  description = "ARN of the bucket with the Cost and Usage Report; null without a report."
  value       = one([for bucket in aws_s3_bucket.report : bucket.arn])
}

output "athena_workgroup_name" {
  description = "Athena workgroup for queries about costs; null without a report."
  value       = one([for workgroup in aws_athena_workgroup.this : workgroup.name])
}

output "athena_database_name" {
  description = "Database of the report in Glue's catalog, which Athena reads; null without a report."
  value       = one([for database in aws_glue_catalog_database.this : database.name])
}

output "kill_switch_role_arn" {
  description = "ARN of the role under which the budget stops what it names; null without a kill switch."
  value       = one([for role in aws_iam_role.switch : role.arn])
}
