data "aws_iam_policy_document" "assume_by_ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "instances" {
  name               = "${var.name}-instances-${data.aws_region.current.id}"
  description        = "Instances of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_ec2.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "instances" {
  for_each = merge(
    var.instance.policy_arns,
    { session-manager = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore" },
    var.instance.cloudwatch_agent ? {
      cloudwatch-agent = "arn:${data.aws_partition.current.partition}:iam::aws:policy/CloudWatchAgentServerPolicy"
    } : {},
  )

  role       = aws_iam_role.instances.name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "instances" {
  name = aws_iam_role.instances.name
  role = aws_iam_role.instances.name
  tags = var.tags
}

data "aws_iam_policy_document" "secrets" {
  for_each = toset(length(var.secret_arns) == 0 ? [] : ["read"])

  statement {
    actions   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    resources = values(var.secret_arns)
  }

  dynamic "statement" {
    for_each = length(var.instance.secret_key_arns) == 0 ? {} : { decrypt = var.instance.secret_key_arns }

    content {
      actions   = ["kms:Decrypt"]
      resources = statement.value

      condition {
        test     = "StringLike"
        variable = "kms:ViaService"
        values   = ["secretsmanager.*"]
      }
    }
  }
}

resource "aws_iam_role_policy" "secrets" {
  for_each = toset(length(var.secret_arns) == 0 ? [] : ["read"])

  name   = "secrets"
  role   = aws_iam_role.instances.name
  policy = data.aws_iam_policy_document.secrets[each.key].json
}
