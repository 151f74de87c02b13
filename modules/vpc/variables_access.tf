variable "flow_logs" {
  description = <<-EOT
    Records of the VPC's traffic.
    destination: none, cloudwatch (a log group made here, kept for retention_days, encrypted with kms_key_arn if given) or s3 (your bucket_arn, whose policy must let delivery.logs.amazonaws.com write).
    traffic_type: ALL, ACCEPT or REJECT. aggregation_seconds: 60 or 600.
  EOT
  type = object({
    destination         = optional(string, "none")
    retention_days      = optional(number, 30)
    kms_key_arn         = optional(string)
    bucket_arn          = optional(string)
    traffic_type        = optional(string, "ALL")
    aggregation_seconds = optional(number, 600)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["none", "cloudwatch", "s3"], var.flow_logs.destination)
    error_message = "The flow_logs.destination must be \"none\", \"cloudwatch\" or \"s3\"."
  }

  validation {
    condition     = var.flow_logs.destination != "s3" || var.flow_logs.bucket_arn != null
    error_message = "The flow_logs.bucket_arn is missing: destination \"s3\" needs a bucket."
  }

  validation {
    condition     = var.flow_logs.bucket_arn == null || can(regex("^arn:[a-z-]+:s3:::.+", var.flow_logs.bucket_arn))
    error_message = "The flow_logs.bucket_arn must be the ARN of an S3 bucket, with a prefix or without."
  }

  validation {
    condition     = var.flow_logs.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.flow_logs.kms_key_arn))
    error_message = "The flow_logs.kms_key_arn must be the ARN of a KMS key."
  }

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_logs.retention_days)
    error_message = "The flow_logs.retention_days must be a number that CloudWatch has: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }

  validation {
    condition     = contains(["ALL", "ACCEPT", "REJECT"], var.flow_logs.traffic_type)
    error_message = "The flow_logs.traffic_type must be \"ALL\", \"ACCEPT\" or \"REJECT\"."
  }

  validation {
    condition     = contains([60, 600], var.flow_logs.aggregation_seconds)
    error_message = "The flow_logs.aggregation_seconds must be 60 or 600."
  }
}

variable "access" {
  description = <<-EOT
    How people reach instances.
    ssm: interface endpoints of Session Manager, and an instance profile for it; no port is open.
    bastion: an instance in the first public subnet that takes SSH from cidrs (name to IPv4 range) only. key_name: a key pair of EC2; without, use EC2 Instance Connect or Session Manager. ami_ssm_parameter must suit the architecture of instance_type; root_volume_size is in GiB.
  EOT
  type = object({
    ssm = optional(bool, false)
    bastion = optional(object({
      cidrs             = map(string)
      instance_type     = optional(string, "t4g.nano")
      ami_ssm_parameter = optional(string, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
      key_name          = optional(string)
      root_volume_size  = optional(number, 8)
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for cidr in values(try(var.access.bastion.cidrs, {})) : can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]) >= 8, false)])
    error_message = "Each of access.bastion.cidrs must be an IPv4 range of /8 or smaller, such as 203.0.113.0/24: a bastion is not for everyone."
  }

  validation {
    condition     = try(length(var.access.bastion.cidrs) > 0, true)
    error_message = "The access.bastion.cidrs are empty: name who may use the bastion, or leave access.bastion out and set access.ssm."
  }

  validation {
    condition     = try(startswith(var.access.bastion.ami_ssm_parameter, "/"), true)
    error_message = "The access.bastion.ami_ssm_parameter must be the full name of an SSM parameter, starting with a slash."
  }

  validation {
    condition     = try(var.access.bastion.root_volume_size >= 8, true)
    error_message = "The access.bastion.root_volume_size must be at least 8 GiB, the size of the image."
  }
}

variable "connections" {
  description = <<-EOT
    Other networks. kinds: which kinds of tiers (public, private, data) get the routes, and let the other side in.
    peerings: by name. vpc_id, cidr: the other VPC. owner_id, region: where it is, if elsewhere; it must be accepted there then. The way back is the other side's.
    transit_gateway: id of one that is shared with this account; cidrs: what lies behind it. appliance_mode: whether both directions of a connection pass the same zone.
  EOT
  type = object({
    peerings = optional(map(object({
      vpc_id   = string
      cidr     = string
      owner_id = optional(string)
      region   = optional(string)
      kinds    = optional(set(string), ["private"])
    })), {})
    transit_gateway = optional(object({
      id             = string
      cidrs          = set(string)
      kinds          = optional(set(string), ["private"])
      appliance_mode = optional(bool, false)
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for peering in var.connections.peerings : can(cidrnetmask(peering.cidr))])
    error_message = "Each cidr of connections.peerings must be an IPv4 range such as 10.30.0.0/16."
  }

  validation {
    condition     = alltrue([for peering in var.connections.peerings : startswith(peering.vpc_id, "vpc-")])
    error_message = "Each vpc_id of connections.peerings must be the id of a VPC."
  }

  validation {
    condition     = alltrue([for peering in var.connections.peerings : can(regex("^[0-9]{12}$", coalesce(peering.owner_id, "000000000000")))])
    error_message = "Each owner_id of connections.peerings must be an account id of 12 digits."
  }

  validation {
    condition     = try(startswith(var.connections.transit_gateway.id, "tgw-"), true)
    error_message = "The connections.transit_gateway.id must be the id of a transit gateway."
  }

  validation {
    condition     = alltrue([for cidr in try(var.connections.transit_gateway.cidrs, []) : can(cidrnetmask(cidr))])
    error_message = "Each of connections.transit_gateway.cidrs must be an IPv4 range such as 10.0.0.0/8."
  }

  validation {
    condition = length(setsubtract(
      flatten([[for peering in var.connections.peerings : peering.kinds], try(var.connections.transit_gateway.kinds, [])]),
      ["public", "private", "data"]
    )) == 0
    error_message = "The kinds of connections may hold \"public\", \"private\" and \"data\" only."
  }
}
