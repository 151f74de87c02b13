# What planning and applying take, for whoever makes the roles. Prefixes end at a slash, so that "shop" is not "shop-2".
locals {
  state_prefixes  = length(var.access.state_prefixes) == 0 ? [""] : [for prefix in var.access.state_prefixes : "${prefix}/"]
  record_prefixes = [for prefix in var.access.record_prefixes : "${prefix}/"]
  all_prefixes    = concat(local.state_prefixes, local.record_prefixes)

  state_arns  = [for prefix in local.state_prefixes : "${local.bucket_arn}/${prefix}*terraform.tfstate"]
  lock_arns   = [for prefix in local.state_prefixes : "${local.bucket_arn}/${prefix}*terraform.tfstate.tflock"]
  record_arns = [for prefix in local.record_prefixes : "${local.bucket_arn}/${prefix}*"]

  # Beside each lock lies the digest of its state, under the same key with "-md5" after it.
  table_arn  = var.lock_table == null ? null : "arn:${data.aws_partition.current.partition}:dynamodb:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:table/${var.lock_table.name}"
  lock_items = [for prefix in local.state_prefixes : "${var.name}/${prefix}*"]
}

data "aws_iam_policy_document" "plan" {
  statement {
    sid       = "FindStates"
    actions   = ["s3:ListBucket", "s3:ListBucketVersions"]
    resources = [local.bucket_arn]

    # IfExists: without it S3 would deny an object that is not there yet, instead of saying so.
    condition {
      test     = "StringLikeIfExists"
      variable = "s3:prefix"
      values   = [for prefix in local.all_prefixes : "${prefix}*"]
    }
  }

  statement {
    sid       = "ReadStatesAndLocks"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = concat(local.state_arns, local.lock_arns)
  }

  dynamic "statement" {
    for_each = length(local.record_arns) == 0 ? [] : [local.record_arns]

    content {
      sid       = "ReadRecords"
      actions   = ["s3:GetObject"]
      resources = statement.value
    }
  }

  # A plan that is not kept cannot be approved; what is kept is never written over.
  dynamic "statement" {
    for_each = length(local.record_prefixes) == 0 ? [] : [local.record_prefixes]

    content {
      sid       = "KeepPlans"
      actions   = ["s3:PutObject"]
      resources = flatten([for prefix in statement.value : ["${local.bucket_arn}/${prefix}*/plans/*", "${local.bucket_arn}/${prefix}*/key"]])

      condition {
        test     = "Null"
        variable = "s3:if-none-match"
        values   = ["false"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.lock_table == null ? [] : [local.table_arn]

    content {
      sid       = "ReadLockTable"
      actions   = ["dynamodb:DescribeTable", "dynamodb:GetItem"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = local.has_key ? [local.key_arn] : []

    content {
      sid       = "UseTheKey"
      actions   = length(local.record_prefixes) == 0 ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }
}

data "aws_iam_policy_document" "apply" {
  source_policy_documents = [data.aws_iam_policy_document.plan.json]

  statement {
    sid       = "WriteStates"
    actions   = ["s3:PutObject"]
    resources = local.state_arns
  }

  statement {
    sid       = "LockStates"
    actions   = ["s3:PutObject", "s3:DeleteObject"]
    resources = local.lock_arns
  }

  dynamic "statement" {
    for_each = length(local.record_arns) == 0 ? [] : [local.record_arns]

    content {
      sid       = "WriteRecordsOnce"
      actions   = ["s3:PutObject"]
      resources = statement.value

      condition {
        test     = "Null"
        variable = "s3:if-none-match"
        values   = ["false"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.lock_table == null ? [] : [local.table_arn]

    content {
      sid       = "LockInTable"
      actions   = ["dynamodb:PutItem", "dynamodb:DeleteItem"]
      resources = [statement.value]

      condition {
        test     = "ForAllValues:StringLike"
        variable = "dynamodb:LeadingKeys"
        values   = local.lock_items
      }
    }
  }

  dynamic "statement" {
    for_each = local.has_key ? [local.key_arn] : []

    content {
      sid       = "EncryptWithTheKey"
      actions   = ["kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }
}
