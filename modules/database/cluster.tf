resource "aws_rds_cluster" "this" {
  #checkov:skip=CKV_AWS_139:on unless ephemeral
  #checkov:skip=CKV_AWS_133:backup.retention_days is at least 1
  #checkov:skip=CKV_AWS_162:on unless database.iam_authentication says otherwise
  #checkov:skip=CKV2_AWS_8:it has automated backups; a plan of AWS Backup is the account's
  for_each = local.aurora_keys

  cluster_identifier              = var.name
  engine                          = local.engine
  engine_mode                     = "provisioned"
  engine_version                  = var.engine.version
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this[each.key].name
  allow_major_version_upgrade     = var.maintenance.allow_major_version_upgrade
  apply_immediately               = var.maintenance.apply_immediately
  preferred_maintenance_window    = var.maintenance.window
  tags                            = merge(var.tags, { Name = var.name })

  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  port                                = local.port
  iam_database_authentication_enabled = var.database.iam_authentication

  database_name                 = var.database.name
  master_username               = var.database.username
  manage_master_user_password   = local.managed_password ? true : null
  master_user_secret_kms_key_id = local.managed_password ? var.database.secret_kms_key_arn : null
  master_password_wo            = local.written_password
  master_password_wo_version    = local.written_password_version

  storage_type      = var.storage.type
  storage_encrypted = true
  kms_key_id        = var.storage.kms_key_arn

  backup_retention_period   = var.backup.retention_days
  preferred_backup_window   = var.backup.window
  copy_tags_to_snapshot     = true
  delete_automated_backups  = var.ephemeral
  deletion_protection       = !var.ephemeral
  skip_final_snapshot       = var.ephemeral
  final_snapshot_identifier = local.final_snapshot_identifier

  enabled_cloudwatch_logs_exports = local.logs

  dynamic "serverlessv2_scaling_configuration" {
    for_each = var.instances.serverless[*]

    content {
      min_capacity             = serverlessv2_scaling_configuration.value.min
      max_capacity             = serverlessv2_scaling_configuration.value.max
      seconds_until_auto_pause = serverlessv2_scaling_configuration.value.seconds_until_auto_pause
    }
  }

  depends_on = [aws_cloudwatch_log_group.this]
}

# Named by key, not by role: a failover makes any of them the writer.
resource "aws_rds_cluster_instance" "this" {
  #checkov:skip=CKV_AWS_353:on unless monitoring.performance_insights says otherwise
  #checkov:skip=CKV_AWS_118:a choice with a price, monitoring.enhanced_interval
  for_each = toset(local.aurora ? local.member_keys : [])

  identifier                 = local.identifiers[each.key]
  cluster_identifier         = aws_rds_cluster.this["main"].id
  engine                     = aws_rds_cluster.this["main"].engine
  engine_version             = aws_rds_cluster.this["main"].engine_version
  instance_class             = try(coalesce(var.instances.replicas[each.key].class), local.instance_class)
  availability_zone          = try(var.instances.replicas[each.key].availability_zone, null)
  promotion_tier             = try(var.instances.replicas[each.key].promotion_tier, each.key == "main" ? 0 : 1)
  db_subnet_group_name       = aws_db_subnet_group.this.name
  publicly_accessible        = false
  auto_minor_version_upgrade = local.auto_minor_version_upgrade
  apply_immediately          = var.maintenance.apply_immediately
  copy_tags_to_snapshot      = true
  tags                       = merge(var.tags, { Name = local.identifiers[each.key] })

  performance_insights_enabled          = var.monitoring.performance_insights
  performance_insights_retention_period = local.insights_days
  performance_insights_kms_key_id       = local.insights_key
  monitoring_interval                   = var.monitoring.enhanced_interval
  monitoring_role_arn                   = local.monitoring_role_arn

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}
