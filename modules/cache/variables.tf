variable "name" {
  description = "Id of the replication group and prefix of its resources' names: 2 to 32 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9]){1,31}$", var.name)) && length(var.name) <= 32
    error_message = "The name must have 2 to 32 characters: lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen."
  }
}

variable "tags" {
  description = "Tags put on every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether the cache may be destroyed unattended, with all its data: true leaves no final snapshot."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "The vpc_id must be the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "subnet_ids" {
  description = "Ids of the subnets that the cache may be in; for nodes.multi_az in at least two availability zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 1
    error_message = "The subnet_ids must name at least one subnet."
  }
}

variable "allowed_security_groups" {
  description = "Who may connect: security group ids by a name of your choice. The names must be known at plan, the ids need not be."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for id in values(var.allowed_security_groups) : startswith(id, "sg-")])
    error_message = "Each of allowed_security_groups must be the id of a security group, such as sg-0123456789abcdef0."
  }
}

variable "engine" {
  description = "What runs: family (\"valkey\" or \"redis\"), version (\"8.0\"), port, and engine parameters by name."
  type = object({
    family     = optional(string, "valkey")
    version    = optional(string, "8.0")
    port       = optional(number, 6379)
    parameters = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["valkey", "redis"], var.engine.family)
    error_message = "The engine.family must be \"valkey\" or \"redis\"; Memcached has neither encryption at rest nor users."
  }

  validation {
    condition = !contains(["valkey", "redis"], var.engine.family) || can(regex(
      { valkey = "^(7\\.2|[89]\\.[0-9])$", redis = "^7\\.[0-9]$" }[var.engine.family], var.engine.version
    ))
    error_message = "The engine.version must be like \"8.0\": Valkey from 7.2, or Redis 7, which are the ones that log in with IAM."
  }

  validation {
    condition     = var.engine.port >= 1150 && var.engine.port <= 65535 && floor(var.engine.port) == var.engine.port
    error_message = "The engine.port must be a whole number from 1150 to 65535."
  }

  validation {
    condition     = !contains(keys(var.engine.parameters), "cluster-enabled")
    error_message = "The engine.parameters must not set cluster-enabled, which follows from nodes.shards."
  }
}

variable "nodes" {
  description = <<-EOT
    What it runs on.
    type: node type. replicas: of each shard, 0 to 5; with one or more, a replica takes over from a primary that fails.
    multi_az: whether the nodes of a shard are in different zones.
    shards: cluster mode, with this many shards; without it there is one, and no cluster mode.
  EOT
  type = object({
    type     = string
    shards   = optional(number)
    replicas = optional(number, 1)
    multi_az = optional(bool, true)
  })
  nullable = false

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.nodes.type))
    error_message = "The nodes.type must be an ElastiCache node type such as cache.t4g.small."
  }

  validation {
    condition     = var.nodes.replicas >= 0 && var.nodes.replicas <= 5 && floor(var.nodes.replicas) == var.nodes.replicas
    error_message = "The nodes.replicas must be a whole number from 0 to 5."
  }

  validation {
    condition     = !var.nodes.multi_az || var.nodes.replicas >= 1
    error_message = "The nodes.multi_az needs nodes.replicas of at least 1: there is nothing to take over in the other zone."
  }

  validation {
    condition = var.nodes.shards == null || try(
      var.nodes.shards >= 1 && floor(var.nodes.shards) == var.nodes.shards && var.nodes.shards * (var.nodes.replicas + 1) <= 500, false
    )
    error_message = "The nodes.shards must be a whole number from 1, and make at most 500 nodes with their replicas."
  }
}

variable "users" {
  description = "Who may log in, by name, with IAM: access_string says what to, as in the ACLs of the engine. The user is called NAME-KEY, with the cache's name."
  type = map(object({
    access_string = optional(string, "on ~* +@all")
  }))
  default  = { app = {} }
  nullable = false

  validation {
    condition     = length(var.users) > 0 && alltrue([for key in keys(var.users) : can(regex("^[a-z0-9](-?[a-z0-9])*$", key))])
    error_message = "The users must have at least one name, each of lower-case letters, digits and single hyphens: without a user nobody can log in."
  }

  validation {
    condition     = alltrue([for user in values(var.users) : can(regex("^(on|off) [^>#]+$", user.access_string))])
    error_message = "The access_string of each of users must begin with \"on \" or \"off \" and hold no password: users log in with IAM."
  }
}

variable "kms_key_arn" {
  description = "ARN of your own KMS key for the data at rest, instead of the one of AWS. A change replaces the cache."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "The kms_key_arn must be the ARN of a KMS key."
  }
}

