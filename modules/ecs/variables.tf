variable "name" {
  description = "Name of the cluster and prefix of its resources' names: 2 to 24 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name))
    error_message = "The name must have 2 to 24 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }
}

variable "tags" {
  description = "Tags put on every resource and task, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether all of it may be destroyed unattended: true deletes repositories with their images and services with their tasks, and keeps no old task definitions."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the VPC. A change replaces the services."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "The vpc_id must be the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "subnet_ids" {
  description = "Ids of the private subnets of the tasks and of the interface endpoints."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 1
    error_message = "The subnet_ids must name at least one subnet."
  }
}

variable "kms_key_arn" {
  description = "KMS key for logs, ECS Exec sessions and images; its policy must let CloudWatch Logs use it. Without one, AWS's own keys are used. A change replaces the repositories."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "The kms_key_arn must be the ARN of a KMS key, not an alias or an id."
  }
}

variable "cluster" {
  description = <<-EOT
    The cluster.
    container_insights: "enhanced", "enabled" or "disabled".
    capacity_providers: FARGATE and FARGATE_SPOT, each with weight and base, for services and tasks that name none;
    if empty, services run on Fargate.
  EOT
  type = object({
    container_insights = optional(string, "enabled")
    capacity_providers = optional(map(object({
      weight = optional(number, 1)
      base   = optional(number, 0)
    })), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["enhanced", "enabled", "disabled"], var.cluster.container_insights)
    error_message = "The cluster.container_insights must be \"enhanced\", \"enabled\" or \"disabled\"."
  }

  validation {
    condition     = length(setsubtract(keys(var.cluster.capacity_providers), ["FARGATE", "FARGATE_SPOT"])) == 0
    error_message = "The cluster.capacity_providers may hold FARGATE and FARGATE_SPOT only."
  }

  validation {
    condition     = length([for share in values(var.cluster.capacity_providers) : share if share.base > 0]) <= 1
    error_message = "Only one of cluster.capacity_providers may have a base."
  }
}

variable "logs" {
  description = "Days that logs are kept: of the services, of ECS Exec sessions, and the events behind the metrics of Container Insights."
  type = object({
    retention_days          = optional(number, 30)
    exec_retention_days     = optional(number, 90)
    insights_retention_days = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for days in values(var.logs) :
      contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], days)
    ])
    error_message = "The days of logs must be numbers that CloudWatch has: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "listeners" {
  description = <<-EOT
    Listeners of Application Load Balancers, by a name that services use. The names must be known at plan, the rest need not.
    arn: the listener. security_group_id: the load balancer's security group, which gets a way out to the services.
    test_arn: a listener on which CodeDeploy shows the new version before it is live.
  EOT
  type = map(object({
    arn               = string
    security_group_id = string
    test_arn          = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for listener in values(var.listeners) : can(regex("^arn:[a-z-]+:elasticloadbalancing:.*:listener/app/", listener.arn))])
    error_message = "The arn of each of listeners must be that of a listener of an Application Load Balancer."
  }
}

variable "repositories" {
  description = <<-EOT
    ECR repositories, by name; in ECR they are called <name>/<key>.
    immutable_tags: whether a tag stays with its image. scan_on_push: whether images are scanned for vulnerabilities.
    keep_images: how many images stay. untagged_days: days until images without a tag go.
    pull_account_ids: other accounts that may pull.
  EOT
  type = map(object({
    immutable_tags   = optional(bool, true)
    scan_on_push     = optional(bool, true)
    keep_images      = optional(number, 100)
    untagged_days    = optional(number, 14)
    pull_account_ids = optional(set(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.repositories) : can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", key))])
    error_message = "Each key of repositories must be lower-case letters and digits, with single dots, hyphens, underscores or slashes between them."
  }

  validation {
    condition     = alltrue([for repository in values(var.repositories) : repository.keep_images >= 1 && repository.untagged_days >= 1])
    error_message = "The keep_images and untagged_days of repositories must be 1 or more."
  }

  validation {
    condition     = alltrue(flatten([for repository in values(var.repositories) : [for id in repository.pull_account_ids : can(regex("^[0-9]{12}$", id))]]))
    error_message = "The pull_account_ids of repositories must be account ids of 12 digits."
  }
}

variable "namespace" {
  description = <<-EOT
    Cloud Map namespace of services with discovery.
    create: DNS name of a private one to make, such as shop.internal. Or id and arn of one that is there.
  EOT
  type = object({
    create = optional(string)
    id     = optional(string)
    arn    = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.namespace.create == null || (var.namespace.id == null && var.namespace.arn == null)
    error_message = "The namespace has both create and the id or arn of one that is there: give either."
  }
}

variable "vpc_endpoints" {
  description = "AWS services that tasks reach inside the VPC, such as ecr.api, ecr.dkr, logs, secretsmanager, ssm and, for ECS Exec, ssmmessages. Images also need the gateway endpoint of S3, which the vpc module makes."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setintersection(var.vpc_endpoints, ["s3", "dynamodb"])) == 0
    error_message = "The vpc_endpoints are interface endpoints: s3 and dynamodb have gateway endpoints without charge, which the vpc module makes."
  }

  validation {
    condition     = contains(var.vpc_endpoints, "ecr.api") == contains(var.vpc_endpoints, "ecr.dkr")
    error_message = "The vpc_endpoints must have both ecr.api and ecr.dkr, or neither: a pull needs both."
  }
}
