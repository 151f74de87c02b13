data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

# The lookups have a default so that a wrong family is told by its validation alone.
locals {
  aurora = var.engine.aurora
  mysql  = var.engine.family == "mysql"
  engine = local.aurora ? lookup(
    { postgres = "aurora-postgresql", mysql = "aurora-mysql" }, var.engine.family, var.engine.family
  ) : var.engine.family

  # PostgreSQL counts its major versions by one number, MySQL by two.
  version_numbers  = split(".", var.engine.version)
  major_version    = local.mysql ? join(".", slice(local.version_numbers, 0, min(2, length(local.version_numbers)))) : local.version_numbers[0]
  parameter_family = "${local.engine}${local.major_version}"

  # RDS would upgrade an exact version, and the next plan would ask for the older one.
  auto_minor_version_upgrade = coalesce(
    var.maintenance.auto_minor_version_upgrade, var.engine.version == local.major_version
  )

  port = coalesce(var.database.port, local.mysql ? 3306 : 5432)

  instance_class = var.instances.serverless != null ? "db.serverless" : var.instances.class
  # What has instances by name: in RDS one and its replicas, in Aurora a cluster's members, of which
  # any may be the writer.
  member_keys = concat(
    ["main"], local.aurora && var.instances.multi_az ? ["standby"] : [], keys(var.instances.replicas)
  )
  identifiers = {
    for key in local.member_keys : key => !local.aurora && key == "main" ? var.name : "${var.name}-${key}"
  }

  rds_keys    = toset(local.aurora ? [] : ["main"])
  aurora_keys = toset(local.aurora ? ["main"] : [])
  replicas    = local.aurora ? {} : var.instances.replicas

  final_snapshot_identifier = var.ephemeral ? null : var.backup.final_snapshot_identifier
}
