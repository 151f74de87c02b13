locals {
  scaled = { for name, service in var.services : name => service if service.autoscaling != null }

  metrics = {
    cpu      = "ECSServiceAverageCPUUtilization"
    memory   = "ECSServiceAverageMemoryUtilization"
    requests = "ALBRequestCountPerTarget"
  }

  scaling_policies = merge([
    for name, service in local.scaled : {
      for metric, target in {
        cpu      = service.autoscaling.cpu_target
        memory   = service.autoscaling.memory_target
        requests = service.autoscaling.requests_target
      } : "${name}/${metric}" => merge(service.autoscaling, { service = name, metric = metric, target = target }) if target != null
    }
  ]...)

  schedules = merge([
    for name, service in local.scaled : {
      for key, schedule in service.autoscaling.schedules : "${name}/${key}" => merge(schedule, { service = name, name = key })
    }
  ]...)

  # The metric names the load balancer as its listener's ARN does: app/<name>/<id>.
  resource_labels = {
    for name, service in local.balanced : name => format(
      "%s/%s",
      try(regex("listener/(app/[^/]+/[^/]+)/", var.listeners[service.load_balancer.listener].arn)[0], ""),
      aws_lb_target_group.this[name].arn_suffix,
    )
  }
}

resource "aws_appautoscaling_target" "this" {
  for_each = local.scaled

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${local.ecs_services[each.key].name}"
  min_capacity       = each.value.autoscaling.min
  max_capacity       = each.value.autoscaling.max
  tags               = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_appautoscaling_policy" "this" {
  for_each = local.scaling_policies

  name               = "${var.name}-${replace(each.key, "/", "-")}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[each.value.service].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[each.value.service].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[each.value.service].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.target
    scale_in_cooldown  = each.value.scale_in_cooldown
    scale_out_cooldown = each.value.scale_out_cooldown

    predefined_metric_specification {
      predefined_metric_type = local.metrics[each.value.metric]
      resource_label         = each.value.metric == "requests" ? local.resource_labels[each.value.service] : null
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "this" {
  for_each = local.schedules

  name               = "${var.name}-${replace(each.key, "/", "-")}"
  service_namespace  = aws_appautoscaling_target.this[each.value.service].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[each.value.service].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[each.value.service].resource_id
  schedule           = each.value.expression
  timezone           = each.value.timezone

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }
}
