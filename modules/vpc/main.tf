resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = merge(var.tags, { Name = var.name })

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
      condition     = alltrue([for zone in local.zones : local.zone_slots[zone] < local.slots_per_tier])
      error_message = "A /${split("/", var.cidr)[1]} range has room for ${local.slots_per_tier} zones, a to ${local.zone_letters[local.slots_per_tier - 1]}; ${join(", ", local.zones)} does not fit. Use a larger cidr or name other availability_zones."
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

# No rules: whoever forgets to name a security group gets no traffic.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.tags, { Name = "${var.name}-default-locked" })
}
