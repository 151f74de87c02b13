locals {
  proxy_keys = toset(var.proxy == null ? [] : ["proxy"])
}

data "aws_iam_policy_document" "assume_by_proxy" {
  for_each = local.proxy_keys

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "proxy" {
  for_each = local.proxy_keys

  statement {
    sid       = "ReadTheMasterUserSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.secret_arn]
  }

  # The key of AWS itself needs no permission.
  dynamic "statement" {
    for_each = var.database.secret_kms_key_arn[*]

    content {
      sid       = "DecryptTheMasterUserSecret"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${data.aws_region.current.id}.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "proxy" {
  for_each = local.proxy_keys

  name               = "${var.name}-rds-proxy-${data.aws_region.current.id}"
  description        = "RDS Proxy of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_proxy[each.key].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "proxy" {
  for_each = local.proxy_keys

  name   = "read-secret"
  role   = aws_iam_role.proxy[each.key].id
  policy = data.aws_iam_policy_document.proxy[each.key].json
}

resource "aws_security_group" "proxy" {
  #checkov:skip=CKV2_AWS_5:the proxy has it
  for_each = local.proxy_keys

  name        = "${var.name}-database-proxy"
  description = "RDS Proxy of the database ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-database-proxy" })
}

resource "aws_vpc_security_group_ingress_rule" "proxy_clients" {
  #checkov:skip=CKV_AWS_23:the Name tag says it
  for_each = var.proxy == null ? {} : var.allowed_security_groups

  security_group_id            = aws_security_group.proxy["proxy"].id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = each.value
  tags                         = merge(var.tags, { Name = "${var.name}-database-proxy-from-${each.key}" })
}

resource "aws_vpc_security_group_egress_rule" "proxy_to_database" {
  #checkov:skip=CKV_AWS_23:the Name tag says it
  for_each = local.proxy_keys

  security_group_id            = aws_security_group.proxy[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.this.id
  tags                         = merge(var.tags, { Name = "${var.name}-database-proxy-to-database" })
}

resource "aws_vpc_security_group_ingress_rule" "from_proxy" {
  #checkov:skip=CKV_AWS_23:the Name tag says it
  for_each = local.proxy_keys

  security_group_id            = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.proxy[each.key].id
  tags                         = merge(var.tags, { Name = "${var.name}-database-from-proxy" })
}

resource "aws_db_proxy" "this" {
  for_each = local.proxy_keys

  name                   = var.name
  engine_family          = local.mysql ? "MYSQL" : "POSTGRESQL"
  role_arn               = aws_iam_role.proxy[each.key].arn
  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = [aws_security_group.proxy[each.key].id]
  require_tls            = true
  idle_client_timeout    = var.proxy.idle_client_timeout
  debug_logging          = false
  tags                   = merge(var.tags, { Name = var.name })

  auth {
    auth_scheme = "SECRETS"
    secret_arn  = local.secret_arn
    iam_auth    = var.proxy.require_iam ? "REQUIRED" : "DISABLED"
  }

  # Without the permission the proxy comes up and refuses everybody.
  depends_on = [aws_iam_role_policy.proxy, aws_cloudwatch_log_group.this]
}

resource "aws_db_proxy_default_target_group" "this" {
  for_each = local.proxy_keys

  db_proxy_name = aws_db_proxy.this[each.key].name

  connection_pool_config {
    max_connections_percent      = var.proxy.max_connections_percent
    max_idle_connections_percent = var.proxy.max_idle_connections_percent
    connection_borrow_timeout    = var.proxy.connection_borrow_timeout
  }
}

resource "aws_db_proxy_target" "instance" {
  for_each = toset(local.aurora ? [] : local.proxy_keys)

  db_proxy_name          = aws_db_proxy.this[each.key].name
  target_group_name      = aws_db_proxy_default_target_group.this[each.key].name
  db_instance_identifier = aws_db_instance.this["main"].identifier

  lifecycle {
    # An instance that is made again has the same name and is not registered.
    replace_triggered_by = [aws_db_instance.this["main"].resource_id]
  }
}

resource "aws_db_proxy_target" "cluster" {
  for_each = toset(local.aurora ? local.proxy_keys : [])

  db_proxy_name         = aws_db_proxy.this[each.key].name
  target_group_name     = aws_db_proxy_default_target_group.this[each.key].name
  db_cluster_identifier = aws_rds_cluster.this["main"].id

  depends_on = [aws_rds_cluster_instance.this]
}
