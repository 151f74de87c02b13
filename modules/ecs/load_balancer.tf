locals {
  blue_green = { for name, service in var.services : name => service if service.deployment.type == "blue_green" }

  # Under CodeDeploy a service has two target groups, and the live one changes with each deployment.
  target_groups = merge([
    for name, service in local.balanced : merge(
      { (name) = { service = name, name = "${var.name}-${name}" } },
      { for green in contains(keys(local.blue_green), name) ? ["green"] : [] : "${name}/${green}" => { service = name, name = "${var.name}-${name}-${green}" } },
    )
  ]...)

  rules = merge([
    for name, service in local.balanced : {
      for key, rule in service.load_balancer.rules : "${name}/${key}" => merge(rule, { service = name, listener = service.load_balancer.listener })
    }
  ]...)
  rolling_rules    = { for key, rule in local.rules : key => rule if !contains(keys(local.blue_green), rule.service) }
  blue_green_rules = { for key, rule in local.rules : key => rule if contains(keys(local.blue_green), rule.service) }
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer; tasks take requests from its security group only.
  for_each = local.target_groups

  name        = each.value.name
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  # ECS registers each task with its own port: a change of that must not replace the group.
  port                 = 80
  protocol_version     = var.services[each.value.service].load_balancer.protocol_version
  deregistration_delay = var.services[each.value.service].load_balancer.deregistration_delay
  tags                 = merge(var.tags, { Name = each.value.name })

  health_check {
    path                = var.services[each.value.service].load_balancer.health_check.path
    matcher             = var.services[each.value.service].load_balancer.health_check.matcher
    interval            = var.services[each.value.service].load_balancer.health_check.interval
    timeout             = var.services[each.value.service].load_balancer.health_check.timeout
    healthy_threshold   = var.services[each.value.service].load_balancer.health_check.healthy_threshold
    unhealthy_threshold = var.services[each.value.service].load_balancer.health_check.unhealthy_threshold
  }

  stickiness {
    enabled = false
    type    = "lb_cookie"
  }
}

# AWS does not delete a target group that a rule still names, so a rule is replaced with its group.
# replace_triggered_by takes no other key than its own, hence one of these for each rule.
resource "terraform_data" "rule_target" {
  for_each = local.rules

  triggers_replace = aws_lb_target_group.this[each.value.service].arn
}

resource "aws_lb_listener_rule" "rolling" {
  for_each = local.rolling_rules

  listener_arn = var.listeners[each.value.listener].arn
  priority     = each.value.priority
  tags         = merge(var.tags, { Name = "${var.name}-${each.key}" })

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[each.value.service].arn
  }

  dynamic "condition" {
    for_each = length(each.value.paths) > 0 ? { paths = each.value.paths } : {}

    content {
      path_pattern {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.hosts) > 0 ? { hosts = each.value.hosts } : {}

    content {
      host_header {
        values = condition.value
      }
    }
  }

  lifecycle {
    replace_triggered_by = [terraform_data.rule_target[each.key]]
  }
}

# The same, but CodeDeploy owns which of the two target groups gets the requests.
resource "aws_lb_listener_rule" "blue_green" {
  for_each = local.blue_green_rules

  listener_arn = var.listeners[each.value.listener].arn
  priority     = each.value.priority
  tags         = merge(var.tags, { Name = "${var.name}-${each.key}" })

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[each.value.service].arn
  }

  dynamic "condition" {
    for_each = length(each.value.paths) > 0 ? { paths = each.value.paths } : {}

    content {
      path_pattern {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.hosts) > 0 ? { hosts = each.value.hosts } : {}

    content {
      host_header {
        values = condition.value
      }
    }
  }

  lifecycle {
    ignore_changes       = [action]
    replace_triggered_by = [terraform_data.rule_target[each.key]]
  }
}
