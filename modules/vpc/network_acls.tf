# A network ACL knows no connections: answers come in by rules of their own, to ports from 1024, the
# first that a NAT gateway uses. Security groups are what decides; these rules hold if one is wrong.
locals {
  families = var.subnets.ipv6 ? ["ipv4", "ipv6"] : ["ipv4"]
  ranges = {
    vpc      = { ipv4 = aws_vpc.this.cidr_block, ipv6 = aws_vpc.this.ipv6_cidr_block }
    anywhere = { ipv4 = "0.0.0.0/0", ipv6 = "::/0" }
  }

  all_of_the_vpc = [{ number = 100, protocol = "-1", from = 0, to = 0, range = "vpc" }]
  all_outside    = [{ number = 110, protocol = "-1", from = 0, to = 0, range = "anywhere" }]
  tcp_answers    = [{ number = 120, protocol = "tcp", from = 1024, to = 65535, range = "anywhere" }]
  udp_answers    = [{ number = 130, protocol = "udp", from = 1024, to = 65535, range = "anywhere" }]
  https_outside  = [{ number = 140, protocol = "tcp", from = 443, to = 443, range = "anywhere" }]
  public_ports = [
    for index, port in sort(formatlist("%05d", var.network_acls.public_ports)) :
    { number = 200 + 2 * index, protocol = "tcp", from = tonumber(port), to = tonumber(port), range = "anywhere" }
  ]
  endpoint_traffic = var.network_acls.data_reaches_gateway_endpoints

  ingress = {
    public  = concat(local.all_of_the_vpc, local.tcp_answers, local.udp_answers, local.public_ports)
    private = concat(local.all_of_the_vpc, local.tcp_answers, local.udp_answers)
    data    = concat(local.all_of_the_vpc, local.endpoint_traffic ? local.tcp_answers : [])
  }
  egress = {
    public  = local.all_outside
    private = local.all_outside
    data    = concat(local.all_of_the_vpc, local.endpoint_traffic ? local.https_outside : [])
  }

  # Without this one, a path with a smaller MTU swallows large packets.
  fragmentation_needed = {
    ipv4 = { number = 150, protocol = "icmp", icmp_type = 3, icmp_code = 4, range = "anywhere" }
    ipv6 = { number = 150, protocol = "ipv6-icmp", icmp_type = 2, icmp_code = 0, range = "anywhere" }
  }

  ssh_rules = {
    public = [
      for index, name in sort(keys(local.bastion_cidrs)) :
      { number = 300 + index, protocol = "tcp", from = 22, to = 22, ipv4 = local.bastion_cidrs[name] }
    ]
  }
  connected = {
    for kind in ["public", "private", "data"] : kind => [
      for index, cidr in concat(
        [for name in sort(keys(var.connections.peerings)) : var.connections.peerings[name].cidr if contains(var.connections.peerings[name].kinds, kind)],
        flatten([for gateway in local.transit_gateways : sort(gateway.cidrs) if contains(gateway.kinds, kind)]),
      ) : { number = 400 + index, protocol = "-1", from = 0, to = 0, ipv4 = cidr }
    ]
  }

  # Both address families of what is said by name of a range, and what has a range of its own.
  acl_rules = {
    for direction, kinds in { ingress = local.ingress, egress = local.egress } : direction => {
      for kind, rules in kinds : kind => concat(
        flatten([
          for family in local.families : [
            for rule in concat(rules, direction == "ingress" && kind != "data" ? [local.fragmentation_needed[family]] : []) : {
              number    = rule.number + (family == "ipv6" ? 1 : 0)
              protocol  = rule.protocol
              from      = try(rule.from, 0)
              to        = try(rule.to, 0)
              icmp_type = try(rule.icmp_type, 0)
              icmp_code = try(rule.icmp_code, 0)
              ipv4      = family == "ipv4" ? local.ranges[rule.range].ipv4 : null
              ipv6      = family == "ipv6" ? local.ranges[rule.range].ipv6 : null
            }
          ]
        ]),
        [
          for rule in concat(local.connected[kind], direction == "ingress" ? lookup(local.ssh_rules, kind, []) : []) :
          merge(rule, { ipv6 = null, icmp_type = 0, icmp_code = 0 })
        ],
      )
    }
  }
}

resource "aws_network_acl" "this" {
  #checkov:skip=CKV2_AWS_1:subnet_ids attaches them.
  for_each = var.network_acls.enabled ? local.kinds : {}

  vpc_id     = aws_vpc.this.id
  subnet_ids = [for zone in local.zones : aws_subnet.this["${each.key}/${zone}"].id]
  tags       = merge(var.tags, { Name = "${var.name}-${each.key}", Tier = each.key })

  dynamic "ingress" {
    for_each = local.acl_rules.ingress[each.value]

    content {
      rule_no         = ingress.value.number
      action          = "allow"
      protocol        = ingress.value.protocol
      from_port       = ingress.value.from
      to_port         = ingress.value.to
      icmp_type       = ingress.value.icmp_type
      icmp_code       = ingress.value.icmp_code
      cidr_block      = ingress.value.ipv4
      ipv6_cidr_block = ingress.value.ipv6
    }
  }

  dynamic "egress" {
    for_each = local.acl_rules.egress[each.value]

    content {
      rule_no         = egress.value.number
      action          = "allow"
      protocol        = egress.value.protocol
      from_port       = egress.value.from
      to_port         = egress.value.to
      icmp_type       = egress.value.icmp_type
      icmp_code       = egress.value.icmp_code
      cidr_block      = egress.value.ipv4
      ipv6_cidr_block = egress.value.ipv6
    }
  }
}
