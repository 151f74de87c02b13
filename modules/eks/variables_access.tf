variable "access_entries" {
  description = <<-EOT
    Who may use the Kubernetes API, by a name of your choice. Nobody else may, whoever made the cluster included.
    principal_arn: IAM role or user. type: STANDARD for people and programs.
    policies: EKS access policies by name (or ARN): on the whole cluster, or in namespaces only.
    kubernetes_groups: groups that your own role bindings name.
  EOT
  type = map(object({
    principal_arn     = string
    type              = optional(string, "STANDARD")
    kubernetes_groups = optional(set(string), [])
    policies = optional(map(object({
      namespaces = optional(set(string))
    })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for entry in var.access_entries : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/", entry.principal_arn))
    ])
    error_message = "Each principal_arn of access_entries must be the ARN of an IAM role or user; EKS takes no groups, and no sessions of roles."
  }

  validation {
    condition = alltrue([
      for entry in var.access_entries : contains(["STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX"], entry.type)
    ])
    error_message = "Each type of access_entries must be STANDARD, EC2_LINUX, EC2_WINDOWS or FARGATE_LINUX."
  }

  validation {
    condition = alltrue([
      for entry in var.access_entries :
      entry.type == "STANDARD" || length(entry.kubernetes_groups) + length(entry.policies) == 0
    ])
    error_message = "The access_entries of nodes (any type but STANDARD) take neither policies nor kubernetes_groups."
  }

  validation {
    condition = alltrue([
      for entry in var.access_entries : alltrue([for group in entry.kubernetes_groups : !startswith(group, "system:")])
    ])
    error_message = "The kubernetes_groups of access_entries must not start with \"system:\"; for an administrator, use the policy AmazonEKSClusterAdminPolicy."
  }

  # As AWS listed them in 2026 (aws eks list-access-policies).
  validation {
    condition = alltrue(flatten([
      for entry in var.access_entries : [
        for policy in keys(entry.policies) : startswith(policy, "arn:") || contains([
          "AIDevOpsAgentAccessPolicy", "AmazonAIOpsAssistantPolicy", "AmazonARCRegionSwitchScalingPolicy",
          "AmazonEKSACKPolicy", "AmazonEKSAdminPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSArgoCDClusterPolicy",
          "AmazonEKSArgoCDPolicy", "AmazonEKSAutoNodePolicy", "AmazonEKSBlockStorageClusterPolicy",
          "AmazonEKSBlockStoragePolicy", "AmazonEKSClusterAdminPolicy", "AmazonEKSComputeClusterPolicy",
          "AmazonEKSComputePolicy", "AmazonEKSEditPolicy", "AmazonEKSEventPolicy", "AmazonEKSHybridPolicy",
          "AmazonEKSKROPolicy", "AmazonEKSLoadBalancingClusterPolicy", "AmazonEKSLoadBalancingPolicy",
          "AmazonEKSNetworkingClusterPolicy", "AmazonEKSNetworkingPolicy", "AmazonEKSPodIdentityPolicy",
          "AmazonEKSSecretAdminPolicy", "AmazonEKSSecretReaderPolicy", "AmazonEKSViewPolicy", "AmazonEMRJobPolicy",
          "AmazonSagemakerHyperpodClusterPolicy", "AmazonSagemakerHyperpodControllerPolicy",
          "AmazonSagemakerHyperpodSpacePolicy", "AmazonSagemakerHyperpodSpaceTemplatePolicy",
          "AmazonSagemakerHyperpodSystemNamespacePolicy", "AmazonSagemakerHyperpodUserClusterPolicy",
        ], policy)
      ]
    ]))
    error_message = "The policies of access_entries must be EKS access policies, such as AmazonEKSClusterAdminPolicy, AmazonEKSAdminPolicy, AmazonEKSEditPolicy or AmazonEKSViewPolicy (aws eks list-access-policies); give one that is newer than this module by its ARN."
  }

  validation {
    condition = alltrue(flatten([
      for entry in var.access_entries : [for policy in entry.policies : policy.namespaces == null || try(length(policy.namespaces) > 0, true)]
    ]))
    error_message = "The namespaces of a policy of access_entries are empty: name some, or leave namespaces out for the whole cluster."
  }
}

variable "pod_identities" {
  description = "Roles for pods, by a name of your choice: namespace, service_account, role_arn. The role must trust pods.eks.amazonaws.com, and the cluster needs the add-on eks-pod-identity-agent."
  type = map(object({
    namespace       = string
    service_account = string
    role_arn        = string
  }))
  default  = {}
  nullable = false

  validation {
    condition = length(distinct([
      for each in var.pod_identities : "${each.namespace}/${each.service_account}"
    ])) == length(var.pod_identities)
    error_message = "The pod_identities must name each service account once: EKS gives it one role."
  }

  validation {
    condition     = alltrue([for each in var.pod_identities : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/", each.role_arn))])
    error_message = "Each role_arn of pod_identities must be the ARN of an IAM role."
  }
}
