locals {
  node_role_policies = toset([
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore", # a shell without SSH keys and open ports
  ])
}

data "aws_iam_policy_document" "assume_by_ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "nodes" {
  for_each = toset(length(var.node_groups) > 0 ? ["nodes"] : [])

  name               = "${var.name}-nodes-${local.region}"
  description        = "Nodes of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_ec2.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "nodes" {
  for_each = length(var.node_groups) > 0 ? local.node_role_policies : toset([])

  role       = aws_iam_role.nodes["nodes"].name
  policy_arn = "${local.managed_policies}/${each.key}"
}
