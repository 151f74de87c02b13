# IAM is the one way to log in whose secret Terraform never has: the provider keeps passwords and the
# AUTH token in the state.
resource "aws_elasticache_user" "this" {
  for_each = var.users

  user_id       = "${var.name}-${each.key}"
  user_name     = "${var.name}-${each.key}"
  engine        = var.engine.family
  access_string = each.value.access_string
  tags          = merge(var.tags, { Name = "${var.name}-${each.key}" })

  authentication_mode {
    type = "iam"
  }
}

# A group of Redis must have a user of this name. This one is off: it needs no password, and has no use.
resource "aws_elasticache_user" "default" {
  for_each = toset(var.engine.family == "redis" ? ["default"] : [])

  user_id       = "${var.name}-default"
  user_name     = "default"
  engine        = var.engine.family
  access_string = "off ~* -@all"
  tags          = merge(var.tags, { Name = "${var.name}-default" })

  authentication_mode {
    type = "no-password-required"
  }
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = "${var.name}-users"
  engine        = var.engine.family
  user_ids = concat(
    [for user in aws_elasticache_user.default : user.user_id],
    [for user in aws_elasticache_user.this : user.user_id],
  )
  tags = merge(var.tags, { Name = "${var.name}-users" })
}

data "aws_iam_policy_document" "connect" {
  for_each = var.users

  statement {
    sid       = "ConnectAsThisUser"
    actions   = ["elasticache:Connect"]
    resources = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.this[each.key].arn]
  }
}
