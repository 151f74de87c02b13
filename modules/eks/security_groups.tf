# EKS makes a group of its own in which control plane, nodes and Fargate pods reach each other. These two
# are for what you add: they hold the rules of security_group_rules and nothing else.
resource "aws_security_group" "control_plane" {
  name        = "${var.name}-control-plane"
  description = "Control plane of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-control-plane" })
}

resource "aws_security_group" "nodes" {
  name        = "${var.name}-nodes"
  description = "Nodes of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-nodes" }, local.karpenter_discovery)
}

locals {
  security_group_ids = {
    control_plane = aws_security_group.control_plane.id
    nodes         = aws_security_group.nodes.id
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if rule.direction == "ingress" }

  security_group_id            = local.security_group_ids[each.value.group]
  description                  = each.value.description
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.from_port
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), null)
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.security_group_id
  tags                         = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if rule.direction == "egress" }

  security_group_id            = local.security_group_ids[each.value.group]
  description                  = each.value.description
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.from_port
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), null)
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.security_group_id
  tags                         = merge(var.tags, { Name = "${var.name}-${each.key}" })
}
