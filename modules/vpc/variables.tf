variable "name" {
  description = "Name of the network and prefix of the Name tags: 2 to 32 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "The name must have 2 to 32 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }
}

variable "tags" {
  description = "Tags put on every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether the network may be destroyed unattended. Nothing in it has deletion protection or keeps data, so this changes nothing yet."
  type        = bool
  default     = false
  nullable    = false
}

variable "cidr" {
  description = "IPv4 range of the VPC, from /16 to /24, written with its network address (10.0.0.0/16). A change replaces the whole network."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.cidr))
    error_message = "The cidr must be an IPv4 range such as 10.0.0.0/16."
  }

  validation {
    condition     = try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "The cidr must be between /16 and /24: AWS allows no larger VPC, and a smaller one has no room for three tiers of subnets."
  }

  validation {
    condition     = try(cidrsubnet(var.cidr, 0, 0) == var.cidr, false)
    error_message = "The cidr must be written with its network address: 10.0.0.0/16, not 10.0.0.1/16."
  }
}

variable "availability_zone_count" {
  description = "How many availability zones to use, from 1 to 6: the first ones by name of those available in the region. Ignored when availability_zones is set."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.availability_zone_count >= 1 && var.availability_zone_count <= 6 && floor(var.availability_zone_count) == var.availability_zone_count
    error_message = "The availability_zone_count must be a whole number from 1 to 6."
  }
}

variable "availability_zones" {
  description = "Names of the availability zones to use (us-east-1a), instead of a count. The first one holds the gateway of nat = \"single\"."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for zone in var.availability_zones : can(regex("^[a-z]+(-[a-z]+)+-[0-9]+[a-h]$", zone))])
    error_message = "Each of availability_zones must be the name of a standard zone such as us-east-1a; local and wavelength zones are not supported."
  }

  validation {
    condition     = length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "The availability_zones must name each zone once."
  }
}

variable "nat" {
  description = "Internet access of the private subnets: \"none\", \"single\" (one gateway in the first zone, cheapest) or \"per_zone\" (one in each zone, survives the loss of a zone)."
  type        = string
  default     = "single"
  nullable    = false

  validation {
    condition     = contains(["none", "single", "per_zone"], var.nat)
    error_message = "The nat must be \"none\", \"single\" or \"per_zone\"."
  }
}

variable "gateway_endpoints" {
  description = "Services reached through a gateway endpoint, free of charge and without NAT: \"s3\", \"dynamodb\"."
  type        = set(string)
  default     = ["s3", "dynamodb"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.gateway_endpoints, ["s3", "dynamodb"])) == 0
    error_message = "The gateway_endpoints may hold \"s3\" and \"dynamodb\" only; AWS has no other gateway endpoints."
  }
}
