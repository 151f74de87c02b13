# Names are fixed, so these groups cannot be create_before_destroy. They are replaced only with
# vpc_id or name, and then what uses them is replaced too (see alb.tf and autoscaling.tf).
resource "aws_security_group" "alb" {
  name        = "${var.name}-alb"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-alb" })
}

resource "aws_security_group" "instances" {
  name        = "${var.name}-instances"
  description = "Instances of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-instances" })
}

locals {
  listener_ports = merge({ http = 80 }, local.https ? { https = 443 } : {})
  alb_ingress = merge([
    for protocol, port in local.listener_ports : {
      for cidr in var.allowed_cidrs : "${protocol}/${cidr}" => { port = port, cidr = cidr }
    }
  ]...)
}

resource "aws_vpc_security_group_ingress_rule" "alb" {
  for_each = local.alb_ingress

  security_group_id = aws_security_group.alb.id
  description       = "Clients in ${each.value.cidr}"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = each.value.cidr
  tags              = merge(var.tags, { Name = "${var.name}-alb-${each.value.port}" })
}

# Requests and health checks to the instances, which take them from the load balancer only. No
# description: the Name tag says it, and moto forgets the description of a rule that names a group.
resource "aws_vpc_security_group_egress_rule" "alb_to_instances" {
  #checkov:skip=CKV_AWS_23:The Name tag says it
  security_group_id            = aws_security_group.alb.id
  ip_protocol                  = "tcp"
  from_port                    = var.instance.port
  to_port                      = var.instance.port
  referenced_security_group_id = aws_security_group.instances.id
  tags                         = merge(var.tags, { Name = "${var.name}-alb-to-instances" })
}

resource "aws_vpc_security_group_ingress_rule" "instances_from_alb" {
  #checkov:skip=CKV_AWS_23:The Name tag says it
  security_group_id            = aws_security_group.instances.id
  ip_protocol                  = "tcp"
  from_port                    = var.instance.port
  to_port                      = var.instance.port
  referenced_security_group_id = aws_security_group.alb.id
  tags                         = merge(var.tags, { Name = "${var.name}-instances-from-alb" })
}

# Packages, AWS APIs, databases: what may answer is limited on the other side.
resource "aws_vpc_security_group_egress_rule" "instances_out" {
  security_group_id = aws_security_group.instances.id
  description       = "Anywhere"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  tags              = merge(var.tags, { Name = "${var.name}-instances-out" })
}
