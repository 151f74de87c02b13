# One group for all endpoints: the services reach them, nobody else.
resource "aws_security_group" "endpoints" {
  #checkov:skip=CKV2_AWS_5:The endpoints below have it.
  for_each = toset(length(var.vpc_endpoints) > 0 ? ["endpoints"] : [])

  name        = "${var.name}-${each.key}"
  description = "Endpoints of AWS services for ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  #checkov:skip=CKV_AWS_23:The Name tag describes it.
  for_each = length(var.vpc_endpoints) > 0 ? var.services : {}

  security_group_id            = aws_security_group.endpoints["endpoints"].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.service[each.key].id
  tags                         = merge(var.tags, { Name = "${var.name}-endpoints-from-${each.key}" })
}

resource "aws_vpc_endpoint" "interface" {
  for_each = var.vpc_endpoints

  vpc_id              = var.vpc_id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${local.region}.${each.key}"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoints["endpoints"].id]
  private_dns_enabled = true
  tags                = merge(var.tags, { Name = "${var.name}-${each.key}" })
}
