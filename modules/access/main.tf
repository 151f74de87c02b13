# No description: the Name tag says it, and moto forgets the description of a rule that names a group.
resource "aws_vpc_security_group_ingress_rule" "this" {
  #checkov:skip=CKV_AWS_23:the Name tag says it
  for_each = var.connections

  security_group_id            = each.value.to_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = each.value.from_security_group_id
  tags                         = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

data "aws_iam_policy_document" "secret" {
  for_each = var.secret_readers

  statement {
    sid       = "ReadSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [each.value.secret_arn]
  }

  dynamic "statement" {
    for_each = each.value.kms_key_arn[*]

    content {
      sid       = "DecryptSecret"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = merge(
    { for key, grant in var.role_policies : key => grant.role_name },
    { for key, reader in var.secret_readers : key => reader.role_name },
  )

  name   = "${var.name}-${each.key}"
  role   = each.value
  policy = contains(keys(var.role_policies), each.key) ? var.role_policies[each.key].policy : data.aws_iam_policy_document.secret[each.key].json

  lifecycle {
    precondition {
      condition     = !contains(keys(var.role_policies), each.key) || !contains(keys(var.secret_readers), each.key)
      error_message = "The name ${each.key} is in role_policies and in secret_readers: each names a policy of a role, so one of them would be lost."
    }
  }
}
