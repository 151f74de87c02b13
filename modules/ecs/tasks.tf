locals {
  images = {
    for name, service in var.services : name =>
    service.repository == null ? service.image : "${local.repositories[service.repository].url}${service.image}"
  }

  port_mappings = {
    for name, service in var.services : name => [
      for port, number in service.ports : { name = port, containerPort = number, hostPort = number, protocol = "tcp" }
    ]
  }

  health_checks = {
    for name, service in var.services : name => service.health_check == null ? null : {
      command     = service.health_check.command
      interval    = service.health_check.interval
      timeout     = service.health_check.timeout
      retries     = service.health_check.retries
      startPeriod = service.health_check.start_period
    }
  }

  # AWS takes no null: what is not given is left out.
  container_options = {
    for name, service in var.services : name => {
      for key, value in {
        command     = service.command
        entryPoint  = service.entry_point
        user        = service.user
        stopTimeout = service.stop_timeout
        healthCheck = local.health_checks[name]
      } : key => value if value != null
    }
  }
}

resource "aws_ecs_task_definition" "this" {
  for_each = var.services

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.execution[each.key].arn
  task_role_arn            = aws_iam_role.task[each.key].arn
  # A rollback needs the revision before.
  skip_destroy = !var.ephemeral
  tags         = merge(var.tags, { Name = "${var.name}-${each.key}" })

  container_definitions = jsonencode([merge(local.container_options[each.key], {
    name                   = each.key
    image                  = local.images[each.key]
    essential              = true
    readonlyRootFilesystem = each.value.read_only_root_filesystem
    linuxParameters        = { initProcessEnabled = true }
    portMappings           = local.port_mappings[each.key]
    environment            = [for key, value in each.value.environment : { name = key, value = value }]
    secrets                = [for key, arn in each.value.secrets : { name = key, valueFrom = arn }]
    mountPoints            = [for volume, path in each.value.writable_paths : { sourceVolume = volume, containerPath = path, readOnly = false }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service[each.key].name
        awslogs-region        = local.region
        awslogs-stream-prefix = each.key
      }
    }
  })])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = each.value.architecture
  }

  dynamic "ephemeral_storage" {
    for_each = each.value.ephemeral_storage_gib == null ? [] : [each.value.ephemeral_storage_gib]

    content {
      size_in_gib = ephemeral_storage.value
    }
  }

  dynamic "volume" {
    for_each = each.value.writable_paths

    content {
      name = volume.key
    }
  }
}
