# A listed zone that is impaired must not fail the plan, so only the count looks at the state.
data "aws_availability_zones" "this" {
  state = length(var.availability_zones) == 0 ? "available" : null

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

# The range is cut into four quarters: public, private, data and one kept free. A quarter has
# eight slots (four in a /24, since AWS has no subnet smaller than /28), and a zone takes the slot
# of its letter. So a subnet's range depends on its own tier and zone only.
locals {
  tier_slots   = { public = 0, private = 1, data = 2 }
  zone_letters = ["a", "b", "c", "d", "e", "f", "g", "h"]

  sorted_zones = sort(data.aws_availability_zones.this.names)
  counted_zones = slice(
    local.sorted_zones, 0, min(var.availability_zone_count, length(local.sorted_zones))
  )
  zones = length(var.availability_zones) > 0 ? var.availability_zones : local.counted_zones

  zone_slots     = { for zone in local.zones : zone => index(local.zone_letters, regex("[a-h]$", zone)) }
  subnet_newbits = min(5, 28 - tonumber(split("/", var.cidr)[1]))
  slots_per_tier = pow(2, local.subnet_newbits - 2)

  subnets = merge([
    for tier, tier_slot in local.tier_slots : {
      for zone in local.zones : "${tier}/${zone}" => {
        tier = tier
        zone = zone
        # The modulo only keeps cidrsubnet from failing before the precondition of the VPC explains.
        slot = tier_slot * local.slots_per_tier + local.zone_slots[zone] % local.slots_per_tier
      }
    }
  ]...)
}

resource "aws_subnet" "this" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.value.zone
  cidr_block              = cidrsubnet(var.cidr, local.subnet_newbits, each.value.slot)
  map_public_ip_on_launch = false
  tags                    = merge(var.tags, { Name = "${var.name}-${each.value.tier}-${each.value.zone}", Tier = each.value.tier })
}
