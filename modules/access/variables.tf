variable "name" {
  description = "Prefix of the names of all rules and policies: 2 to 48 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,46}[a-z0-9]$", var.name))
    error_message = "The name must have 2 to 48 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }
}

variable "tags" {
  description = "Tags put on every rule, beside the provider's default tags. Policies of a role have none."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether the grants may be destroyed unattended. Nothing of them is protected or keeps data, so this changes nothing."
  type        = bool
  default     = false
  nullable    = false
}

variable "connections" {
  description = <<-EOT
    Who may connect to what, by a name of your choice. The names must be known at plan, the ids need not be.
    from_security_group_id: the client's. to_security_group_id: the server's, which gets the rule. port: TCP.
  EOT
  type = map(object({
    from_security_group_id = string
    to_security_group_id   = string
    port                   = number
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue(flatten([
      for connection in values(var.connections) :
      [for id in [connection.from_security_group_id, connection.to_security_group_id] : startswith(id, "sg-")]
    ]))
    error_message = "Both ends of each of connections must be ids of security groups, such as sg-0123456789abcdef0."
  }

  validation {
    condition     = alltrue([for connection in values(var.connections) : connection.port >= 1 && connection.port <= 65535 && floor(connection.port) == connection.port])
    error_message = "The port of each of connections must be a whole number from 1 to 65535."
  }
}

variable "secret_readers" {
  description = <<-EOT
    Roles that may read a secret of Secrets Manager, by a name of your choice, which must be known at plan.
    kms_key_arn: your own key of the secret; AWS's key needs no permission.
  EOT
  type = map(object({
    role_name   = string
    secret_arn  = string
    kms_key_arn = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for reader in values(var.secret_readers) : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:", reader.secret_arn))])
    error_message = "The secret_arn of each of secret_readers must be the ARN of a secret, with its region and account."
  }
}

variable "role_policies" {
  description = "Further policies of roles, as JSON, by a name of your choice, which must be known at plan."
  type = map(object({
    role_name = string
    policy    = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for grant in values(var.role_policies) : can(jsondecode(grant.policy).Statement)])
    error_message = "The policy of each of role_policies must be an IAM policy as JSON, with a Statement."
  }
}
