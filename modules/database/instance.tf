resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_293:on unless ephemeral
  #checkov:skip=CKV_AWS_133:seven days unless backup.retention_days says otherwise
  #checkov:skip=CKV_AWS_353:on unless monitoring.performance_insights says otherwise
  #checkov:skip=CKV_AWS_118:a choice with a price, monitoring.enhanced_interval
  for_each = local.rds_keys

  identifier                  = var.name
  engine                      = local.engine
  engine_version              = var.engine.version
  instance_class              = local.instance_class
  multi_az                    = var.instances.multi_az
  parameter_group_name        = aws_db_parameter_group.this[each.key].name
  allow_major_version_upgrade = var.maintenance.allow_major_version_upgrade
  auto_minor_version_upgrade  = local.auto_minor_version_upgrade
  apply_immediately           = var.maintenance.apply_immediately
  maintenance_window          = var.maintenance.window
  tags                        = merge(var.tags, { Name = var.name })

  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  publicly_accessible                 = false
  port                                = local.port
  iam_database_authentication_enabled = var.database.iam_authentication

  db_name                       = var.database.name
  username                      = var.database.username
  manage_master_user_password   = local.managed_password ? true : null
  master_user_secret_kms_key_id = local.managed_password ? var.database.secret_kms_key_arn : null
  password_wo                   = local.written_password
  password_wo_version           = local.written_password_version

  storage_type          = local.storage_type
  allocated_storage     = local.storage_size
  max_allocated_storage = var.storage.max_size
  iops                  = var.storage.iops
  storage_throughput    = var.storage.throughput
  storage_encrypted     = true
  kms_key_id            = var.storage.kms_key_arn

  backup_retention_period   = var.backup.retention_days
  backup_window             = var.backup.window
  copy_tags_to_snapshot     = true
  delete_automated_backups  = var.ephemeral
  deletion_protection       = !var.ephemeral
  skip_final_snapshot       = var.ephemeral
  final_snapshot_identifier = local.final_snapshot_identifier

  performance_insights_enabled          = var.monitoring.performance_insights
  performance_insights_retention_period = local.insights_days
  performance_insights_kms_key_id       = local.insights_key
  monitoring_interval                   = var.monitoring.enhanced_interval
  monitoring_role_arn                   = local.monitoring_role_arn
  enabled_cloudwatch_logs_exports       = local.logs

  # Changes are tried on a copy that then takes the name of the database.
  dynamic "blue_green_update" {
    for_each = var.maintenance.blue_green_update ? { enabled = true } : {}

    content {
      enabled = blue_green_update.value
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}

locals {
  storage_type  = coalesce(var.storage.type, "gp3")
  storage_size  = coalesce(var.storage.size, 20)
  insights_days = var.monitoring.performance_insights ? var.monitoring.performance_insights_retention_days : null
  insights_key  = var.monitoring.performance_insights ? var.monitoring.performance_insights_kms_key_arn : null
}

# It holds no data of its own, so it is neither backed up nor protected. The password, the subnets, the
# storage's size and its key are the source's.
resource "aws_db_instance" "replica" {
  #checkov:skip=CKV_AWS_353:on unless monitoring.performance_insights says otherwise
  #checkov:skip=CKV_AWS_118:a choice with a price, monitoring.enhanced_interval
  #checkov:skip=CKV_AWS_133:its source is backed up
  #checkov:skip=CKV_AWS_157:a replica is itself the second copy
  #checkov:skip=CKV_AWS_293:it can be made again from its source
  for_each = local.replicas

  identifier                 = local.identifiers[each.key]
  replicate_source_db        = aws_db_instance.this["main"].identifier
  engine                     = local.engine
  instance_class             = coalesce(each.value.class, local.instance_class)
  availability_zone          = each.value.availability_zone
  parameter_group_name       = aws_db_parameter_group.this["main"].name
  auto_minor_version_upgrade = local.auto_minor_version_upgrade
  apply_immediately          = var.maintenance.apply_immediately
  maintenance_window         = var.maintenance.window
  tags                       = merge(var.tags, { Name = local.identifiers[each.key] })

  vpc_security_group_ids              = [aws_security_group.this.id]
  publicly_accessible                 = false
  port                                = local.port
  iam_database_authentication_enabled = var.database.iam_authentication

  storage_type          = local.storage_type
  max_allocated_storage = var.storage.max_size
  iops                  = var.storage.iops
  storage_throughput    = var.storage.throughput
  storage_encrypted     = true

  backup_retention_period = 0
  copy_tags_to_snapshot   = true
  deletion_protection     = false
  skip_final_snapshot     = true

  performance_insights_enabled          = var.monitoring.performance_insights
  performance_insights_retention_period = local.insights_days
  performance_insights_kms_key_id       = local.insights_key
  monitoring_interval                   = var.monitoring.enhanced_interval
  monitoring_role_arn                   = local.monitoring_role_arn
  enabled_cloudwatch_logs_exports       = local.logs

  lifecycle {
    # Without its source it would go on by itself, as an instance that nothing feeds.
    replace_triggered_by = [aws_db_instance.this["main"].resource_id]
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}
