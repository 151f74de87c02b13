# CodeDeploy shifts the requests from one set of tasks to another.
resource "aws_ecs_service" "blue_green" {
  for_each = local.blue_green

  name                              = each.key
  cluster                           = aws_ecs_cluster.this.arn
  task_definition                   = aws_ecs_task_definition.this[each.key].arn
  desired_count                     = local.initial_counts[each.key]
  launch_type                       = length(local.strategies[each.key]) > 0 ? null : "FARGATE"
  health_check_grace_period_seconds = each.value.load_balancer == null ? null : each.value.load_balancer.grace_period
  enable_execute_command            = each.value.execute_command
  wait_for_steady_state             = each.value.deployment.wait_for_steady_state
  propagate_tags                    = "SERVICE"
  force_delete                      = var.ephemeral
  tags                              = merge(var.tags, { Name = "${var.name}-${each.key}" })

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.service[each.key].id]
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

  lifecycle {
    # Autoscaling owns the number; the rest changes with a deployment of CodeDeploy, by the AppSpec of
    # the output appspecs, and ECS refuses it from anybody else.
    ignore_changes = [
      desired_count, task_definition, load_balancer, network_configuration, capacity_provider_strategy,
      availability_zone_rebalancing,
    ]
    replace_triggered_by = [
      aws_security_group.service[each.key].id,
      aws_lb_target_group.this[each.key].arn,
    ]
  }

  # Tasks start at once, so all that they need must stand: their permissions and the way to them.
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.task,
    aws_iam_role_policy.exec,
    aws_iam_role_policy_attachment.task,
    aws_lb_listener_rule.blue_green,
    aws_vpc_security_group_egress_rule.service,
    aws_vpc_endpoint.interface,
  ]
}
