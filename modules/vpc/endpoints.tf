locals {
  # What Session Manager needs where there is no way out.
  ssm_endpoints       = var.access.ssm ? ["ssm", "ssmmessages", "ec2messages"] : []
  interface_endpoints = setunion(var.interface_endpoints, local.ssm_endpoints)
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = var.gateway_endpoints

  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  route_table_ids = concat(
    [aws_route_table.public.id, aws_route_table.data.id],
    [for zone in local.zones : aws_route_table.private[zone].id],
  )
  tags = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

# One group for all endpoints: whoever is in the VPC reaches them, nobody else.
resource "aws_security_group" "endpoints" {
  #checkov:skip=CKV2_AWS_5:The endpoints below have it.
  for_each = toset(length(local.interface_endpoints) > 0 ? ["endpoints"] : [])

  name        = "${var.name}-${each.key}"
  description = "Endpoints of AWS services in ${var.name}"
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each = toset(length(local.interface_endpoints) > 0 ? local.families : [])

  security_group_id = aws_security_group.endpoints["endpoints"].id
  description       = "HTTPS from the VPC"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.key == "ipv4" ? aws_vpc.this.cidr_block : null
  cidr_ipv6         = each.key == "ipv6" ? aws_vpc.this.ipv6_cidr_block : null
  tags              = merge(var.tags, { Name = "${var.name}-endpoints-${each.key}" })
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.interface_endpoints

  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  subnet_ids          = local.subnet_ids.private
  security_group_ids  = [aws_security_group.endpoints["endpoints"].id]
  private_dns_enabled = true
  tags                = merge(var.tags, { Name = "${var.name}-${each.key}" })
}
