variable "name" {
  description = "Name of the application and prefix of its resources' names: 2 to 32 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "The name must have 2 to 32 characters (the limit of a load balancer): lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }

  validation {
    condition     = !startswith(var.name, "internal-")
    error_message = "The name must not start with \"internal-\", which AWS keeps for its own load balancer names."
  }
}

variable "tags" {
  description = "Tags put on every resource, on the instances and on their volumes, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether the application may be destroyed unattended: true turns the load balancer's deletion protection off and lets the Auto Scaling group go without waiting for its instances."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the VPC. A change replaces the load balancer, the security groups and the instances."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "The vpc_id must be the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "public_subnet_ids" {
  description = "Ids of the load balancer's subnets, in at least two availability zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "The public_subnet_ids must name at least two subnets: an Application Load Balancer needs two availability zones."
  }
}

variable "private_subnet_ids" {
  description = "Ids of the instances' subnets."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.private_subnet_ids) >= 1
    error_message = "The private_subnet_ids must name at least one subnet."
  }
}

variable "instance" {
  description = <<-EOT
    The instances.
    type: instance type.
    ami_ssm_parameter: name of the SSM parameter that holds the AMI's id; it must suit the type's architecture.
    user_data: script or cloud-init text, at most 16 KiB, not encoded.
    port: TCP port on which the application answers HTTP.
    root_volume_size: GiB.
    detailed_monitoring: metrics every minute instead of every five, at a charge.
    policy_arns: more IAM policies for the instances' role, by a name of your choice.
  EOT
  type = object({
    type                = optional(string, "t3.micro")
    ami_ssm_parameter   = optional(string, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")
    user_data           = optional(string, "")
    port                = optional(number, 80)
    root_volume_size    = optional(number, 8)
    detailed_monitoring = optional(bool, true)
    policy_arns         = optional(map(string), {})
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
}

variable "capacity" {
  description = "Number of instances: min, max, and desired at the start (default: min). Afterwards scaling owns the number, and a change of desired does nothing."
  type = object({
    min     = optional(number, 1)
    max     = optional(number, 2)
    desired = optional(number)
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
}

variable "scaling" {
  description = <<-EOT
    How the group changes.
    cpu_target: average CPU use to keep, in percent.
    instance_warmup: seconds until a new instance counts.
    instance_refresh: whether a changed launch template replaces running instances; if false, only new ones have it.
  EOT
  type = object({
    cpu_target       = optional(number, 60)
    instance_warmup  = optional(number, 120)
    instance_refresh = optional(bool, true)
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
}

variable "health_check" {
  description = <<-EOT
    The load balancer's health check; an instance that fails it is replaced.
    path: what to request. matcher: HTTP codes that mean healthy.
    interval, timeout: seconds. healthy_threshold, unhealthy_threshold: checks in a row.
    grace_period: seconds after launch in which a failing instance is not replaced.
  EOT
  type = object({
    path                = optional(string, "/")
    matcher             = optional(string, "200")
    interval            = optional(number, 15)
    timeout             = optional(number, 5)
    healthy_threshold   = optional(number, 2)
    unhealthy_threshold = optional(number, 3)
    grace_period        = optional(number, 300)
  })
  default  = {}
  nullable = false

  validation {
    condition     = startswith(var.health_check.path, "/")
    error_message = "The health_check.path must start with a slash."
  }

  validation {
    condition     = can(regex("^[2-4][0-9]{2}([-,][2-4][0-9]{2})*$", var.health_check.matcher))
    error_message = "The health_check.matcher must be HTTP codes such as \"200\", \"200,302\" or \"200-299\"."
  }

  validation {
    condition     = var.health_check.interval >= 5 && var.health_check.interval <= 300
    error_message = "The health_check.interval must be from 5 to 300 seconds."
  }

  validation {
    condition     = var.health_check.timeout >= 2 && var.health_check.timeout <= 120 && var.health_check.timeout < var.health_check.interval
    error_message = "The health_check.timeout must be from 2 to 120 seconds and shorter than the interval."
  }

  validation {
    condition = alltrue([
      for threshold in [var.health_check.healthy_threshold, var.health_check.unhealthy_threshold] :
      threshold >= 2 && threshold <= 10
    ])
    error_message = "The health_check thresholds must be from 2 to 10 checks."
  }

  validation {
    condition     = var.health_check.grace_period >= 0
    error_message = "The health_check.grace_period must not be negative."
  }
}

variable "listener" {
  description = <<-EOT
    How clients reach the load balancer.
    certificate_arn: ACM certificate; with it HTTPS answers on 443 and port 80 redirects there, without it port 80 serves the application.
    https: set to true when certificate_arn is not known before apply; by default it follows from certificate_arn.
    tls_policy: AWS security policy of the HTTPS listener.
    idle_timeout: seconds. deregistration_delay: seconds in which a leaving instance finishes its requests.
  EOT
  type = object({
    certificate_arn      = optional(string)
    https                = optional(bool)
    tls_policy           = optional(string, "ELBSecurityPolicy-TLS13-1-2-2021-06")
    idle_timeout         = optional(number, 60)
    deregistration_delay = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.listener.https == null || !coalesce(var.listener.https, false) || var.listener.certificate_arn != null
    error_message = "The listener.certificate_arn is missing: HTTPS needs a certificate."
  }

  validation {
    condition     = var.listener.certificate_arn == null || can(regex("^arn:[a-z-]+:(acm|iam):", var.listener.certificate_arn))
    error_message = "The listener.certificate_arn must be the ARN of a certificate in ACM or IAM."
  }

  validation {
    condition     = can(regex("-TLS13-1-[23]-", var.listener.tls_policy))
    error_message = "The listener.tls_policy must be a policy for TLS 1.2 or 1.3 only, such as ELBSecurityPolicy-TLS13-1-2-2021-06."
  }

  validation {
    condition     = var.listener.idle_timeout >= 1 && var.listener.idle_timeout <= 4000
    error_message = "The listener.idle_timeout must be from 1 to 4000 seconds."
  }

  validation {
    condition     = var.listener.deregistration_delay >= 0 && var.listener.deregistration_delay <= 3600
    error_message = "The listener.deregistration_delay must be from 0 to 3600 seconds."
  }
}

variable "allowed_cidrs" {
  description = "IPv4 ranges that may reach the load balancer. They must be known at plan."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.allowed_cidrs : can(cidrnetmask(cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false)])
    error_message = "Each of allowed_cidrs must be an IPv4 range written with its network address, such as 10.0.0.0/16."
  }
}
