locals {
  # RDS for MySQL takes 1, Aurora MySQL takes ON, and each refuses the other's word.
  tls_parameter = local.mysql ? {
    name = "require_secure_transport", value = local.aurora ? "ON" : "1"
    } : {
    name = "rds.force_ssl", value = "1"
  }

  # "pending-reboot" suits every parameter, and a new database begins with all of them.
  parameters = merge(
    { (local.tls_parameter.name) = { value = local.tls_parameter.value, apply_method = "pending-reboot" } },
    var.engine.parameters,
  )
}

# A group is of one major version. The new one stands before the database changes to it, and the old
# one goes afterwards, so both need a name of their own.
resource "aws_db_parameter_group" "this" {
  for_each = local.rds_keys

  name_prefix = "${var.name}-"
  family      = local.parameter_family
  description = "Parameters of ${var.name}"
  tags        = merge(var.tags, { Name = var.name })

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_rds_cluster_parameter_group" "this" {
  for_each = local.aurora_keys

  name_prefix = "${var.name}-"
  family      = local.parameter_family
  description = "Parameters of ${var.name}"
  tags        = merge(var.tags, { Name = var.name })

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
