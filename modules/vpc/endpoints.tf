data "aws_region" "current" {}

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
