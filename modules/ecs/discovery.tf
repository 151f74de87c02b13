locals {
  made_namespace = var.namespace.create == null ? {} : { this = var.namespace.create }
  namespace = {
    id  = var.namespace.create == null ? var.namespace.id : aws_service_discovery_private_dns_namespace.this["this"].id
    arn = var.namespace.create == null ? var.namespace.arn : aws_service_discovery_private_dns_namespace.this["this"].arn
  }
  cloud_map = { for name, service in var.services : name => service if service.discovery == "cloud_map" }
}

# Serves both kinds: DNS names of Cloud Map, and Service Connect, which reads it through the API.
resource "aws_service_discovery_private_dns_namespace" "this" {
  for_each = local.made_namespace

  name        = each.value
  description = "Services of ${var.name}"
  vpc         = var.vpc_id
  tags        = merge(var.tags, { Name = each.value })
}

resource "aws_service_discovery_service" "this" {
  for_each = local.cloud_map

  name          = each.key
  description   = "Tasks of ${var.name}-${each.key}"
  force_destroy = var.ephemeral
  tags          = merge(var.tags, { Name = "${var.name}-${each.key}" })

  dns_config {
    namespace_id   = local.namespace.id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 10
    }
  }

  # ECS tells Cloud Map which tasks are healthy.
  health_check_custom_config {
    failure_threshold = 1
  }
}