variable "snapshots" {
  description = <<-EOT
    retention_days: how long daily snapshots stay; 0 for none. window: when they are taken, in UTC.
    final_snapshot_identifier: of the snapshot taken when the cache is destroyed; needed unless it is ephemeral, and new
    for each cache that is destroyed.
  EOT
  type = object({
    retention_days            = optional(number, 7)
    window                    = optional(string, "03:00-04:00")
    final_snapshot_identifier = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.snapshots.retention_days >= 0 && var.snapshots.retention_days <= 35 && floor(var.snapshots.retention_days) == var.snapshots.retention_days
    error_message = "The snapshots.retention_days must be a whole number from 0 (no snapshots) to 35."
  }

  validation {
    condition = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.snapshots.window)) && try(alltrue([
      for minutes in [[for clock in split("-", var.snapshots.window) : tonumber(split(":", clock)[0]) * 60 + tonumber(split(":", clock)[1])]] :
      (minutes[1] - minutes[0] + 1440) % 1440 >= 60
    ]), false)
    error_message = "The snapshots.window must be at least an hour of each day in UTC, such as 03:00-04:00."
  }

  validation {
    condition     = var.snapshots.final_snapshot_identifier == null || can(regex("^[a-zA-Z](-?[a-zA-Z0-9]){0,254}$", var.snapshots.final_snapshot_identifier))
    error_message = "The snapshots.final_snapshot_identifier must have letters, digits and single hyphens, start with a letter and not end with a hyphen."
  }
}

variable "maintenance" {
  description = <<-EOT
    window: weekly, in UTC. apply_immediately: whether changes are made at once or in the window.
    auto_minor_version_upgrade: whether AWS upgrades the minor version. notification_topic_arn: SNS topic that is told of what AWS does.
  EOT
  type = object({
    window                     = optional(string, "sun:04:30-sun:05:30")
    apply_immediately          = optional(bool, false)
    auto_minor_version_upgrade = optional(bool, true)
    notification_topic_arn     = optional(string)
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
        ]] : (minutes[1] - minutes[0] + 10080) % 10080 >= 60 && (minutes[1] - minutes[0] + 10080) % 10080 <= 1440
    ]), false)
    error_message = "The maintenance.window must be from an hour to a day of each week in UTC, such as sun:04:30-sun:05:30."
  }

  validation {
    condition     = var.maintenance.notification_topic_arn == null || can(regex("^arn:[a-z-]+:sns:", var.maintenance.notification_topic_arn))
    error_message = "The maintenance.notification_topic_arn must be the ARN of an SNS topic."
  }
}

variable "logs" {
  description = "What is sent to CloudWatch Logs (types: \"slow-log\", \"engine-log\"), for how many retention_days, and with which key of your own."
  type = object({
    types          = optional(set(string), ["slow-log", "engine-log"])
    retention_days = optional(number, 30)
    kms_key_arn    = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(var.logs.types, ["slow-log", "engine-log"])) == 0
    error_message = "The logs.types may hold \"slow-log\" and \"engine-log\" only."
  }

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.logs.retention_days
    )
    error_message = "The logs.retention_days must be a number of days that CloudWatch Logs offers, such as 7, 30, 90 or 365."
  }
}

variable "alarms" {
  description = <<-EOT
    When CloudWatch raises an alarm of a node, after three times five minutes.
    kinds: which alarms there are. cpu_percent: of the engine's processor. memory_percent: of the memory for data. evictions: in five minutes.
    connections: of the 65000 that a node takes. topic_arns: SNS topics that are told of an alarm and of its end.
  EOT
  type = object({
    kinds          = optional(set(string), ["cpu", "memory", "evictions", "connections"])
    cpu_percent    = optional(number, 80)
    memory_percent = optional(number, 80)
    evictions      = optional(number, 100)
    connections    = optional(number, 50000)
    topic_arns     = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(var.alarms.kinds, ["cpu", "memory", "evictions", "connections"])) == 0
    error_message = "The alarms.kinds may hold \"cpu\", \"memory\", \"evictions\" and \"connections\" only."
  }

  validation {
    condition     = alltrue([for percent in [var.alarms.cpu_percent, var.alarms.memory_percent] : percent > 0 && percent <= 100])
    error_message = "The alarms.cpu_percent and memory_percent must be greater than 0 and at most 100."
  }

  validation {
    condition     = alltrue([for count in [var.alarms.evictions, var.alarms.connections] : count >= 0])
    error_message = "The alarms.evictions and connections must not be negative; leave an alarm out of alarms.kinds to have none."
  }

  validation {
    condition     = alltrue([for arn in var.alarms.topic_arns : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "Each of alarms.topic_arns must be the ARN of an SNS topic."
  }
}
