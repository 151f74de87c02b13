variable "node_groups" {
  description = <<-EOT
    Managed node groups, by name.
    instance_types: one or more; several of the same size for SPOT. capacity_type: ON_DEMAND or SPOT. ami_type: as EKS names it.
    min, max, desired: number of nodes; desired counts at the creation only (default: min).
    disk_size: GiB. labels: of the nodes. taints: key, value and effect (NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE), by a name of your choice.
    update: how many nodes may be missing during an update, max_unavailable or max_unavailable_percentage (default: one).
    force_update: whether an update also ends pods that a disruption budget keeps. node_repair: whether EKS replaces nodes that are not healthy.
    kubernetes_version, release_version: when not those of the cluster and AWS's newest AMI of it at the creation.
    metadata_hop_limit: 1 keeps pods from the node's metadata and role, 2 lets them.
    subnet_ids: some of the cluster's subnets only.
  EOT
  type = map(object({
    instance_types     = optional(list(string), ["t3.large"])
    capacity_type      = optional(string, "ON_DEMAND")
    ami_type           = optional(string, "AL2023_x86_64_STANDARD")
    min                = optional(number, 1)
    max                = optional(number, 3)
    desired            = optional(number)
    disk_size          = optional(number, 50)
    labels             = optional(map(string), {})
    force_update       = optional(bool, false)
    node_repair        = optional(bool)
    kubernetes_version = optional(string)
    release_version    = optional(string)
    metadata_hop_limit = optional(number, 1)
    subnet_ids         = optional(list(string))
    taints = optional(map(object({
      key    = string
      value  = optional(string)
      effect = string
    })), {})
    update = optional(object({
      max_unavailable            = optional(number)
      max_unavailable_percentage = optional(number)
    }), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.node_groups) : can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", key))])
    error_message = "The names of node_groups must have 2 to 32 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }

  validation {
    condition = alltrue([
      for group in var.node_groups : length(group.instance_types) > 0 && alltrue([
        for type in group.instance_types : can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", type))
      ])
    ])
    error_message = "The instance_types of each of node_groups must be one or more EC2 instance types such as m7i.large."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : contains(["ON_DEMAND", "SPOT"], group.capacity_type)])
    error_message = "The capacity_type of each of node_groups must be ON_DEMAND or SPOT."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.ami_type != "CUSTOM"])
    error_message = "The ami_type of node_groups must be one of EKS's own, such as AL2023_x86_64_STANDARD, AL2023_ARM_64_STANDARD or BOTTLEROCKET_x86_64; this module has no place for an image of your own."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.min >= 0 && group.min <= group.max && group.max >= 1])
    error_message = "The min of each of node_groups must not be negative nor greater than its max, and the max must be at least 1; not so: ${join(", ", [for key, group in var.node_groups : key if group.min < 0 || group.min > group.max || group.max < 1])}."
  }

  validation {
    condition = alltrue([
      for group in var.node_groups : group.desired == null || try(group.desired >= group.min && group.desired <= group.max, false)
    ])
    error_message = "The desired of each of node_groups must lie between its min and max; not so: ${join(", ", [for key, group in var.node_groups : key if !(group.desired == null || try(group.desired >= group.min && group.desired <= group.max, false))])}."
  }

  validation {
    condition = alltrue(flatten([
      for group in var.node_groups : [
        for taint in group.taints : contains(["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"], taint.effect)
      ]
    ]))
    error_message = "The effect of each taint of node_groups must be NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE, as EKS writes them."
  }

  validation {
    condition = alltrue([
      for group in var.node_groups : group.update.max_unavailable == null || group.update.max_unavailable_percentage == null
    ])
    error_message = "The update of each of node_groups may have max_unavailable or max_unavailable_percentage, not both."
  }

  validation {
    condition = alltrue([
      for group in var.node_groups :
      coalesce(group.update.max_unavailable, 1) >= 1 && contains(range(1, 101), coalesce(group.update.max_unavailable_percentage, 1))
    ])
    error_message = "The update of each of node_groups must have a max_unavailable of at least 1, or a max_unavailable_percentage from 1 to 100."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.disk_size >= 20 && group.disk_size <= 16384])
    error_message = "The disk_size of each of node_groups must be from 20 GiB, what EKS's images need, to 16384 GiB."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : contains(range(1, 65), group.metadata_hop_limit)])
    error_message = "The metadata_hop_limit of each of node_groups must be a whole number from 1 to 64."
  }

  validation {
    condition = alltrue([
      for group in var.node_groups : group.kubernetes_version == null || can(regex("^1\\.[0-9]{2}$", group.kubernetes_version))
    ])
    error_message = "The kubernetes_version of each of node_groups must be a version without a patch, such as \"1.32\"."
  }
}

variable "fargate_profiles" {
  description = <<-EOT
    Fargate profiles, by name. A pod that fits a selector runs on Fargate.
    selectors: one to five, each with a namespace and, if wanted, labels.
    subnet_ids: some of the cluster's subnets only; they must be private.
  EOT
  type = map(object({
    selectors = optional(list(object({
      namespace = string
      labels    = optional(map(string), {})
    })), [])
    subnet_ids = optional(list(string))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for profile in var.fargate_profiles : length(profile.selectors) >= 1 && length(profile.selectors) <= 5])
    error_message = "Each of fargate_profiles must have one to five selectors: without one, no pod would ever run on it; not so: ${join(", ", [for key, profile in var.fargate_profiles : key if length(profile.selectors) < 1 || length(profile.selectors) > 5])}."
  }
}
