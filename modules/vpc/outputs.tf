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
  value       = [for zone in local.zones : aws_subnet.this["public/${zone}"].id]
}

output "private_subnet_ids" {
  description = "Ids of the private subnets, one per zone, in the order of availability_zones."
  value       = [for zone in local.zones : aws_subnet.this["private/${zone}"].id]
}

output "data_subnet_ids" {
  description = "Ids of the data subnets, one per zone, in the order of availability_zones."
  value       = [for zone in local.zones : aws_subnet.this["data/${zone}"].id]
}

output "subnet_ids_by_zone" {
  description = "Ids of all subnets: tier (public, private, data) to zone to id."
  value = {
    for tier in keys(local.tier_slots) : tier => {
      for zone in local.zones : zone => aws_subnet.this["${tier}/${zone}"].id
    }
  }
}

output "subnet_cidrs_by_zone" {
  description = "IPv4 ranges of all subnets: tier (public, private, data) to zone to range."
  value = {
    for tier in keys(local.tier_slots) : tier => {
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
