output "endpoint" {
  description = "Host name to connect to: the configuration endpoint in cluster mode, else the primary's, which follows a failover."
  value       = local.sharded ? aws_elasticache_replication_group.this.configuration_endpoint_address : aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint" {
  description = "Host name to read from; in cluster mode the same as endpoint, whose client finds the replicas."
  value       = local.sharded ? aws_elasticache_replication_group.this.configuration_endpoint_address : aws_elasticache_replication_group.this.reader_endpoint_address
}

output "port" {
  description = "Port of all nodes."
  value       = var.engine.port
}

output "identifier" {
  description = "Id of the replication group, which a client needs for its IAM token."
  value       = aws_elasticache_replication_group.this.replication_group_id
}

output "arn" {
  description = "ARN of the replication group."
  value       = aws_elasticache_replication_group.this.arn
}

output "security_group_id" {
  description = "Id of the cache's security group."
  value       = aws_security_group.this.id
}

output "user_names" {
  description = "Names to log in with, by the keys of users."
  value       = { for key, user in aws_elasticache_user.this : key => user.user_name }
}

output "connect_policies" {
  description = "IAM policies, as JSON, that let a role log in: by the keys of users."
  value       = { for key, document in data.aws_iam_policy_document.connect : key => document.json }
}

output "user_group_id" {
  description = "Id of the user group."
  value       = aws_elasticache_user_group.this.user_group_id
}

output "parameter_group_name" {
  description = "Name of the parameter group."
  value       = aws_elasticache_parameter_group.this.name
}

output "subnet_group_name" {
  description = "Name of the subnet group."
  value       = aws_elasticache_subnet_group.this.name
}

output "kms_key_arn" {
  description = "ARN of your own KMS key; null with the one of AWS."
  value       = var.kms_key_arn
}

output "log_group_names" {
  description = "Names of the log groups, by type of log."
  value       = { for type, group in aws_cloudwatch_log_group.this : type => group.name }
}

output "alarm_arns" {
  description = "ARNs of the alarms: node and kind (001/cpu, in cluster mode 0001-001/cpu) to ARN."
  value       = { for key, alarm in aws_cloudwatch_metric_alarm.this : key => alarm.arn }
}
