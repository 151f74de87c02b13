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

variable "reserved_cidrs" {
  description = "IPv4 ranges that the VPC must not overlap with: of offices, other VPCs, whatever may be connected one day."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for range in var.reserved_cidrs : can(cidrnetmask(range))])
    error_message = "Each of reserved_cidrs must be an IPv4 range such as 10.0.0.0/16."
  }
}

variable "subnets" {
  description = <<-EOT
    What else the subnets have.
    tiers: more tiers, by name. slot: the tier's place in the last quarter of the range, 0 to 3, which it keeps. kind: public, private or data, whose routes, network ACL rules and Kubernetes tags it has.
    ipv6: a /56 of Amazon for the VPC and a /64 for each subnet; private ones go out through an egress-only gateway.
    kubernetes: tags with which load balancer controllers find public and private subnets; clusters: names of clusters that share them.
    groups: subnet groups made of the data tier: "database" (RDS), "cache" (ElastiCache).
  EOT
  type = object({
    tiers = optional(map(object({
      slot = number
      kind = optional(string, "private")
    })), {})
    ipv6 = optional(bool, false)
    kubernetes = optional(object({
      clusters = optional(set(string), [])
    }))
    groups = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for tier in keys(var.subnets.tiers) :
      can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", tier)) && !contains(["public", "private", "data"], tier)
    ])
    error_message = "Each name in subnets.tiers must have 2 to 32 lower-case letters, digits and hyphens, and not be public, private or data, which are there."
  }

  validation {
    condition     = alltrue([for tier in var.subnets.tiers : contains([0, 1, 2, 3], tier.slot)])
    error_message = "Each slot of subnets.tiers must be 0, 1, 2 or 3."
  }

  validation {
    condition     = length(distinct([for tier in var.subnets.tiers : tier.slot])) == length(var.subnets.tiers)
    error_message = "Two of subnets.tiers have the same slot: give the new one a slot that is free."
  }

  validation {
    condition     = alltrue([for tier in var.subnets.tiers : contains(["public", "private", "data"], tier.kind)])
    error_message = "Each kind of subnets.tiers must be \"public\", \"private\" or \"data\"."
  }

  validation {
    condition     = alltrue([for cluster in try(var.subnets.kubernetes.clusters, []) : can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", cluster))])
    error_message = "The subnets.kubernetes.clusters must be names of EKS clusters."
  }

  validation {
    condition     = length(setsubtract(var.subnets.groups, ["database", "cache"])) == 0
    error_message = "The subnets.groups may hold \"database\" and \"cache\" only."
  }
}

variable "interface_endpoints" {
  description = "AWS services reached through an interface endpoint in the private subnets, by the last part of the service's name: \"ecr.api\", \"secretsmanager\". Each is billed by the hour and zone."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9][a-z0-9._-]*$", service)) && !startswith(service, "com.")])
    error_message = "Each of interface_endpoints must be the last part of a service's name: ecr.api, not com.amazonaws.us-east-1.ecr.api."
  }

  validation {
    condition     = length(setintersection(var.interface_endpoints, ["s3", "dynamodb"])) == 0
    error_message = "The interface_endpoints must not hold s3 and dynamodb: put them into gateway_endpoints, which cost nothing."
  }
}

variable "network_acls" {
  description = <<-EOT
    Network ACLs, one for each tier: the data tier takes traffic of the VPC only, private ones answers from outside too, the public one also its ports.
    public_ports: TCP ports that the public tier takes from anywhere; those from 1024 are open for answers anyway.
    data_reaches_gateway_endpoints: whether the data tier may reach S3 and DynamoDB, for which it must take answers from anywhere.
  EOT
  type = object({
    enabled                        = optional(bool, true)
    public_ports                   = optional(set(number), [80, 443])
    data_reaches_gateway_endpoints = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for port in var.network_acls.public_ports : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "The network_acls.public_ports must be whole numbers from 1 to 65535."
  }
}
