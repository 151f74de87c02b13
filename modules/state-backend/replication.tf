locals {
  # Names of roles are one space for all regions of an account, as names of buckets are; roles have 64 characters.
  replication_role = length(var.name) <= 52 ? "${var.name}-replication" : "${substr(var.name, 0, 43)}-${substr(sha256(var.name), 0, 8)}-replication"
}

data "aws_iam_policy_document" "assume_by_s3" {
  count = var.replication == null ? 0 : 1

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "replication" {
  count = var.replication == null ? 0 : 1

  statement {
    sid       = "ReadTheBucket"
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "ReadVersions"
    actions   = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
    resources = ["${local.bucket_arn}/*"]
  }

  statement {
    sid       = "WriteCopies"
    actions   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    resources = ["${var.replication.bucket_arn}/*"]
  }

  dynamic "statement" {
    for_each = local.has_key ? ["kms:Decrypt"] : []

    content {
      sid       = "DecryptHere"
      actions   = [statement.value]
      resources = [local.key_arn]
    }
  }

  dynamic "statement" {
    for_each = local.has_key ? ["kms:Encrypt", "kms:GenerateDataKey"] : []

    content {
      sid       = "EncryptThere${replace(statement.value, "kms:", "")}"
      actions   = [statement.value]
      resources = [var.replication.kms_key_arn]
    }
  }
}

resource "aws_iam_role" "replication" {
  count = var.replication == null ? 0 : 1

  name               = local.replication_role
  description        = "Copies ${var.name} to ${var.replication.bucket_arn}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_s3[0].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "replication" {
  count = var.replication == null ? 0 : 1

  name   = "replication"
  role   = aws_iam_role.replication[0].name
  policy = data.aws_iam_policy_document.replication[0].json
}

resource "aws_s3_bucket_replication_configuration" "this" {
  count = var.replication == null ? 0 : 1

  bucket = aws_s3_bucket.this.id
  role   = aws_iam_role.replication[0].arn

  rule {
    id       = "everything"
    status   = "Enabled"
    priority = 0

    filter {}

    # A copy is there for the day on which somebody deletes states.
    delete_marker_replication {
      status = "Disabled"
    }

    dynamic "source_selection_criteria" {
      for_each = local.has_key ? ["Enabled"] : []

      content {
        sse_kms_encrypted_objects {
          status = source_selection_criteria.value
        }
      }
    }

    destination {
      bucket        = var.replication.bucket_arn
      storage_class = var.replication.storage_class

      dynamic "encryption_configuration" {
        for_each = local.has_key ? ["key"] : []

        content {
          replica_kms_key_id = var.replication.kms_key_arn
        }
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]

  lifecycle {
    precondition {
      condition     = var.replication.bucket_arn != local.bucket_arn
      error_message = "The replication must go to another bucket."
    }

    precondition {
      condition     = !local.has_key || var.replication.kms_key_arn != null
      error_message = "The replication needs a kms_key_arn, the key of the other bucket, where this one is encrypted with a key."
    }
  }
}
