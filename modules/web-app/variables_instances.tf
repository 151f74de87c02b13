variable "instance" {
  description = <<-EOT
    The instances.
    type: instance type.
    ami_ssm_parameter: name of the SSM parameter that holds the AMI's id; it must suit the type's architecture.
    user_data: script or cloud-init text, at most 16 KiB, not encoded.
    port: TCP port on which the application answers HTTP.
    root_volume_size: GiB.
    detailed_monitoring: metrics every minute instead of every five, at a charge.
    policy_arns: more IAM policies for the instances' role, by a name of your choice; the names must be known at plan, the ARNs need not.
    cloudwatch_agent: whether the role lets the CloudWatch agent send metrics and logs.
    secret_key_arns: KMS keys of yours with which secrets in secret_arns are encrypted.
  EOT
  type = object({
    type                = optional(string, "t3.micro")
    ami_ssm_parameter   = optional(string, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")
    user_data           = optional(string, "")
    port                = optional(number, 80)
    root_volume_size    = optional(number, 8)
    detailed_monitoring = optional(bool, true)
    policy_arns         = optional(map(string), {})
    cloudwatch_agent    = optional(bool, true)
    secret_key_arns     = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", var.instance.type))
    error_message = "The instance.type must be an EC2 instance type such as t3.micro."
  }

  validation {
    condition     = startswith(var.instance.ami_ssm_parameter, "/")
    error_message = "The instance.ami_ssm_parameter must be the full name of an SSM parameter, starting with a slash."
  }

  # Counted in Base64, where 16384 bytes become 21846 characters before the padding.
  validation {
    condition     = length(trimsuffix(trimsuffix(base64encode(var.instance.user_data), "="), "=")) <= 21846
    error_message = "The instance.user_data must have at most 16 KiB, the limit of EC2. Fetch larger scripts from S3."
  }

  validation {
    condition     = var.instance.port >= 1 && var.instance.port <= 65535 && floor(var.instance.port) == var.instance.port
    error_message = "The instance.port must be a whole number from 1 to 65535."
  }

  validation {
    condition     = var.instance.root_volume_size >= 8 && var.instance.root_volume_size <= 16384
    error_message = "The instance.root_volume_size must be from 8 GiB, the size of the Amazon Linux image, to 16384 GiB."
  }

  validation {
    condition     = length(setintersection(keys(var.instance.policy_arns), ["session-manager", "cloudwatch-agent"])) == 0
    error_message = "The names session-manager and cloudwatch-agent in instance.policy_arns are the module's own. Choose others."
  }

  validation {
    condition     = alltrue([for arn in concat(values(var.instance.policy_arns), var.instance.secret_key_arns) : can(regex("^arn:[a-z-]+:(iam::(aws|[0-9]{12}):policy/|kms:[^:]+:[0-9]{12}:key/)", arn))])
    error_message = "The instance.policy_arns must be ARNs of IAM policies, and the instance.secret_key_arns those of KMS keys, not of aliases."
  }
}

variable "capacity" {
  description = <<-EOT
    Number of instances: min, max, and desired at the start (default: min). Afterwards scaling owns the number, and a change of desired does nothing.
    mixed_instances: types, the preferred one first, in place of instance.type; spot_percent: share of Spot Instances above the on_demand_base; spot_allocation: AWS strategy to choose among Spot capacities.
    warm_pool: instances that are ready before they are needed, "Stopped" or "Running"; at least min of them, and with those in service max_prepared (default: capacity.max).
  EOT
  type = object({
    min     = optional(number, 1)
    max     = optional(number, 2)
    desired = optional(number)
    mixed_instances = optional(object({
      types           = list(string)
      spot_percent    = optional(number, 0)
      on_demand_base  = optional(number, 0)
      spot_allocation = optional(string, "price-capacity-optimized")
    }))
    warm_pool = optional(object({
      state             = optional(string, "Stopped")
      min               = optional(number, 0)
      max_prepared      = optional(number)
      reuse_on_scale_in = optional(bool, false)
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.capacity.min >= 0 && var.capacity.min <= var.capacity.max
    error_message = "The capacity.min must not be negative nor greater than capacity.max."
  }

  validation {
    condition = var.capacity.desired == null || try(
      var.capacity.desired >= var.capacity.min && var.capacity.desired <= var.capacity.max, false
    )
    error_message = "The capacity.desired must lie between capacity.min and capacity.max."
  }

  validation {
    condition     = var.capacity.mixed_instances == null || var.capacity.warm_pool == null
    error_message = "The capacity has both mixed_instances and a warm_pool, which AWS refuses. Leave one out."
  }

  validation {
    condition = var.capacity.mixed_instances == null || try(
      length(var.capacity.mixed_instances.types) >= 1 && length(var.capacity.mixed_instances.types) <= 40 &&
      length(distinct(var.capacity.mixed_instances.types)) == length(var.capacity.mixed_instances.types) &&
      alltrue([for type in var.capacity.mixed_instances.types : can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", type))]), false
    )
    error_message = "The capacity.mixed_instances.types must be 1 to 40 different EC2 instance types such as t3.micro."
  }

  validation {
    condition     = var.capacity.mixed_instances == null || try(var.capacity.mixed_instances.spot_percent >= 0 && var.capacity.mixed_instances.spot_percent <= 100, false)
    error_message = "The capacity.mixed_instances.spot_percent must be from 0 to 100."
  }

  validation {
    condition     = var.capacity.mixed_instances == null || try(var.capacity.mixed_instances.on_demand_base >= 0, false)
    error_message = "The capacity.mixed_instances.on_demand_base must not be negative."
  }

  validation {
    condition     = var.capacity.mixed_instances == null || try(contains(["price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "lowest-price"], var.capacity.mixed_instances.spot_allocation), false)
    error_message = "The capacity.mixed_instances.spot_allocation must be \"price-capacity-optimized\", \"capacity-optimized\", \"capacity-optimized-prioritized\" or \"lowest-price\"."
  }

  validation {
    condition     = var.capacity.warm_pool == null || try(contains(["Stopped", "Running"], var.capacity.warm_pool.state), false)
    error_message = "The capacity.warm_pool.state must be \"Stopped\" or \"Running\"; to hibernate takes more than this module sets."
  }

  validation {
    condition     = var.capacity.warm_pool == null || try(var.capacity.warm_pool.min >= 0 && (var.capacity.warm_pool.max_prepared == null || try(var.capacity.warm_pool.max_prepared >= var.capacity.warm_pool.min, false)), false)
    error_message = "The capacity.warm_pool.min must not be negative nor greater than max_prepared."
  }
}

variable "scaling" {
  description = <<-EOT
    How the group changes.
    cpu_target: average CPU use to keep, in percent.
    instance_warmup: seconds until a new instance counts.
    instance_refresh: whether a changed launch template replaces running instances; if false, only new ones have it.
    requests_target: requests per instance and minute to keep; without it only the CPU counts.
    schedules: by name, what min, max and desired become at a recurrence (cron of five fields) or a start_time, until end_time, such as "2030-01-31T20:00:00Z"; timezone: that of the recurrence, an IANA name, UTC by default.
  EOT
  type = object({
    cpu_target       = optional(number, 60)
    instance_warmup  = optional(number, 120)
    instance_refresh = optional(bool, true)
    requests_target  = optional(number)
    schedules = optional(map(object({
      recurrence = optional(string)
      timezone   = optional(string)
      start_time = optional(string)
      end_time   = optional(string)
      min        = optional(number)
      max        = optional(number)
      desired    = optional(number)
    })), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.scaling.cpu_target >= 10 && var.scaling.cpu_target <= 95
    error_message = "The scaling.cpu_target must be from 10 to 95 percent."
  }

  validation {
    condition     = var.scaling.instance_warmup >= 0 && var.scaling.instance_warmup <= 3600
    error_message = "The scaling.instance_warmup must be from 0 to 3600 seconds."
  }
  validation {
    condition     = var.scaling.requests_target == null || try(var.scaling.requests_target >= 1, false)
    error_message = "The scaling.requests_target must be 1 request per instance and minute or more."
  }

  validation {
    condition     = alltrue([for name, each in var.scaling.schedules : can(regex("^[A-Za-z0-9][A-Za-z0-9 _.-]{0,254}$", name))])
    error_message = "The names of scaling.schedules must have 1 to 255 letters, digits, spaces, dots, hyphens and underscores."
  }

  validation {
    condition = alltrue([
      for each in var.scaling.schedules : each.recurrence == null ? each.start_time != null : can(
        [for place in range(max(5, length(split(" ", each.recurrence)))) : regex(local.cron[place], split(" ", each.recurrence)[place])]
      )
    ])
    error_message = "Each of scaling.schedules needs a start_time or a recurrence of five fields (minute, hour, day of month, month, day of week), such as \"0 20 * * 1-5\", without \"cron(…)\". It is not so in: ${join(", ", [
      for name, each in var.scaling.schedules : name if !(each.recurrence == null ? each.start_time != null : can(
        [for place in range(max(5, length(split(" ", each.recurrence)))) : regex(local.cron[place], split(" ", each.recurrence)[place])]
      ))
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for each in var.scaling.schedules : [
        for time in [each.start_time, each.end_time] : time == null || can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", time)) && can(timeadd(time, "0s"))
      ]
    ]))
    error_message = "The start_time and end_time in scaling.schedules must be in UTC, such as \"2030-01-31T20:00:00Z\"."
  }

  validation {
    condition     = alltrue([for each in var.scaling.schedules : each.timezone == null || can(regex("^(UTC|[A-Z][A-Za-z_]+/[A-Za-z0-9_+/-]+)$", each.timezone))])
    error_message = "The timezone in scaling.schedules must be an IANA name such as Europe/Berlin."
  }

  # A comparison with null is an error, which try takes for right.
  validation {
    condition = alltrue([
      for each in var.scaling.schedules :
      length([for size in [each.min, each.max, each.desired] : size if size != null]) > 0 &&
      alltrue([for size in [each.min, each.max, each.desired] : size == null || try(size >= 0 && floor(size) == size, false)]) &&
      try(each.min <= each.max, true) && try(each.min <= each.desired, true) && try(each.desired <= each.max, true)
    ])
    error_message = "Each of scaling.schedules needs at least one of min, desired and max, whole numbers in this order."
  }
}

locals {
  # Unix cron, as Auto Scaling takes it: numbers, names, ranges, lists and steps.
  cron_fields = [
    "[0-5]?[0-9]",
    "(?:[01]?[0-9]|2[0-3])",
    "(?:0?[1-9]|[12][0-9]|3[01])",
    "(?:0?[1-9]|1[0-2]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    "(?:[0-7]|(?i:sun|mon|tue|wed|thu|fri|sat))",
  ]
  cron_parts = [for field in local.cron_fields : "(?:[*]|${field}(?:-${field})?)(?:/[1-9][0-9]?)?"]
  cron       = [for part in local.cron_parts : "^${part}(?:,${part})*$"]
}

variable "secret_arns" {
  description = "Secrets in Secrets Manager that the instances may read, by the name of a shell variable; the file /etc/web-app/secrets.env says NAME=ARN of each. The names must be known at plan, the ARNs need not."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.secret_arns) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])
    error_message = "The names in secret_arns must be names of shell variables: letters, digits and underscores, not beginning with a digit."
  }

  # It also keeps anything out that would end the text of the file.
  validation {
    condition     = alltrue([for arn in values(var.secret_arns) : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$", arn))])
    error_message = "Each of secret_arns must be the ARN of a secret in Secrets Manager, not its name or its value."
  }
}
