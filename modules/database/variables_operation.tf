variable "backup" {
  description = <<-EOT
    Backups, from which the database can be restored to any second of the last retention_days.
    window: daily, in UTC.
    final_snapshot_identifier: of the snapshot taken when the database is destroyed; needed unless it is ephemeral, and
    new for each database that is destroyed.
  EOT
  type = object({
    retention_days            = optional(number, 7)
    window                    = optional(string, "03:00-04:00")
    final_snapshot_identifier = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.backup.retention_days >= 0 && var.backup.retention_days <= 35 && floor(var.backup.retention_days) == var.backup.retention_days
    error_message = "The backup.retention_days must be a whole number from 0 (no backups) to 35."
  }

  validation {
    condition = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.backup.window)) && try(alltrue([
      for minutes in [[for clock in split("-", var.backup.window) : tonumber(split(":", clock)[0]) * 60 + tonumber(split(":", clock)[1])]] :
      (minutes[1] - minutes[0] + 1440) % 1440 >= 30
    ]), false)
    error_message = "The backup.window must be at least half an hour of each day in UTC, such as 03:00-04:00."
  }

  validation {
    condition     = var.backup.final_snapshot_identifier == null || can(regex("^[a-zA-Z](-?[a-zA-Z0-9]){0,254}$", var.backup.final_snapshot_identifier))
    error_message = "The backup.final_snapshot_identifier must have letters, digits and single hyphens, start with a letter and not end with a hyphen."
  }
}

variable "maintenance" {
  description = <<-EOT
    window: weekly, in UTC. apply_immediately: whether changes that stop the database are made at once or in the window.
    auto_minor_version_upgrade: by default if engine.version is a major one. allow_major_version_upgrade: needed to change that.
    blue_green_update: whether changes are tried on a copy that then takes over, with less than a minute of downtime.
  EOT
  type = object({
    window                      = optional(string, "sun:04:30-sun:05:30")
    apply_immediately           = optional(bool, false)
    auto_minor_version_upgrade  = optional(bool)
    allow_major_version_upgrade = optional(bool, false)
    blue_green_update           = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition = can(regex(
      "^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance.window
      )) && try(alltrue([
        for minutes in [[
          for moment in split("-", var.maintenance.window) :
          index(local.weekdays, split(":", moment)[0]) * 1440 + tonumber(split(":", moment)[1]) * 60 + tonumber(split(":", moment)[2])
        ]] : (minutes[1] - minutes[0] + 10080) % 10080 >= 30 && (minutes[1] - minutes[0] + 10080) % 10080 <= 1440
    ]), false)
    error_message = "The maintenance.window must be from half an hour to a day of each week in UTC, such as sun:04:30-sun:05:30."
  }
}

variable "monitoring" {
  description = <<-EOT
    performance_insights: whether to keep load by statement, for performance_insights_retention_days (7 are free).
    enhanced_interval: seconds between two reports of the operating system (Enhanced Monitoring); 0 for none.
    logs: what is sent to CloudWatch Logs; by default the engine's errors. log_retention_days: how long it stays there.
    performance_insights_kms_key_arn, log_kms_key_arn: your own keys instead of those of AWS.
  EOT
  type = object({
    performance_insights                = optional(bool, true)
    performance_insights_retention_days = optional(number, 7)
    performance_insights_kms_key_arn    = optional(string)
    enhanced_interval                   = optional(number, 0)
    logs                                = optional(set(string))
    log_retention_days                  = optional(number, 30)
    log_kms_key_arn                     = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(concat([7, 731], [for month in range(1, 24) : month * 31]), var.monitoring.performance_insights_retention_days)
    error_message = "The monitoring.performance_insights_retention_days must be 7, a multiple of 31 up to 713, or 731."
  }

  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.monitoring.enhanced_interval)
    error_message = "The monitoring.enhanced_interval must be 0, 1, 5, 10, 15, 30 or 60 seconds."
  }

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.monitoring.log_retention_days
    )
    error_message = "The monitoring.log_retention_days must be a number of days that CloudWatch Logs offers, such as 7, 30, 90 or 365."
  }
}

variable "alarms" {
  description = <<-EOT
    When CloudWatch raises an alarm, after three times five minutes.
    kinds: which alarms there are. cpu_percent, free_storage_gib, replica_lag_seconds: thresholds.
    connections: threshold, without which there is no such alarm, since the limit depends on the instance class.
    topic_arns: SNS topics that are told of an alarm and of its end.
  EOT
  type = object({
    kinds               = optional(set(string), ["cpu", "connections", "storage", "lag"])
    cpu_percent         = optional(number, 80)
    connections         = optional(number)
    free_storage_gib    = optional(number, 5)
    replica_lag_seconds = optional(number, 30)
    topic_arns          = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(var.alarms.kinds, ["cpu", "connections", "storage", "lag"])) == 0
    error_message = "The alarms.kinds may hold \"cpu\", \"connections\", \"storage\" and \"lag\" only."
  }

  validation {
    condition     = var.alarms.cpu_percent > 0 && var.alarms.cpu_percent <= 100
    error_message = "The alarms.cpu_percent must be greater than 0 and at most 100."
  }

  validation {
    condition = alltrue([
      for threshold in [var.alarms.connections, var.alarms.free_storage_gib, var.alarms.replica_lag_seconds] : try(threshold > 0, threshold == null)
    ])
    error_message = "The alarms.connections, free_storage_gib and replica_lag_seconds must be greater than 0; leave an alarm out of alarms.kinds to have none."
  }

  validation {
    condition     = alltrue([for arn in var.alarms.topic_arns : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "Each of alarms.topic_arns must be the ARN of an SNS topic."
  }
}

variable "proxy" {
  description = <<-EOT
    RDS Proxy in front of the database; none if not set.
    idle_client_timeout, connection_borrow_timeout: seconds. max_connections_percent, max_idle_connections_percent: of the database's own limit.
    require_iam: whether clients log in with IAM only.
  EOT
  type = object({
    idle_client_timeout          = optional(number, 1800)
    connection_borrow_timeout    = optional(number, 120)
    max_connections_percent      = optional(number, 100)
    max_idle_connections_percent = optional(number, 50)
    require_iam                  = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.proxy == null || try(var.proxy.idle_client_timeout >= 1 && var.proxy.idle_client_timeout <= 28800 && var.proxy.connection_borrow_timeout >= 0 && var.proxy.connection_borrow_timeout <= 300, false)
    error_message = "The proxy.idle_client_timeout must be from 1 to 28800 seconds, and proxy.connection_borrow_timeout from 0 to 300."
  }

  validation {
    condition     = var.proxy == null || try(var.proxy.max_connections_percent >= 1 && var.proxy.max_connections_percent <= 100 && var.proxy.max_idle_connections_percent >= 0 && var.proxy.max_idle_connections_percent <= var.proxy.max_connections_percent, false)
    error_message = "The proxy.max_connections_percent must be from 1 to 100, and proxy.max_idle_connections_percent not greater."
  }
}
