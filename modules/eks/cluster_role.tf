data "aws_iam_policy_document" "assume_by_cluster" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "cluster" {
  name               = "${var.name}-cluster-${local.region}"
  description        = "Control plane of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_cluster.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "${local.managed_policies}/AmazonEKSClusterPolicy"
}

data "aws_iam_policy_document" "cluster" {
  statement {
    sid       = "EncryptSecrets"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"]
    resources = [local.kms_key_arn]
  }

  # What the control plane still writes while it goes would make the log group again, for ever.
  statement {
    sid       = "LeaveLogGroupsToTerraform"
    effect    = "Deny"
    actions   = ["logs:CreateLogGroup"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "cluster" {
  name   = "cluster"
  role   = aws_iam_role.cluster.id
  policy = data.aws_iam_policy_document.cluster.json
}
