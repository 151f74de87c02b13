locals {
  launched_tags = merge(data.aws_default_tags.current.tags, var.tags)

  # Where the AMI keeps its system and, for Bottlerocket, everything else.
  volumes = {
    for key, group in var.node_groups : key => (
      startswith(group.ami_type, "BOTTLEROCKET") ? { "/dev/xvda" = null, "/dev/xvdb" = group.disk_size } :
      startswith(group.ami_type, "WINDOWS") ? { "/dev/sda1" = group.disk_size } :
      { "/dev/xvda" = group.disk_size }
    )
  }
}

resource "aws_launch_template" "nodes" {
  #checkov:skip=CKV_AWS_341:one hop unless node_groups.metadata_hop_limit says otherwise
  for_each = var.node_groups

  name                   = "${var.name}-${each.key}"
  description            = "Nodes of ${var.name}, group ${each.key}"
  update_default_version = true
  tags                   = merge(var.tags, { Name = "${var.name}-${each.key}" })
  # With groups named here, EKS does not add its own by itself.
  vpc_security_group_ids = compact([
    aws_eks_cluster.this.vpc_config[0].cluster_security_group_id,
    aws_security_group.nodes.id,
  ])

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = each.value.metadata_hop_limit
  }

  dynamic "block_device_mappings" {
    for_each = local.volumes[each.key]

    content {
      device_name = block_device_mappings.key

      ebs {
        volume_type           = "gp3"
        volume_size           = block_device_mappings.value
        encrypted             = true
        delete_on_termination = true
      }
    }
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "network-interface", "volume"])

    content {
      resource_type = tag_specifications.key
      tags          = merge(local.launched_tags, { Name = "${var.name}-${each.key}" })
    }
  }

  lifecycle {
    # A change of tags must not replace every node, which a new version of the template does.
    # (The moto emulator also lists the template's own tags here, which would never settle.)
    ignore_changes = [tag_specifications]
  }
}
