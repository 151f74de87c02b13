# ECS Exec: the task opens a channel to Session Manager, and writes what is typed to the log group.
data "aws_iam_policy_document" "exec" {
  statement {
    sid = "Channels"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    # These actions know no resources.
    resources = ["*"]
  }

  statement {
    sid       = "FindLogs"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = ["${local.logs_arn}:/ecs-exec/${var.name}:*"]
  }

  dynamic "statement" {
    for_each = { for sid, arn in { Decrypt = var.kms_key_arn } : sid => arn if arn != null }

    content {
      sid       = statement.key
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "exec" {
  for_each = { for name, service in var.services : name => service if service.execute_command }

  name   = "execute-command"
  role   = aws_iam_role.task[each.key].name
  policy = data.aws_iam_policy_document.exec.json
}
