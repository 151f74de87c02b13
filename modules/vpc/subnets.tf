# A listed zone that is impaired must not fail the plan, so only the count looks at the state.
data "aws_availability_zones" "this" {
  #checkov:skip=CKV_AWS_394:The first by name are used, and availability_zones is for whoever must pin them.
  state = length(var.availability_zones) == 0 ? "available" : null

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  sorted_zones = sort(data.aws_availability_zones.this.names)
  counted_zones = slice(
    local.sorted_zones, 0, min(var.availability_zone_count, length(local.sorted_zones))
  )
  zones = length(var.availability_zones) > 0 ? var.availability_zones : local.counted_zones

  # What a tier is like: whose routes, network ACL rules and load balancers it has.
  kinds = merge(
    { public = "public", private = "private", data = "data" },
    { for tier, more in var.subnets.tiers : tier => more.kind },
  )
  subnets = { for key, subnet in module.cidrs.subnets : key => merge(subnet, { kind = local.kinds[subnet.tier] }) }

  # How the load balancer controllers of Kubernetes find subnets.
  clusters = var.subnets.kubernetes == null ? toset([]) : var.subnets.kubernetes.clusters
  roles    = var.subnets.kubernetes == null ? {} : { public = "elb", private = "internal-elb" }
  kubernetes_tags = {
    for kind, role in local.roles : kind => merge(
      { "kubernetes.io/role/${role}" = "1" },
      { for cluster in local.clusters : "kubernetes.io/cluster/${cluster}" => "shared" },
    )
  }
}

module "cidrs" {
  source = "./cidrs"

  cidr           = var.cidr
  zones          = local.zones
  tiers          = { for tier, more in var.subnets.tiers : tier => more.slot }
  reserved_cidrs = setunion(var.reserved_cidrs, [for peering in var.connections.peerings : peering.cidr])
}

resource "aws_subnet" "this" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.value.zone
  cidr_block              = each.value.cidr
  map_public_ip_on_launch = false
  ipv6_cidr_block         = var.subnets.ipv6 ? cidrsubnet(aws_vpc.this.ipv6_cidr_block, 8, each.value.ipv6_number) : null
  # Private ones only go out with it: the egress-only gateway lets nobody in.
  assign_ipv6_address_on_creation = var.subnets.ipv6 && each.value.kind == "private"
  tags = merge(
    var.tags,
    { Name = "${var.name}-${each.value.tier}-${each.value.zone}", Tier = each.value.tier },
    lookup(local.kubernetes_tags, each.value.kind, {}),
  )
}
