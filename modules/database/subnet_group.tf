# Every database needs it, so it also tells what cannot go together. Validations of the variables would
# tell less at once: Terraform leaves out those that refer to another variable that is wrong itself.
resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Subnets of the database ${var.name}"
  subnet_ids  = var.subnet_ids
  tags        = merge(var.tags, { Name = var.name })

  lifecycle {
    precondition {
      condition     = var.instances.serverless == null || var.engine.aurora
      error_message = "The instances.serverless is for Aurora only: set engine.aurora = true, or an instances.class."
    }

    precondition {
      condition     = length(var.instances.replicas) <= (var.engine.aurora && var.instances.multi_az ? 14 : 15)
      error_message = "The instances.replicas may be 15 at most; in Aurora the standby is one of them."
    }

    precondition {
      condition     = var.engine.aurora || length(var.instances.replicas) == 0 || var.backup.retention_days > 0
      error_message = "The instances.replicas need backups: RDS copies a replica from one. Set backup.retention_days to at least 1."
    }

    precondition {
      condition     = var.engine.aurora || length(var.instances.replicas) == 0 || var.database.password == "write_only"
      error_message = "The instances.replicas need database.password = \"write_only\": RDS makes no read replica of an instance whose password it manages itself."
    }

    precondition {
      condition     = var.storage.type == null || contains(var.engine.aurora ? ["aurora-iopt1"] : ["gp3", "io1", "io2"], coalesce(var.storage.type, "gp3"))
      error_message = "The storage.type ${coalesce(var.storage.type, "gp3")} is not for ${local.engine}: RDS takes gp3, io1 and io2, Aurora aurora-iopt1 or nothing."
    }

    precondition {
      condition = !var.engine.aurora || alltrue([
        for value in [var.storage.size, var.storage.max_size, var.storage.iops, var.storage.throughput] : value == null
      ])
      error_message = "The storage.size, max_size, iops and throughput are not for Aurora, whose storage grows by itself."
    }

    precondition {
      condition     = var.ephemeral || var.backup.final_snapshot_identifier != null
      error_message = "The backup.final_snapshot_identifier is missing: name the snapshot that destroying the database leaves, or set ephemeral = true for a database whose data may go."
    }

    precondition {
      condition     = !local.windows_overlap
      error_message = "The maintenance.window must not overlap with backup.window, which is daily."
    }

    precondition {
      condition     = !var.maintenance.blue_green_update || !var.engine.aurora
      error_message = "The maintenance.blue_green_update is for RDS only: the AWS provider has none for Aurora."
    }

    precondition {
      condition     = !var.maintenance.blue_green_update || var.backup.retention_days > 0
      error_message = "The maintenance.blue_green_update needs backups: set backup.retention_days to at least 1."
    }

    precondition {
      condition     = !var.maintenance.blue_green_update || length(var.instances.replicas) == 0
      error_message = "The maintenance.blue_green_update must not be used with instances.replicas, which the switch would leave with the old instance."
    }

    precondition {
      condition     = !var.maintenance.blue_green_update || var.database.password == "write_only"
      error_message = "The maintenance.blue_green_update needs database.password = \"write_only\": RDS does not copy an instance whose password it manages itself."
    }

    precondition {
      condition = !var.monitoring.performance_insights || var.engine.family != "mysql" || !can(regex(
        "^db\\.t[0-9a-z]+\\.(micro|small)$", coalesce(var.instances.class, "db.serverless")
      ))
      error_message = "The monitoring.performance_insights must be false here: MySQL has none on micro and small instance classes."
    }

    precondition {
      condition     = length(setsubtract(local.logs, local.known_logs[local.engine])) == 0
      error_message = "The monitoring.logs may hold ${join(", ", local.known_logs[local.engine])} for ${local.engine}."
    }

    precondition {
      condition     = var.proxy == null || var.engine.family != "postgres" || tonumber(local.major_version) >= 11
      error_message = "The proxy cannot serve this engine: RDS Proxy takes PostgreSQL from version 11."
    }

    precondition {
      condition     = var.proxy == null || try(var.instances.serverless.min > 0, true)
      error_message = "The proxy cannot serve a database with instances.serverless.min = 0: it holds connections, so the database would never pause. Set min to at least 0.5."
    }

    precondition {
      condition     = !var.engine.aurora || var.backup.retention_days > 0
      error_message = "The backup.retention_days must be at least 1: Aurora always keeps backups."
    }

    precondition {
      condition     = var.engine.family != "mysql" || length(var.database.username) <= 16
      error_message = "The database.username must have at most 16 characters: MySQL takes no more."
    }
  }
}
