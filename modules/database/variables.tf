variable "name" {
  description = "Identifier of the database and prefix of its resources' names: 2 to 32 lower-case letters, digits and hyphens."
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
  description = "Whether the database may be destroyed unattended, with all its data: true turns deletion protection, the final snapshot, kept backups and the secret's recovery window off."
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
  description = "Ids of the subnets that the database may be in, in at least two availability zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "The subnet_ids must name at least two subnets, in two availability zones: RDS asks for them, and a Multi-AZ database is in both."
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
  description = <<-EOT
    What runs.
    family: "postgres" or "mysql". aurora: whether it is Aurora of that family.
    version: major ("16", "8.0"; AWS chooses the minor one) or exact ("16.4", "8.0.mysql_aurora.3.08.0").
    parameters: database parameters by name. apply_method: "pending-reboot", or "immediate" for a dynamic one.
  EOT
  type = object({
    family  = string
    version = string
    aurora  = optional(bool, false)
    parameters = optional(map(object({
      value        = string
      apply_method = optional(string, "pending-reboot")
    })), {})
  })
  nullable = false

  validation {
    condition     = contains(["postgres", "mysql"], var.engine.family)
    error_message = "The engine.family must be \"postgres\" or \"mysql\"; Aurora is one of them with engine.aurora = true."
  }

  validation {
    condition = !contains(["postgres", "mysql"], var.engine.family) || can(regex({
      postgres = "^[1-9][0-9](\\.[0-9]+)?$"
      mysql    = var.engine.aurora ? "^8\\.[0-9](\\.mysql_aurora\\.[0-9]+\\.[0-9]+\\.[0-9]+)?$" : "^8\\.[0-9](\\.[0-9]+)?$"
    }[var.engine.family], var.engine.version))
    error_message = "The engine.version must be major or exact: \"16\" or \"16.4\" of PostgreSQL, \"8.0\" or \"8.0.40\" of MySQL, \"8.0\" or \"8.0.mysql_aurora.3.08.0\" of Aurora MySQL."
  }

  validation {
    condition     = length(setintersection(keys(var.engine.parameters), ["rds.force_ssl", "require_secure_transport"])) == 0
    error_message = "The engine.parameters must not set rds.force_ssl or require_secure_transport: connections without TLS are always refused."
  }

  validation {
    condition     = alltrue([for parameter in values(var.engine.parameters) : contains(["immediate", "pending-reboot"], parameter.apply_method)])
    error_message = "The apply_method of each of engine.parameters must be \"immediate\" or \"pending-reboot\"."
  }
}

variable "instances" {
  description = <<-EOT
    What it runs on: a class, or for Aurora a range of serverless capacity.
    class: DB instance class.
    serverless: min and max in Aurora capacity units; with min = 0 it pauses after seconds_until_auto_pause.
    multi_az: a standby in another zone; in Aurora a second member.
    replicas: more instances to read from, by a name of your choice. class: another one than above.
    promotion_tier: of Aurora's readers, the lowest becomes the writer first.
  EOT
  type = object({
    class = optional(string)
    serverless = optional(object({
      min                      = number
      max                      = number
      seconds_until_auto_pause = optional(number)
    }))
    multi_az = optional(bool, true)
    replicas = optional(map(object({
      class             = optional(string)
      availability_zone = optional(string)
      promotion_tier    = optional(number, 10)
    })), {})
  })
  nullable = false

  validation {
    condition     = (var.instances.class == null) != (var.instances.serverless == null)
    error_message = "The instances must have either a class or a serverless capacity."
  }

  validation {
    condition = alltrue([
      for class in concat(var.instances.class[*], flatten([for replica in values(var.instances.replicas) : replica.class[*]])) :
      can(regex("^db\\.[a-z0-9-]+\\.[a-z0-9]+$", class))
    ])
    error_message = "The instances.class, and that of each replica, must be a DB instance class such as db.t4g.medium."
  }

  validation {
    condition     = var.instances.serverless == null || try(var.instances.serverless.min <= var.instances.serverless.max, false)
    error_message = "The instances.serverless.min must not be greater than instances.serverless.max."
  }

  validation {
    condition = var.instances.serverless == null || try(alltrue([
      for units in [var.instances.serverless.min, var.instances.serverless.max] : units >= 0 && units <= 256 && floor(units * 2) == units * 2
    ]) && var.instances.serverless.max >= 1, false)
    error_message = "The instances.serverless.min and max must be from 0 to 256 Aurora capacity units in steps of a half, and max at least 1."
  }

  validation {
    condition = try(var.instances.serverless.seconds_until_auto_pause, null) == null || try(
      var.instances.serverless.min == 0 && var.instances.serverless.seconds_until_auto_pause >= 300 && var.instances.serverless.seconds_until_auto_pause <= 86400, false
    )
    error_message = "The instances.serverless.seconds_until_auto_pause must be from 300 to 86400, and goes with min = 0 only."
  }

  validation {
    condition = alltrue([
      for key in keys(var.instances.replicas) :
      can(regex("^[a-z0-9](-?[a-z0-9])*$", key)) && length(key) <= 30 && !contains(["main", "standby"], key)
    ])
    error_message = "Each name in instances.replicas must have lower-case letters, digits and single hyphens, at most 30 of them, and not be \"main\" or \"standby\"."
  }

  validation {
    condition     = alltrue([for replica in values(var.instances.replicas) : replica.promotion_tier >= 0 && replica.promotion_tier <= 15])
    error_message = "The promotion_tier of each of instances.replicas must be from 0 to 15."
  }
}

