data "aws_iam_policy_document" "assume_by_fargate" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["eks-fargate-pods.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:eks:${local.region}:${local.account_id}:fargateprofile/${var.name}/*"]
    }
  }
}

resource "aws_iam_role" "fargate" {
  for_each = toset(length(var.fargate_profiles) > 0 ? ["fargate"] : [])

  name               = "${var.name}-fargate-${local.region}"
  description        = "Fargate pods of ${var.name}: images and logs"
  assume_role_policy = data.aws_iam_policy_document.assume_by_fargate.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "fargate" {
  for_each = aws_iam_role.fargate

  role       = each.value.name
  policy_arn = "${local.managed_policies}/AmazonEKSFargatePodExecutionRolePolicy"
}

resource "aws_eks_fargate_profile" "this" {
  for_each = var.fargate_profiles

  cluster_name           = aws_eks_cluster.this.name
  fargate_profile_name   = each.key
  pod_execution_role_arn = aws_iam_role.fargate["fargate"].arn
  subnet_ids             = coalesce(each.value.subnet_ids, var.subnet_ids)
  tags                   = var.tags

  dynamic "selector" {
    for_each = each.value.selectors

    content {
      namespace = selector.value.namespace
      labels    = selector.value.labels
    }
  }

  lifecycle {
    # As with node groups: EKS cannot change the subnets of a profile that stands.
    ignore_changes       = [subnet_ids]
    replace_triggered_by = [aws_eks_cluster.this.id]
  }

  depends_on = [aws_iam_role_policy_attachment.fargate]
}
