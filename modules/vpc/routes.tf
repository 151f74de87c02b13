# Routes are resources of their own, so that a table is never replaced because a route changes.
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-public" })
}

resource "aws_route" "public_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route" "public_internet_ipv6" {
  for_each = toset(var.subnets.ipv6 ? ["ipv6"] : [])

  route_table_id              = aws_route_table.public.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.this.id
}

# One table per zone whatever the NAT strategy, so that switching it changes routes only.
resource "aws_route_table" "private" {
  for_each = toset(local.zones)

  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-private-${each.key}" })
}

resource "aws_route" "private_internet" {
  for_each = var.nat == "none" ? toset([]) : toset(local.zones)

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat == "single" ? local.zones[0] : each.key].id
}

resource "aws_route" "private_internet_ipv6" {
  for_each = toset(var.subnets.ipv6 ? local.zones : [])

  route_table_id              = aws_route_table.private[each.key].id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.this["ipv6"].id
}

# No route to the internet, in or out.
resource "aws_route_table" "data" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-data" })
}

# A tier of yours uses the tables of its kind.
resource "aws_route_table_association" "this" {
  for_each = local.subnets

  subnet_id = aws_subnet.this[each.key].id
  route_table_id = (
    each.value.kind == "public" ? aws_route_table.public.id :
    each.value.kind == "private" ? aws_route_table.private[each.value.zone].id :
    aws_route_table.data.id
  )
}

locals {
  # By kind, for what adds routes to some of them; the keys are known before there is a table.
  route_tables = {
    public  = { public = aws_route_table.public.id }
    private = { for zone in local.zones : "private/${zone}" => aws_route_table.private[zone].id }
    data    = { data = aws_route_table.data.id }
  }
}
