variable "addons" {
  description = <<-EOT
    EKS add-ons, by AWS's name of them. What is not here runs as EKS installs it with a cluster (vpc-cni, kube-proxy, coredns), or not at all.
    version: a version, or default or latest, which are asked for at each plan; left out, AWS chooses once, at the creation.
    before_nodes: whether it is installed before the nodes; by default vpc-cni, kube-proxy and eks-pod-identity-agent are.
    service_account_role_arn: role for IRSA. pod_identities: service account to role ARN.
    resolve_conflicts_on_update: OVERWRITE, PRESERVE or NONE, for settings that somebody changed in the cluster.
    unlisted: true for one that this module does not know: of the AWS Marketplace, or newer than this module.
  EOT
  type = map(object({
    version                     = optional(string)
    before_nodes                = optional(bool)
    service_account_role_arn    = optional(string)
    pod_identities              = optional(map(string), {})
    resolve_conflicts_on_update = optional(string, "OVERWRITE")
    unlisted                    = optional(bool, false)
  }))
  default  = {}
  nullable = false

  # Those of AWS and of the community that AWS builds, as of 2026 (aws eks describe-addon-versions).
  validation {
    condition = alltrue([
      for name, addon in var.addons : addon.unlisted || contains([
        "adot", "amazon-cloudwatch-observability", "amazon-sagemaker-hyperpod-observability",
        "amazon-sagemaker-hyperpod-taskgovernance", "amazon-sagemaker-hyperpod-training-operator",
        "aws-ebs-csi-driver", "aws-efs-csi-driver", "aws-fsx-csi-driver", "aws-guardduty-agent",
        "aws-mountpoint-s3-csi-driver", "aws-network-flow-monitoring-agent", "aws-privateca-connector-for-kubernetes",
        "aws-secrets-store-csi-driver-provider", "cert-manager", "coredns", "eks-node-monitoring-agent",
        "eks-pod-identity-agent", "external-dns", "fluent-bit", "kube-proxy", "kube-state-metrics", "metrics-server",
        "prometheus-node-exporter", "snapshot-controller", "vpc-cni",
      ], name)
    ])
    error_message = "The addons must be EKS add-ons, such as vpc-cni, coredns, kube-proxy, eks-pod-identity-agent, aws-ebs-csi-driver or metrics-server (aws eks describe-addon-versions); say unlisted = true for one of the AWS Marketplace or one that is newer than this module."
  }

  validation {
    condition = alltrue([
      for addon in var.addons : contains(["default", "latest"], coalesce(addon.version, "default")) || can(regex("^v?[0-9]+\\.[0-9]+\\.[0-9]+", addon.version))
    ])
    error_message = "The version of each of addons must be one of AWS's, such as v1.20.4-eksbuild.2, or default or latest."
  }

  validation {
    condition     = alltrue([for addon in var.addons : contains(["OVERWRITE", "PRESERVE", "NONE"], addon.resolve_conflicts_on_update)])
    error_message = "The resolve_conflicts_on_update of each of addons must be OVERWRITE, PRESERVE or NONE."
  }
}

variable "addon_configuration" {
  description = "Configuration of the add-ons, as the JSON text that AWS takes: name of the add-on to its values (aws eks describe-addon-configuration shows which there are), such as { coredns = jsonencode({ replicaCount = 2 }) }."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for value in var.addon_configuration : can(keys(jsondecode(value)))])
    error_message = "Each value of addon_configuration must be the JSON text of an object: write jsonencode({ … })."
  }

  validation {
    condition     = length(setsubtract(keys(var.addon_configuration), keys(var.addons))) == 0
    error_message = "The addon_configuration is for add-ons that addons does not have: ${join(", ", setsubtract(keys(var.addon_configuration), keys(var.addons)))}."
  }
}