variable "storage" {
  description = <<-EOT
    Storage, always encrypted.
    type: "gp3" (default), "io1" or "io2"; in Aurora "aurora-iopt1" or nothing.
    size: GiB at the start (default 20). max_size: up to which it grows by itself; without it, it does not.
    iops, throughput (MiB/s): more than the type has by itself. Aurora takes none of these four.
    kms_key_arn: your own key instead of the one of AWS. A change replaces the database.
  EOT
  type = object({
    type        = optional(string)
    size        = optional(number)
    max_size    = optional(number)
    iops        = optional(number)
    throughput  = optional(number)
    kms_key_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = try(var.storage.size >= 20 && var.storage.size <= 65536, var.storage.size == null)
    error_message = "The storage.size must be from 20 to 65536 GiB."
  }

  validation {
    condition     = var.storage.max_size == null || try(var.storage.max_size >= coalesce(var.storage.size, 20) * 1.1, false)
    error_message = "The storage.max_size must be at least a tenth greater than storage.size (20 GiB if not set); leave it out for storage that does not grow."
  }

  validation {
    condition     = var.storage.type == null || contains(["gp3", "io1", "io2", "aurora-iopt1"], coalesce(var.storage.type, "gp3"))
    error_message = "The storage.type must be \"gp3\", \"io1\" or \"io2\"; in Aurora \"aurora-iopt1\" or not set."
  }

  validation {
    condition     = !contains(["io1", "io2"], coalesce(var.storage.type, "gp3")) || var.storage.iops != null
    error_message = "The storage.iops is missing: io1 and io2 have none by themselves."
  }

  validation {
    condition = coalesce(var.storage.type, "gp3") != "gp3" || coalesce(var.storage.size, 20) >= 400 || (
      var.storage.iops == null && var.storage.throughput == null
    )
    error_message = "The storage.iops and throughput of gp3 can be chosen from 400 GiB upwards only."
  }
}

variable "database" {
  description = <<-EOT
    name: database made at the start; none if not set. port: as usual for the engine if not set.
    username: the master user. iam_authentication: whether users may log in with IAM.
    password: "managed" (RDS makes and rotates it) or "write_only" (made here, for what RDS does not do with its own: read replicas
    and blue/green updates). password_version: another number sets a new "write_only" password.
    secret_kms_key_arn: your own key for the master user's secret. A change of name or username replaces the database.
  EOT
  type = object({
    name               = optional(string)
    port               = optional(number)
    username           = optional(string, "dbadmin")
    iam_authentication = optional(bool, true)
    password           = optional(string, "managed")
    password_version   = optional(number, 1)
    secret_kms_key_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.database.name == null || can(regex("^[a-z][a-z0-9_]{0,62}$", var.database.name))
    error_message = "The database.name must have 1 to 63 lower-case letters, digits and underscores, starting with a letter."
  }

  validation {
    condition     = try(var.database.port >= 1150 && var.database.port <= 65535 && floor(var.database.port) == var.database.port, var.database.port == null)
    error_message = "The database.port must be a whole number from 1150 to 65535."
  }

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database.username)) && !contains(["rdsadmin", "admin", "root", "user"], var.database.username)
    error_message = "The database.username must have lower-case letters, digits and underscores, at most 63 of them, start with a letter, and not be \"rdsadmin\", \"admin\", \"root\" or \"user\"."
  }

  validation {
    condition     = contains(["managed", "write_only"], var.database.password)
    error_message = "The database.password must be \"managed\" or \"write_only\"; it is never the password itself."
  }

  validation {
    condition     = var.database.password_version >= 1 && floor(var.database.password_version) == var.database.password_version
    error_message = "The database.password_version must be a whole number from 1."
  }
}
