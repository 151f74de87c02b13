locals {
  endpoint    = local.aurora ? one([for cluster in aws_rds_cluster.this : cluster.endpoint]) : one([for instance in aws_db_instance.this : instance.address])
  resource_id = local.aurora ? one([for cluster in aws_rds_cluster.this : cluster.cluster_resource_id]) : one([for instance in aws_db_instance.this : instance.resource_id])
  reader_endpoint = (
    local.aurora ? one([for cluster in aws_rds_cluster.this : cluster.reader_endpoint]) :
    length(local.replicas) > 0 ? aws_db_instance.replica[keys(local.replicas)[0]].address : local.endpoint
  )
}

output "endpoint" {
  description = "Host name to write to and read from, without the port. In Aurora it follows the writer."
  value       = local.endpoint
}

output "reader_endpoint" {
  description = "Host name to read from: in Aurora it spreads over the readers; in RDS it is the first replica by name, or the database itself."
  value       = local.reader_endpoint
}

output "replica_endpoints" {
  description = "Host names of the RDS read replicas by name; empty in Aurora, whose reader_endpoint has them all."
  value       = { for key, replica in aws_db_instance.replica : key => replica.address }
}

output "port" {
  description = "Port of the database and its proxy."
  value       = local.port
}

output "database_name" {
  description = "Name of the database made at the start; null if there is none."
  value       = var.database.name
}

output "username" {
  description = "Name of the master user."
  value       = var.database.username
}

output "secret_arn" {
  description = "ARN of the secret in Secrets Manager with the master user's name and password, as JSON."
  value       = local.secret_arn
}

output "security_group_id" {
  description = "Id of the database's security group."
  value       = aws_security_group.this.id
}

output "identifier" {
  description = "Identifier of the instance, or of the Aurora cluster."
  value       = var.name
}

output "instance_identifiers" {
  description = "Identifiers of all instances: \"main\", \"standby\" (Aurora with multi_az) and the replicas, by name."
  value       = local.identifiers
}

output "arn" {
  description = "ARN of the instance, or of the Aurora cluster."
  value       = one(concat([for instance in aws_db_instance.this : instance.arn], [for cluster in aws_rds_cluster.this : cluster.arn]))
}

output "resource_id" {
  description = "Id of the instance or cluster that never changes, as policies and Performance Insights have it."
  value       = local.resource_id
}

output "iam_connect_arn" {
  description = "ARN to which a policy for rds-db:connect adds the name of the database user."
  value       = "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${local.resource_id}/"
}

output "engine_version" {
  description = "Version that runs, major and minor."
  value       = one(concat([for instance in aws_db_instance.this : instance.engine_version_actual], [for cluster in aws_rds_cluster.this : cluster.engine_version_actual]))
}

output "parameter_group_name" {
  description = "Name of the parameter group; in Aurora that of the cluster."
  value       = one(concat([for group in aws_db_parameter_group.this : group.name], [for group in aws_rds_cluster_parameter_group.this : group.name]))
}

output "subnet_group_name" {
  description = "Name of the subnet group."
  value       = aws_db_subnet_group.this.name
}

output "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the storage."
  value       = one(concat([for instance in aws_db_instance.this : instance.kms_key_id], [for cluster in aws_rds_cluster.this : cluster.kms_key_id]))
}

output "proxy_endpoint" {
  description = "Host name of the RDS Proxy; null without one."
  value       = one([for proxy in aws_db_proxy.this : proxy.endpoint])
}

output "log_group_names" {
  description = "Names of the log groups: instance and log (main/postgresql), or \"proxy\", to name."
  value       = { for key, group in aws_cloudwatch_log_group.this : key => group.name }
}

output "alarm_arns" {
  description = "ARNs of the alarms: instance and kind (main/cpu) to ARN."
  value       = { for key, alarm in aws_cloudwatch_metric_alarm.this : key => alarm.arn }
}
