# What Karpenter needs in AWS; Karpenter itself is installed into the cluster by you.
locals {
  karpenter           = toset(var.karpenter.enabled ? ["karpenter"] : [])
  karpenter_discovery = var.karpenter.enabled ? { "karpenter.sh/discovery" = var.name } : {}
}

resource "aws_iam_role" "karpenter_nodes" {
  for_each = local.karpenter

  name               = "${var.name}-karpenter-nodes-${local.region}"
  description        = "Nodes of ${var.name} that Karpenter starts"
  assume_role_policy = data.aws_iam_policy_document.assume_by_ec2.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "karpenter_nodes" {
  for_each = var.karpenter.enabled ? local.node_role_policies : toset([])

  role       = aws_iam_role.karpenter_nodes["karpenter"].name
  policy_arn = "${local.managed_policies}/${each.key}"
}

# Made here, so that Karpenter needs no right to make profiles.
resource "aws_iam_instance_profile" "karpenter_nodes" {
  for_each = aws_iam_role.karpenter_nodes

  name = each.value.name
  role = each.value.name
  tags = var.tags
}

resource "aws_eks_access_entry" "karpenter_nodes" {
  for_each = aws_iam_role.karpenter_nodes

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.arn
  type          = "EC2_LINUX"
  tags          = var.tags

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.id]
  }
}

# EKS's own group is not Terraform's, its tag is.
resource "aws_ec2_tag" "karpenter_discovery" {
  for_each = local.karpenter_discovery

  resource_id = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  key         = each.key
  value       = each.value
}

data "aws_iam_policy_document" "assume_by_pods" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "karpenter" {
  for_each = local.karpenter

  name               = "${var.name}-karpenter-${local.region}"
  description        = "Karpenter of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_pods.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "karpenter" {
  for_each = aws_iam_role.karpenter

  name   = "karpenter"
  role   = each.value.id
  policy = data.aws_iam_policy_document.karpenter[each.key].json
}

resource "aws_eks_pod_identity_association" "karpenter" {
  for_each = aws_iam_role.karpenter

  cluster_name    = aws_eks_cluster.this.name
  namespace       = var.karpenter.namespace
  service_account = var.karpenter.service_account
  role_arn        = each.value.arn
  tags            = var.tags

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.id]
  }
}
