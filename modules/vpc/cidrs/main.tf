# The range is cut into four quarters: public, private, data and one for more tiers. A quarter has
# eight slots (four in a /24, since AWS has no subnet smaller than /28), and a zone takes the slot
# of its letter. The last quarter is cut into four again, as far as /28 allows, and a tier in it
# takes the slot that it names. So a subnet's range depends on its own tier and zone only.
locals {
  letters = ["a", "b", "c", "d", "e", "f", "g", "h"]
  prefix  = tonumber(split("/", var.cidr)[1])

  newbits        = min(5, 28 - local.prefix)
  zones_per_tier = pow(2, local.newbits - 2)
  more_newbits   = min(local.newbits + 2, 28 - local.prefix)
  more_tiers     = pow(2, local.more_newbits - 2) / local.zones_per_tier

  zone_slots = { for zone in var.zones : zone => index(local.letters, regex("[a-h]$", zone)) }
  quarters   = { public = 0, private = 1, data = 2 }

  # The modulos keep cidrsubnet from failing before somebody explains what has no room.
  tiers = merge(
    {
      for tier, quarter in local.quarters : tier => {
        number  = quarter
        newbits = local.newbits
        first   = quarter * local.zones_per_tier
      }
    },
    {
      for tier, slot in var.tiers : tier => {
        number  = length(local.quarters) + slot
        newbits = local.more_newbits
        first   = 3 * pow(2, local.more_newbits - 2) + (slot % local.more_tiers) * local.zones_per_tier
      }
    },
  )

  subnets = merge([
    for tier, place in local.tiers : {
      for zone, slot in local.zone_slots : "${tier}/${zone}" => {
        tier        = tier
        zone        = zone
        cidr        = cidrsubnet(var.cidr, place.newbits, place.first + slot % local.zones_per_tier)
        ipv6_number = place.number * length(local.letters) + slot
      }
    }
  ]...)

  # Two ranges overlap if they are the same at the shorter of their prefixes.
  shorter_prefixes = { for other in var.reserved_cidrs : other => min(local.prefix, tonumber(split("/", other)[1])) }
  overlaps = [
    for other, prefix in local.shorter_prefixes : other
    if cidrsubnet("${split("/", var.cidr)[0]}/${prefix}", 0, 0) == cidrsubnet("${split("/", other)[0]}/${prefix}", 0, 0)
  ]
}
