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
