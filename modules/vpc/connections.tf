locals {
  peering_routes = merge(flatten([
    for name, peering in var.connections.peerings : [
      for kind in peering.kinds : {
        for table, id in local.route_tables[kind] : "${name}/${table}" => { peering = name, table = id }
      }
    ]
  ])...)

  # AWS accepts by itself only what is of one account and region.
  own_peerings = {
    for name, peering in var.connections.peerings : name => (
      coalesce(peering.owner_id, data.aws_caller_identity.current.account_id) == data.aws_caller_identity.current.account_id &&
      coalesce(peering.region, data.aws_region.current.id) == data.aws_region.current.id
    )
  }

  transit_gateways = { for key, gateway in { this = var.connections.transit_gateway } : key => gateway if gateway != null }
  transit_routes = merge(flatten([
    for gateway in local.transit_gateways : [
      for kind in gateway.kinds : [
        for table, id in local.route_tables[kind] : {
          for cidr in gateway.cidrs : "${table}/${cidr}" => { cidr = cidr, table = id }
        }
      ]
    ]
  ])...)

  kinds_with_a_way_out = var.nat == "none" ? ["public"] : ["public", "private"]
  doubled_ways_out = flatten([
    for gateway in local.transit_gateways :
    contains(gateway.cidrs, "0.0.0.0/0") ? setintersection(gateway.kinds, local.kinds_with_a_way_out) : []
  ])
}

resource "aws_vpc_peering_connection" "this" {
  for_each = var.connections.peerings

  vpc_id        = aws_vpc.this.id
  peer_vpc_id   = each.value.vpc_id
  peer_owner_id = each.value.owner_id
  peer_region   = local.own_peerings[each.key] ? null : each.value.region
  auto_accept   = local.own_peerings[each.key]
  tags          = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_route" "peering" {
  for_each = local.peering_routes

  route_table_id            = each.value.table
  destination_cidr_block    = var.connections.peerings[each.value.peering].cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.this[each.value.peering].id
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  for_each = local.transit_gateways

  transit_gateway_id     = each.value.id
  vpc_id                 = aws_vpc.this.id
  subnet_ids             = local.subnet_ids.private
  appliance_mode_support = each.value.appliance_mode ? "enable" : "disable"
  ipv6_support           = var.subnets.ipv6 ? "enable" : "disable"
  tags                   = merge(var.tags, { Name = var.name })
}

resource "aws_route" "transit_gateway" {
  for_each = local.transit_routes

  route_table_id         = each.value.table
  destination_cidr_block = each.value.cidr
  transit_gateway_id     = aws_ec2_transit_gateway_vpc_attachment.this["this"].transit_gateway_id
}
