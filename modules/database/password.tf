# With password = "managed" RDS makes, keeps and rotates the master password, and nothing below exists.
locals {
  managed_password = var.database.password == "managed"
  written_keys     = toset(local.managed_password ? [] : ["master"])
}

ephemeral "aws_secretsmanager_random_password" "master" {
  for_each = local.written_keys

  password_length     = 40
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "master" {
  #checkov:skip=CKV_AWS_149:a key of your own is a choice, database.secret_kms_key_arn
  #checkov:skip=CKV2_AWS_57:another database.password_version rotates it
  for_each = local.written_keys

  name                    = "${var.name}/database/master"
  description             = "Master user of the database ${var.name}"
  kms_key_id              = var.database.secret_kms_key_arn
  recovery_window_in_days = var.ephemeral ? 0 : 30
  tags                    = merge(var.tags, { Name = "${var.name}-database-master" })
}

resource "aws_secretsmanager_secret_version" "master" {
  for_each = local.written_keys

  secret_id = aws_secretsmanager_secret.master[each.key].id
  secret_string_wo = jsonencode({
    username = var.database.username
    password = ephemeral.aws_secretsmanager_random_password.master[each.key].random_password
  })
  secret_string_wo_version = var.database.password_version
}

# Read back, and not taken from the random password: that is another one in each run, so after an
# apply that stopped half-way the database would get one that the secret does not hold.
ephemeral "aws_secretsmanager_secret_version" "master" {
  for_each = local.written_keys

  secret_id = aws_secretsmanager_secret_version.master[each.key].secret_id
}

locals {
  # Ephemeral: usable in write-only arguments only.
  written_password = try(
    jsondecode(ephemeral.aws_secretsmanager_secret_version.master["master"].secret_string).password, null
  )
  written_password_version = local.managed_password ? null : var.database.password_version

  managed_secret_arn = one(flatten([
    [for instance in aws_db_instance.this : instance.master_user_secret[*].secret_arn],
    [for cluster in aws_rds_cluster.this : cluster.master_user_secret[*].secret_arn],
  ]))
  secret_arn = local.managed_password ? local.managed_secret_arn : aws_secretsmanager_secret.master["master"].arn
}
