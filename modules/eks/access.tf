resource "aws_eks_access_entry" "this" {
  for_each = var.access_entries

  cluster_name      = aws_eks_cluster.this.name
  principal_arn     = each.value.principal_arn
  type              = each.value.type
  kubernetes_groups = each.value.type == "STANDARD" ? each.value.kubernetes_groups : null
  tags              = var.tags

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.id]
  }
}

locals {
  access_policies = merge([
    for entry, access in var.access_entries : {
      for policy, scope in access.policies : "${entry}/${policy}" => {
        entry      = entry
        policy_arn = startswith(policy, "arn:") ? policy : "arn:${local.partition}:eks::aws:cluster-access-policy/${policy}"
        namespaces = scope.namespaces
      }
    }
  ]...)
}

resource "aws_eks_access_policy_association" "this" {
  for_each = local.access_policies

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_eks_access_entry.this[each.value.entry].principal_arn
  policy_arn    = each.value.policy_arn

  access_scope {
    type       = each.value.namespaces == null ? "cluster" : "namespace"
    namespaces = each.value.namespaces
  }

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.id]
  }
}

resource "aws_eks_pod_identity_association" "this" {
  for_each = var.pod_identities

  cluster_name    = aws_eks_cluster.this.name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = each.value.role_arn
  tags            = var.tags

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.id]
  }
}
