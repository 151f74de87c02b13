# A group is of one major version and has no prefix to be unique by, so the version is in its name: the
# new one stands before the cache changes to it.
resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-${var.engine.family}${local.major_version}${local.sharded ? "-cluster" : ""}"
  family      = "${var.engine.family}${local.major_version}"
  description = "Parameters of ${var.name}"
  tags        = merge(var.tags, { Name = var.name })

  dynamic "parameter" {
    for_each = merge(var.engine.parameters, local.sharded ? { cluster-enabled = "yes" } : {})

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
