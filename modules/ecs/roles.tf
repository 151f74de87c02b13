# Only tasks of this account and region take these roles.
data "aws_iam_policy_document" "assume_by_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:ecs:${local.region}:${local.account_id}:*"]
    }
  }
}

# --- what ECS does for a task: pull the image, read the secrets, write the logs ---

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "execution" {
  for_each = var.services

  name               = "${var.name}-${each.key}-exec-${local.region}"
  description        = "Starts tasks of ${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_tasks.json
  tags               = var.tags
}

locals {
  ecr_image = "^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^@:]+)[@:]"

  # The repository of an image in any ECR registry; images from elsewhere need no permission.
  pulled_arns = {
    for name, image in local.images : name => [
      for part in regexall(local.ecr_image, image) : "arn:${local.partition}:ecr:${part[1]}:${part[0]}:repository/${part[2]}"
    ]
  }

  # A reference to a secret may end in a JSON key, a stage and a version; its ARN has seven parts.
  secret_arns = {
    for name, service in var.services : name => distinct([
      for arn in values(service.secrets) : join(":", slice(split(":", arn), 0, 7)) if strcontains(arn, ":secretsmanager:")
    ])
  }

  parameter_arns = {
    for name, service in var.services : name => distinct([
      for arn in values(service.secrets) : arn if strcontains(arn, ":ssm:")
    ])
  }
}

data "aws_iam_policy_document" "execution" {
  for_each = var.services

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.logs_arn}:${local.log_groups[each.key]}:log-stream:*"]
  }

  dynamic "statement" {
    for_each = length(local.pulled_arns[each.key]) > 0 ? { Login = ["*"] } : {}

    content {
      sid       = statement.key
      actions   = ["ecr:GetAuthorizationToken"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = {
      for sid, part in {
        Pull       = { actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resources = local.pulled_arns[each.key] }
        Secrets    = { actions = ["secretsmanager:GetSecretValue"], resources = local.secret_arns[each.key] }
        Parameters = { actions = ["ssm:GetParameters"], resources = local.parameter_arns[each.key] }
        Decrypt    = { actions = ["kms:Decrypt"], resources = each.value.secret_key_arns }
      } : sid => part if length(part.resources) > 0
    }

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role_policy" "execution" {
  for_each = var.services

  name   = "start"
  role   = aws_iam_role.execution[each.key].name
  policy = data.aws_iam_policy_document.execution[each.key].json
}

# --- what the application itself may do: nothing, but for what is given ---

resource "aws_iam_role" "task" {
  for_each = var.services

  name               = "${var.name}-${each.key}-task-${local.region}"
  description        = "Application in tasks of ${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_tasks.json
  tags               = var.tags
}

locals {
  task_policies = merge([
    for name, service in var.services : {
      for policy, document in service.task_policies : "${name}/${policy}" => { service = name, name = policy, document = document }
    }
  ]...)
  task_policy_arns = merge([
    for name, service in var.services : {
      for policy, arn in service.task_policy_arns : "${name}/${policy}" => { service = name, arn = arn }
    }
  ]...)
}

resource "aws_iam_role_policy" "task" {
  for_each = local.task_policies

  name   = each.value.name
  role   = aws_iam_role.task[each.value.service].name
  policy = each.value.document
}

resource "aws_iam_role_policy_attachment" "task" {
  for_each = local.task_policy_arns

  role       = aws_iam_role.task[each.value.service].name
  policy_arn = each.value.arn
}
