data "aws_region" "current" {}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:Flow logs cost money, so whoever wants them asks for them with flow_logs.
  cidr_block                       = var.cidr
  assign_generated_ipv6_cidr_block = var.subnets.ipv6
  enable_dns_support               = true
  enable_dns_hostnames             = true
  tags                             = merge(var.tags, { Name = var.name })

  # Everything needs the VPC, so it also tells what cannot go together. Validations of the variables
  # would tell less at once: Terraform leaves out those that refer to a variable that is wrong itself.
  lifecycle {
    precondition {
      condition     = length(setsubtract(var.availability_zones, data.aws_availability_zones.this.names)) == 0
      error_message = "This region has no zone ${join(", ", setsubtract(var.availability_zones, data.aws_availability_zones.this.names))}; it has ${join(", ", sort(data.aws_availability_zones.this.names))}."
    }

    precondition {
      condition     = length(var.availability_zones) > 0 || length(local.zones) == var.availability_zone_count
      error_message = "This region has ${length(local.zones)} available zones, fewer than the ${var.availability_zone_count} of availability_zone_count."
    }

    precondition {
      condition     = length(module.cidrs.zones_without_room) == 0
      error_message = "A /${split("/", var.cidr)[1]} range has room for ${module.cidrs.zones_per_tier} zones, a to ${module.cidrs.last_letter}; ${join(", ", local.zones)} does not fit. Use a larger cidr or name other availability_zones."
    }

    precondition {
      condition     = alltrue([for tier in var.subnets.tiers : tier.slot < module.cidrs.more_tiers])
      error_message = "A /${split("/", var.cidr)[1]} range has room for ${module.cidrs.more_tiers} of subnets.tiers, with slots from 0 to ${module.cidrs.more_tiers - 1}. Use a larger cidr or a free slot."
    }

    precondition {
      condition     = length(module.cidrs.overlaps) == 0
      error_message = "The cidr ${var.cidr} overlaps with ${join(" and ", [for range in module.cidrs.overlaps : "${range} of ${contains(var.reserved_cidrs, range) ? "reserved_cidrs" : "connections.peerings"}"])}. Use a range that is free."
    }

    precondition {
      condition     = !contains(var.subnets.groups, "database") || length(local.zones) >= 2
      error_message = "The subnets.groups may hold \"database\" with two or more availability zones only: RDS takes no subnet group of one."
    }

    precondition {
      condition     = length(local.doubled_ways_out) == 0
      error_message = "The connections.transit_gateway has 0.0.0.0/0 for ${join(" and ", local.doubled_ways_out)} subnets, which have a default route already. Use nat = \"none\" and no public kind for it, or narrower cidrs."
    }
  }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = var.name })

  lifecycle {
    # The provider would move the gateway to a new VPC in place, that is after the old VPC is
    # deleted, and AWS does not delete a VPC that has a gateway.
    replace_triggered_by = [aws_vpc.this.id]
  }
}

# The way out over IPv6 for private subnets, with no way in.
resource "aws_egress_only_internet_gateway" "this" {
  for_each = toset(var.subnets.ipv6 ? ["ipv6"] : [])

  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = var.name })
}

# No rules: whoever forgets to name a security group gets no traffic.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-default-locked" })
}
