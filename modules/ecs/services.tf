locals {
  # How many tasks run belongs to Terraform (fixed) or not, and who deploys is ECS or CodeDeploy. Only
  # three resources can say so, since ignore_changes takes no variables.
  rolling = { for name, service in var.services : name => service if service.deployment.type == "rolling" }
  fixed   = { for name, service in local.rolling : name => service if service.desired_count != null }
  free    = { for name, service in local.rolling : name => service if service.desired_count == null }

  initial_counts = {
    for name, service in var.services : name =>
    service.autoscaling == null ? service.initial_count : max(service.initial_count, service.autoscaling.min)
  }

  strategies = {
    for name, service in var.services : name =>
    service.capacity_providers == null ? var.cluster.capacity_providers : service.capacity_providers
  }

  targets = {
    for name, service in local.balanced : name => [
      { container_port = service.ports[service.load_balancer.port], target_group_arn = aws_lb_target_group.this[name].arn }
    ]
  }

  registries = {
    for name in keys(local.cloud_map) : name => [{ registry_arn = aws_service_discovery_service.this[name].arn }]
  }

  # What Terraform made of each service, whichever resource it is.
  ecs_services = merge(aws_ecs_service.fixed, aws_ecs_service.free, aws_ecs_service.blue_green)
}

resource "aws_ecs_service" "fixed" {
  for_each = local.fixed

  name                               = each.key
  cluster                            = aws_ecs_cluster.this.arn
  task_definition                    = aws_ecs_task_definition.this[each.key].arn
  desired_count                      = each.value.desired_count
  launch_type                        = length(local.strategies[each.key]) > 0 ? null : "FARGATE"
  force_new_deployment               = length(local.strategies[each.key]) > 0 ? true : null
  deployment_minimum_healthy_percent = each.value.deployment.minimum_percent
  deployment_maximum_percent         = each.value.deployment.maximum_percent
  health_check_grace_period_seconds  = each.value.load_balancer == null ? null : each.value.load_balancer.grace_period
  enable_execute_command             = each.value.execute_command
  wait_for_steady_state              = each.value.deployment.wait_for_steady_state
  propagate_tags                     = "SERVICE"
  force_delete                       = var.ephemeral
  tags                               = merge(var.tags, { Name = "${var.name}-${each.key}" })

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.service[each.key].id]
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = each.value.deployment.rollback
  }

  dynamic "alarms" {
    for_each = length(each.value.deployment.alarms) > 0 ? { alarms = each.value.deployment.alarms } : {}

    content {
      alarm_names = alarms.value
      enable      = true
      rollback    = each.value.deployment.rollback
    }
  }

  dynamic "capacity_provider_strategy" {
    for_each = local.strategies[each.key]

    content {
      capacity_provider = capacity_provider_strategy.key
      weight            = capacity_provider_strategy.value.weight
      base              = capacity_provider_strategy.value.base
    }
  }

  dynamic "load_balancer" {
    for_each = lookup(local.targets, each.key, [])

    content {
      container_name   = each.key
      container_port   = load_balancer.value.container_port
      target_group_arn = load_balancer.value.target_group_arn
    }
  }

  dynamic "service_registries" {
    for_each = lookup(local.registries, each.key, [])

    content {
      registry_arn = service_registries.value.registry_arn
    }
  }

  dynamic "service_connect_configuration" {
    for_each = each.value.discovery == "service_connect" ? [local.namespace.arn] : []

    content {
      enabled   = true
      namespace = service_connect_configuration.value

      dynamic "service" {
        for_each = each.value.ports

        content {
          port_name      = service.key
          discovery_name = "${each.key}-${service.key}"

          client_alias {
            dns_name = each.key
            port     = service.value
          }
        }
      }

      log_configuration {
        log_driver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.service[each.key].name
          awslogs-region        = local.region
          awslogs-stream-prefix = "service-connect"
        }
      }
    }
  }

  lifecycle {
    # Provider 5 would switch it off where 6 leaves it to AWS: a service keeps what it has. (The moto
    # emulator does not return it.)
    ignore_changes = [availability_zone_rebalancing]
    # A security group cannot be deleted while tasks hold it.
    replace_triggered_by = [aws_security_group.service[each.key].id]
  }

  # Tasks start at once, so all that they need must stand: their permissions and the way to them.
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.task,
    aws_iam_role_policy.exec,
    aws_iam_role_policy_attachment.task,
    aws_lb_listener_rule.rolling,
    aws_vpc_security_group_egress_rule.service,
    aws_vpc_endpoint.interface,
  ]
}
