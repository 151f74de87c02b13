data "aws_iam_policy_document" "assume_by_codedeploy" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["codedeploy.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_iam_role" "codedeploy" {
  for_each = local.blue_green

  name               = "${var.name}-${each.key}-codedeploy-${local.region}"
  description        = "Deploys ${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_codedeploy.json
  tags               = var.tags
}

data "aws_iam_policy_document" "codedeploy" {
  #checkov:skip=CKV_AWS_356:The actions with any resource only look, and know no resources.
  for_each = local.blue_green

  statement {
    sid     = "Tasks"
    actions = ["ecs:CreateTaskSet", "ecs:DeleteTaskSet", "ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"]
    resources = [
      "arn:${local.partition}:ecs:${local.region}:${local.account_id}:service/${var.name}/${each.key}",
      "arn:${local.partition}:ecs:${local.region}:${local.account_id}:task-set/${var.name}/${each.key}/*",
    ]
  }

  statement {
    sid       = "Requests"
    actions   = ["elasticloadbalancing:ModifyListener"]
    resources = local.routes[each.key]
  }

  statement {
    sid       = "RequestsOfRules"
    actions   = ["elasticloadbalancing:ModifyRule"]
    resources = [for listener in local.routes[each.key] : "${replace(listener, ":listener/", ":listener-rule/")}/*"]
  }

  statement {
    sid = "Look"
    actions = [
      "cloudwatch:DescribeAlarms",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTargetGroups",
    ]
    # These actions know no resources.
    resources = ["*"]
  }

  statement {
    sid       = "RolesOfTasks"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution[each.key].arn, aws_iam_role.task[each.key].arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "codedeploy" {
  for_each = local.blue_green

  name   = "deploy"
  role   = aws_iam_role.codedeploy[each.key].name
  policy = data.aws_iam_policy_document.codedeploy[each.key].json
}

locals {
  # Listeners whose requests CodeDeploy moves: the one of the service, and the one for tests.
  live_listeners = { for name, service in local.blue_green : name => var.listeners[service.load_balancer.listener] }
  test_listeners = { for name, listener in local.live_listeners : name => [for arn in [listener.test_arn] : arn if arn != null] }
  routes         = { for name, listener in local.live_listeners : name => concat([listener.arn], local.test_listeners[name]) }

  deployment_configs = {
    for name, service in local.blue_green : name => merge(service.deployment.traffic, {
      name = join("-", [var.name, name, service.deployment.traffic.type, service.deployment.traffic.percent, service.deployment.traffic.minutes])
    }) if service.deployment.traffic.type != "all_at_once"
  }
}

# It cannot be changed, nor deleted while in use: its name tells what it holds, and the new one comes first.
resource "aws_codedeploy_deployment_config" "this" {
  for_each = local.deployment_configs

  deployment_config_name = each.value.name
  compute_platform       = "ECS"

  traffic_routing_config {
    type = each.value.type == "canary" ? "TimeBasedCanary" : "TimeBasedLinear"

    dynamic "time_based_canary" {
      for_each = each.value.type == "canary" ? [each.value] : []

      content {
        percentage = time_based_canary.value.percent
        interval   = time_based_canary.value.minutes
      }
    }

    dynamic "time_based_linear" {
      for_each = each.value.type == "linear" ? [each.value] : []

      content {
        percentage = time_based_linear.value.percent
        interval   = time_based_linear.value.minutes
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_codedeploy_app" "this" {
  for_each = local.blue_green

  name             = "${var.name}-${each.key}"
  compute_platform = "ECS"
  tags             = var.tags
}

resource "aws_codedeploy_deployment_group" "this" {
  for_each = local.blue_green

  app_name              = aws_codedeploy_app.this[each.key].name
  deployment_group_name = each.key
  service_role_arn      = aws_iam_role.codedeploy[each.key].arn
  tags                  = var.tags
  deployment_config_name = (
    each.value.deployment.traffic.type == "all_at_once" ? "CodeDeployDefault.ECSAllAtOnce" :
    aws_codedeploy_deployment_config.this[each.key].deployment_config_name
  )

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  ecs_service {
    cluster_name = aws_ecs_cluster.this.name
    service_name = aws_ecs_service.blue_green[each.key].name
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout = "CONTINUE_DEPLOYMENT"
    }

    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE"
      termination_wait_time_in_minutes = each.value.deployment.keep_blue_minutes
    }
  }

  auto_rollback_configuration {
    enabled = each.value.deployment.rollback
    events  = each.value.deployment.rollback ? ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] : []
  }

  dynamic "alarm_configuration" {
    for_each = length(each.value.deployment.alarms) > 0 ? { alarms = each.value.deployment.alarms } : {}

    content {
      alarms  = alarm_configuration.value
      enabled = true
    }
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = [local.live_listeners[each.key].arn]
      }

      dynamic "test_traffic_route" {
        for_each = local.test_listeners[each.key]

        content {
          listener_arns = [test_traffic_route.value]
        }
      }

      target_group {
        name = aws_lb_target_group.this[each.key].name
      }

      target_group {
        name = aws_lb_target_group.this["${each.key}/green"].name
      }
    }
  }

  depends_on = [aws_iam_role_policy.codedeploy]
}
