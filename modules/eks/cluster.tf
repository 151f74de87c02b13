# Made before the cluster: EKS would make it without retention, and it would outlive the cluster.
resource "aws_cloudwatch_log_group" "control_plane" {
  for_each = toset(length(var.control_plane.log_types) > 0 ? ["control-plane"] : [])

  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.control_plane.log_retention_days
  kms_key_id        = var.control_plane.log_kms_key_arn
  tags              = var.tags
}

resource "aws_eks_cluster" "this" {
  #checkov:skip=CKV_AWS_37:all five are on unless control_plane.log_types says otherwise; checkov cannot read a set
  #checkov:skip=CKV_AWS_38:everyone gets in only where control_plane.public_endpoint.everyone is true
  name                      = var.name
  role_arn                  = aws_iam_role.cluster.arn
  version                   = var.kubernetes_version
  enabled_cluster_log_types = var.control_plane.log_types
  tags                      = var.tags

  access_config {
    authentication_mode = "API"
    # Who may do what is written in access_entries; whoever happened to apply has no rights by that.
    bootstrap_cluster_creator_admin_permissions = false
  }

  vpc_config {
    subnet_ids              = coalesce(var.control_plane.subnet_ids, var.subnet_ids)
    security_group_ids      = [aws_security_group.control_plane.id]
    endpoint_private_access = true
    endpoint_public_access  = local.public_endpoint
    public_access_cidrs     = local.public_endpoint ? local.public_cidrs : null
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = local.kms_key_arn
    }
  }

  dynamic "upgrade_policy" {
    for_each = var.control_plane.support_type == null ? {} : { support = var.control_plane.support_type }

    content {
      support_type = upgrade_policy.value
    }
  }

  dynamic "kubernetes_network_config" {
    for_each = var.control_plane.service_ipv4_cidr == null ? {} : { ipv4 = var.control_plane.service_ipv4_cidr }

    content {
      service_ipv4_cidr = kubernetes_network_config.value
    }
  }

  lifecycle {
    # Neither can change in a cluster that stands; AWS tells only one of them, and the moto emulator neither.
    ignore_changes = [access_config]
  }

  # Without its permissions a cluster neither starts nor takes its network interfaces with it.
  depends_on = [
    aws_cloudwatch_log_group.control_plane,
    aws_iam_role_policy.cluster,
    aws_iam_role_policy_attachment.cluster,
  ]
}

locals {
  public_endpoint = var.control_plane.public_endpoint != null
  public_cidrs    = try(var.control_plane.public_endpoint.everyone, false) ? ["0.0.0.0/0"] : try(var.control_plane.public_endpoint.cidrs, [])
}
