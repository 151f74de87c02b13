# Every cache needs it, so it also tells what cannot go together. Validations of the variables would
# tell less at once: Terraform leaves out those that refer to another variable that is wrong itself.
resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Subnets of the cache ${var.name}"
  subnet_ids  = var.subnet_ids
  tags        = merge(var.tags, { Name = var.name })

  lifecycle {
    precondition {
      condition     = !var.nodes.multi_az || length(var.subnet_ids) >= 2
      error_message = "The subnet_ids must name at least two subnets, in two availability zones, for nodes.multi_az."
    }

    precondition {
      condition     = !local.windows_overlap
      error_message = "The maintenance.window must not overlap with snapshots.window, which is daily."
    }

    precondition {
      condition     = var.ephemeral || var.snapshots.final_snapshot_identifier != null
      error_message = "The snapshots.final_snapshot_identifier is missing: name the snapshot that destroying the cache leaves, or set ephemeral = true for a cache whose data may go."
    }

    precondition {
      condition     = alltrue([for key in keys(var.users) : length("${var.name}-${key}") <= 40])
      error_message = "The names in users must make at most 40 characters with the cache's name and a hyphen: ElastiCache takes no longer user id."
    }

    precondition {
      condition     = var.engine.family != "redis" || !contains(keys(var.users), "default")
      error_message = "The users must not hold \"default\": Redis needs that user, and the module makes it, switched off."
    }
  }
}
