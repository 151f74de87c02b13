locals {
  # Each node runs one of these, and some of them let it join: they do not wait for nodes.
  addons_of_every_node = ["eks-pod-identity-agent", "kube-proxy", "vpc-cni"]

  addons = {
    for name, addon in var.addons : name => merge(addon, {
      before_nodes  = coalesce(addon.before_nodes, contains(local.addons_of_every_node, name))
      looked_up     = contains(["default", "latest"], coalesce(addon.version, "none"))
      configuration = lookup(var.addon_configuration, name, null)
    })
  }
  addon_versions = {
    for name, addon in local.addons : name => (
      addon.looked_up ? data.aws_eks_addon_version.this[name].version : addon.version
    )
  }
}

data "aws_eks_addon_version" "this" {
  for_each = { for name, addon in local.addons : name => addon.version if addon.looked_up }

  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
  most_recent        = each.value == "latest"
}

resource "aws_eks_addon" "before_nodes" {
  for_each = { for name, addon in local.addons : name => addon if addon.before_nodes }

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = local.addon_versions[each.key]
  configuration_values        = each.value.configuration
  service_account_role_arn    = each.value.service_account_role_arn
  resolve_conflicts_on_create = "OVERWRITE" # takes over what EKS installed with the cluster
  resolve_conflicts_on_update = each.value.resolve_conflicts_on_update
  tags                        = var.tags

  dynamic "pod_identity_association" {
    for_each = each.value.pod_identities

    content {
      service_account = pod_identity_association.key
      role_arn        = pod_identity_association.value
    }
  }

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.id]
  }
}

resource "aws_eks_addon" "after_nodes" {
  for_each = { for name, addon in local.addons : name => addon if !addon.before_nodes }

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = local.addon_versions[each.key]
  configuration_values        = each.value.configuration
  service_account_role_arn    = each.value.service_account_role_arn
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = each.value.resolve_conflicts_on_update
  tags                        = var.tags

  dynamic "pod_identity_association" {
    for_each = each.value.pod_identities

    content {
      service_account = pod_identity_association.key
      role_arn        = pod_identity_association.value
    }
  }

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.id]
  }

  # Their pods need somewhere to run before the add-on counts as active.
  depends_on = [aws_eks_addon.before_nodes, aws_eks_fargate_profile.this, aws_eks_node_group.this]
}
