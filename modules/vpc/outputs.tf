locals {
  # Of the three tiers that are always there, in the order of the zones.
  subnet_ids = { for tier in ["public", "private", "data"] : tier => [for zone in local.zones : aws_subnet.this["${tier}/${zone}"].id] }
}

output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "IPv4 range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "availability_zones" {
  description = "Names of the zones in use, in the order of the subnet lists."
  value       = local.zones
}

output "public_subnet_ids" {
  description = "Ids of the public subnets, one per zone, in the order of availability_zones."
  value       = local.subnet_ids.public
}

output "private_subnet_ids" {
  description = "Ids of the private subnets, one per zone, in the order of availability_zones."
  value       = local.subnet_ids.private
}

output "data_subnet_ids" {
  description = "Ids of the data subnets, one per zone, in the order of availability_zones."
  value       = local.subnet_ids.data
}

output "subnet_ids_by_zone" {
  description = "Ids of all subnets: tier (public, private, data and yours) to zone to id."
  value = {
    for tier in keys(local.kinds) : tier => {
      for zone in local.zones : zone => aws_subnet.this["${tier}/${zone}"].id
    }
  }
}

output "subnet_cidrs_by_zone" {
  description = "IPv4 ranges of all subnets: tier (public, private, data and yours) to zone to range."
  value = {
    for tier in keys(local.kinds) : tier => {
      for zone in local.zones : zone => aws_subnet.this["${tier}/${zone}"].cidr_block
    }
  }
}

output "nat_public_ips" {
  description = "Public addresses that traffic from the private subnets comes from, in the order of availability_zones; empty when nat is \"none\"."
  value       = [for zone in local.nat_zones : aws_eip.nat[zone].public_ip]
}

output "internet_gateway_id" {
  description = "Id of the internet gateway."
  value       = aws_internet_gateway.this.id
}

output "public_route_table_id" {
  description = "Id of the route table of the public subnets."
  value       = aws_route_table.public.id
}

output "private_route_table_ids" {
  description = "Ids of the route tables of the private subnets: zone to id."
  value       = { for zone in local.zones : zone => aws_route_table.private[zone].id }
}

output "data_route_table_id" {
  description = "Id of the route table of the data subnets."
  value       = aws_route_table.data.id
}

output "gateway_endpoint_ids" {
  description = "Ids of the gateway endpoints: service (s3, dynamodb) to id."
  value       = { for service in var.gateway_endpoints : service => aws_vpc_endpoint.gateway[service].id }
}

output "ipv6_cidr" {
  description = "IPv6 range of the VPC, a /56; null without subnets.ipv6."
  value       = var.subnets.ipv6 ? aws_vpc.this.ipv6_cidr_block : null
}

output "egress_only_gateway_id" {
  description = "Id of the egress-only internet gateway; null without subnets.ipv6."
  value       = one([for gateway in aws_egress_only_internet_gateway.this : gateway.id])
}

output "free_tier_slots" {
  description = "Slots that the next of subnets.tiers can take."
  value = setsubtract(
    range(module.cidrs.more_tiers), [for tier in var.subnets.tiers : tier.slot]
  )
}

output "interface_endpoint_ids" {
  description = "Ids of the interface endpoints: service to id."
  value       = { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.id }
}

output "endpoint_security_group_id" {
  description = "Id of the security group of the interface endpoints; null without any."
  value       = one([for group in aws_security_group.endpoints : group.id])
}

output "network_acl_ids" {
  description = "Ids of the network ACLs: tier to id."
  value       = { for tier, acl in aws_network_acl.this : tier => acl.id }
}

output "flow_log_group_name" {
  description = "Name of the log group of the flow logs; null unless they go to CloudWatch."
  value       = one([for group in aws_cloudwatch_log_group.flow_logs : group.name])
}

output "database_subnet_group_name" {
  description = "Name of the subnet group for RDS; null unless subnets.groups has \"database\"."
  value       = one([for group in aws_db_subnet_group.this : group.name])
}

output "cache_subnet_group_name" {
  description = "Name of the subnet group for ElastiCache; null unless subnets.groups has \"cache\"."
  value       = one([for group in aws_elasticache_subnet_group.this : group.name])
}

output "ssm_instance_profile_name" {
  description = "Name of the instance profile with which Session Manager reaches an instance; null without access."
  value       = one([for profile in aws_iam_instance_profile.ssm : profile.name])
}

output "bastion" {
  description = "Id (instance_id), public_ip and security_group_id of the bastion; null without one."
  value = one([
    for key, instance in aws_instance.bastion : {
      instance_id       = instance.id
      public_ip         = instance.public_ip
      security_group_id = aws_security_group.bastion[key].id
    }
  ])
}

output "peering_connection_ids" {
  description = "Ids of the peering connections: name to id. Those to another account or region must be accepted there."
  value       = { for name, peering in aws_vpc_peering_connection.this : name => peering.id }
}

output "transit_gateway_attachment_id" {
  description = "Id of the attachment to the transit gateway; null without one."
  value       = one([for attachment in aws_ec2_transit_gateway_vpc_attachment.this : attachment.id])
}
