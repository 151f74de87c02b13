# Names are fixed, so these groups cannot be create_before_destroy. They are replaced only with
# vpc_id or name, and then the services that use them are replaced too.
resource "aws_security_group" "service" {
  for_each = var.services

  name        = "${var.name}-${each.key}"
  description = "Tasks of ${var.name}-${each.key}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

locals {
  balanced = { for name, service in var.services : name => service if service.load_balancer != null }

  ingress = merge([
    for name, service in var.services : {
      for key, source in service.ingress : "${name}/${key}" => merge(source, { name = name, number = service.ports[source.port] })
    }
  ]...)
}

# No descriptions: the Name tag says it, and moto forgets the description of a rule that names a group.
resource "aws_vpc_security_group_ingress_rule" "service" {
  #checkov:skip=CKV_AWS_23:The Name tag describes it.
  for_each = local.ingress

  security_group_id            = aws_security_group.service[each.value.name].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.number
  to_port                      = each.value.number
  referenced_security_group_id = each.value.service == null ? each.value.security_group_id : aws_security_group.service[each.value.service].id
  cidr_ipv4                    = each.value.cidr
  tags                         = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  #checkov:skip=CKV_AWS_23:The Name tag describes it.
  for_each = local.balanced

  security_group_id            = aws_security_group.service[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports[each.value.load_balancer.port]
  to_port                      = each.value.ports[each.value.load_balancer.port]
  referenced_security_group_id = var.listeners[each.value.load_balancer.listener].security_group_id
  tags                         = merge(var.tags, { Name = "${var.name}-${each.key}-from-load-balancer" })
}

# On the load balancer's own group, so that its stack need not know the services.
resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  #checkov:skip=CKV_AWS_23:The Name tag describes it.
  for_each = local.balanced

  security_group_id            = var.listeners[each.value.load_balancer.listener].security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports[each.value.load_balancer.port]
  to_port                      = each.value.ports[each.value.load_balancer.port]
  referenced_security_group_id = aws_security_group.service[each.key].id
  tags                         = merge(var.tags, { Name = "${var.name}-load-balancer-to-${each.key}" })
}

# Images, AWS APIs, databases: what may answer is limited on the other side.
resource "aws_vpc_security_group_egress_rule" "service" {
  for_each = var.services

  security_group_id = aws_security_group.service[each.key].id
  description       = "Anywhere"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  tags              = merge(var.tags, { Name = "${var.name}-${each.key}-out" })
}
