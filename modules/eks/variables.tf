variable "name" {
  description = "Name of the cluster and prefix of its resources' names: 2 to 32 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "The name must have 2 to 32 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }
}

variable "tags" {
  description = "Tags put on every resource, on the nodes and on their volumes, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether the cluster may be destroyed unattended: true shortens the waiting time of its KMS key to 7 days."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the VPC. A change replaces the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "The vpc_id must be the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "subnet_ids" {
  description = "Ids of the private subnets of control plane, nodes and Fargate pods, in at least two availability zones. One more goes to the control plane; node groups and Fargate profiles that stand keep theirs."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "The subnet_ids must name at least two subnets: EKS needs two availability zones."
  }
}

variable "kubernetes_version" {
  description = "Version of Kubernetes, without a patch (1.33). It goes up one minor version at a time and never down."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.(2[3-9]|[3-9][0-9])$", var.kubernetes_version))
    error_message = "The kubernetes_version must be a version of Kubernetes without a patch, 1.23 or newer, in quotes, such as \"1.33\"."
  }
}

variable "control_plane" {
  description = <<-EOT
    The control plane. Its private endpoint is always there.
    public_endpoint: if given, the API also answers on the internet: cidrs are the IPv4 ranges that reach it; everyone = true opens it to all of them.
    subnet_ids: other subnets than subnet_ids for its network interfaces.
    support_type: STANDARD or EXTENDED; AWS upgrades the cluster when the support of its version ends, or prolongs it at a charge, as it does by default.
    service_ipv4_cidr: range of Kubernetes services, fixed for the life of the cluster.
    kms_key_arn: key for Kubernetes secrets, instead of one of its own; a change replaces the cluster.
    own_kms_key: set to false when kms_key_arn is not known before apply; by default it follows from kms_key_arn.
    log_types: which logs go to CloudWatch. log_retention_days: how long they stay. log_kms_key_arn: key of the log group.
  EOT
  type = object({
    public_endpoint = optional(object({
      cidrs    = optional(set(string), [])
      everyone = optional(bool, false)
    }))
    subnet_ids         = optional(list(string))
    support_type       = optional(string)
    service_ipv4_cidr  = optional(string)
    kms_key_arn        = optional(string)
    own_kms_key        = optional(bool)
    log_types          = optional(set(string), ["api", "audit", "authenticator", "controllerManager", "scheduler"])
    log_retention_days = optional(number, 90)
    log_kms_key_arn    = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition = var.control_plane.public_endpoint == null || try(
      var.control_plane.public_endpoint.everyone || length(var.control_plane.public_endpoint.cidrs) > 0, true
    )
    error_message = "The control_plane.public_endpoint names no cidrs: say who may reach the API, or leave public_endpoint out."
  }

  validation {
    condition     = !contains(try(var.control_plane.public_endpoint.cidrs, []), "0.0.0.0/0")
    error_message = "The control_plane.public_endpoint.cidrs hold 0.0.0.0/0, the whole internet: name narrower ranges, or say everyone = true if that is meant."
  }

  validation {
    condition = alltrue([
      for cidr in try(var.control_plane.public_endpoint.cidrs, []) :
      can(cidrnetmask(cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false)
    ])
    error_message = "Each of control_plane.public_endpoint.cidrs must be an IPv4 range written with its network address, such as 203.0.113.0/24."
  }

  validation {
    condition     = var.control_plane.subnet_ids == null || try(length(var.control_plane.subnet_ids) >= 2, true)
    error_message = "The control_plane.subnet_ids must name at least two subnets: EKS needs two availability zones."
  }

  validation {
    condition     = contains(["STANDARD", "EXTENDED"], coalesce(var.control_plane.support_type, "EXTENDED"))
    error_message = "The control_plane.support_type must be STANDARD or EXTENDED."
  }

  validation {
    condition = var.control_plane.service_ipv4_cidr == null || try(
      can(cidrnetmask(var.control_plane.service_ipv4_cidr)) &&
      contains(range(12, 25), tonumber(split("/", var.control_plane.service_ipv4_cidr)[1])), false
    )
    error_message = "The control_plane.service_ipv4_cidr must be an IPv4 range from /12 to /24, such as 172.20.0.0/16."
  }

  validation {
    condition     = var.control_plane.own_kms_key != false || var.control_plane.kms_key_arn != null
    error_message = "The control_plane.kms_key_arn is missing: with own_kms_key = false, Kubernetes secrets need a key of yours."
  }

  validation {
    condition = alltrue([
      for arn in [var.control_plane.kms_key_arn, var.control_plane.log_kms_key_arn] :
      arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", arn))
    ])
    error_message = "The control_plane.kms_key_arn and log_kms_key_arn must be ARNs of KMS keys (arn:aws:kms:…:key/…), not ids nor aliases."
  }

  validation {
    condition = length(setsubtract(
      var.control_plane.log_types, ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    )) == 0
    error_message = "The control_plane.log_types may hold api, audit, authenticator, controllerManager and scheduler only."
  }

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.control_plane.log_retention_days
    )
    error_message = "The control_plane.log_retention_days must be a number of days that CloudWatch has: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or one of whole years up to 3653."
  }
}

variable "security_group_rules" {
  description = <<-EOT
    Further rules, by a name of your choice.
    group: control_plane or nodes. direction: ingress or egress. protocol: tcp, udp, icmp or -1 for all.
    from_port, to_port: ports; one port needs from_port only. description: what it is for.
    And one of cidr_ipv4, cidr_ipv6, prefix_list_id, security_group_id: who is on the other side.
  EOT
  type = map(object({
    group             = string
    direction         = optional(string, "ingress")
    protocol          = optional(string, "tcp")
    from_port         = optional(number)
    to_port           = optional(number)
    description       = optional(string)
    cidr_ipv4         = optional(string)
    cidr_ipv6         = optional(string)
    prefix_list_id    = optional(string)
    security_group_id = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for rule in var.security_group_rules :
      contains(["control_plane", "nodes"], rule.group) && contains(["ingress", "egress"], rule.direction)
    ])
    error_message = "Each of security_group_rules must have control_plane or nodes as group, and ingress or egress as direction."
  }

  validation {
    condition     = alltrue([for rule in var.security_group_rules : rule.protocol == "-1" ? rule.from_port == null && rule.to_port == null : rule.from_port != null])
    error_message = "Each of security_group_rules must have a from_port, but for protocol \"-1\", which is all ports of all protocols."
  }

  validation {
    condition = alltrue([
      for rule in var.security_group_rules : length([
        for other in [rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id, rule.security_group_id] : true if other != null
      ]) == 1
    ])
    error_message = "Each of security_group_rules must name exactly one of cidr_ipv4, cidr_ipv6, prefix_list_id and security_group_id."
  }
}

variable "karpenter" {
  description = "Whether to make what Karpenter needs in AWS: roles, instance profile, access entry, discovery tags, interruption queue and rules; and the service account that it runs as."
  type = object({
    enabled         = optional(bool, false)
    namespace       = optional(string, "kube-system")
    service_account = optional(string, "karpenter")
  })
  default  = {}
  nullable = false
}
