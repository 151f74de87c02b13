locals {
  # What EKS cannot change in a group is in its name, so that the group with the new value is up before the
  # old one is drained.
  node_group_suffixes = {
    for key, group in var.node_groups : key => substr(sha256(jsonencode([
      group.ami_type, group.capacity_type, group.instance_types, group.subnet_ids,
    ])), 0, 6)
  }
}

resource "aws_eks_node_group" "this" {
  for_each = var.node_groups

  cluster_name         = aws_eks_cluster.this.name
  node_group_name      = "${each.key}-${local.node_group_suffixes[each.key]}"
  node_role_arn        = aws_iam_role.nodes["nodes"].arn
  subnet_ids           = coalesce(each.value.subnet_ids, var.subnet_ids)
  version              = coalesce(each.value.kubernetes_version, var.kubernetes_version)
  release_version      = each.value.release_version
  ami_type             = each.value.ami_type
  capacity_type        = each.value.capacity_type
  instance_types       = each.value.instance_types
  labels               = each.value.labels
  force_update_version = each.value.force_update
  tags                 = var.tags

  launch_template {
    id      = aws_launch_template.nodes[each.key].id
    version = aws_launch_template.nodes[each.key].latest_version
  }

  scaling_config {
    min_size     = each.value.min
    max_size     = each.value.max
    desired_size = coalesce(each.value.desired, each.value.min)
  }

  dynamic "update_config" {
    for_each = each.value.update.max_unavailable != null || each.value.update.max_unavailable_percentage != null ? { update = each.value.update } : {}

    content {
      max_unavailable            = update_config.value.max_unavailable
      max_unavailable_percentage = update_config.value.max_unavailable_percentage
    }
  }

  dynamic "node_repair_config" {
    for_each = each.value.node_repair == null ? {} : { enabled = each.value.node_repair }

    content {
      enabled = node_repair_config.value
    }
  }

  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }

  lifecycle {
    create_before_destroy = true
    # An autoscaler owns the number of nodes after the start. One more subnet of the cluster is for new
    # groups: EKS cannot give it to one that stands. (The moto emulator invents an SSH key for each group.)
    ignore_changes       = [scaling_config[0].desired_size, subnet_ids, remote_access]
    replace_triggered_by = [aws_eks_cluster.this.id]
  }

  # Nodes join with a network, and their role must be complete as long as they live.
  depends_on = [aws_eks_addon.before_nodes, aws_iam_role_policy_attachment.nodes]
}
