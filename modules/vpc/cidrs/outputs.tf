output "subnets" {
  description = "Subnets: <tier>/<zone> to tier, zone, cidr, and ipv6_number, which of the 256 /64 ranges of a /56 it has."
  value       = local.subnets
}

output "zones_per_tier" {
  description = "How many zones a tier has room for."
  value       = local.zones_per_tier
}

output "last_letter" {
  description = "The last letter of a zone that a tier has room for."
  value       = local.letters[local.zones_per_tier - 1]
}

output "more_tiers" {
  description = "How many tiers there is room for beside public, private and data."
  value       = local.more_tiers
}

output "zones_without_room" {
  description = "Zones whose letter is beyond the room of a tier."
  value       = [for zone, slot in local.zone_slots : zone if slot >= local.zones_per_tier]
}

output "overlaps" {
  description = "Those of reserved_cidrs that overlap with the range."
  value       = local.overlaps
}
