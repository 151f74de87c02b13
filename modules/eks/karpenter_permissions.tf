# Karpenter starts and ends instances that bear this cluster's tags, and touches no others.
locals {
  karpenter_launched = [for type in ["fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume"] :
    "arn:${local.partition}:ec2:${local.region}:*:${type}/*"
  ]
  karpenter_taken = [for type in ["capacity-reservation", "image", "security-group", "snapshot", "subnet"] :
    "arn:${local.partition}:ec2:${local.region}:*:${type}/*"
  ]
  karpenter_owned = {
    "kubernetes.io/cluster/${var.name}" = "owned"
    "karpenter.sh/nodepool"             = "*"
  }
}

data "aws_iam_policy_document" "karpenter" {
  for_each = local.karpenter

  statement {
    sid       = "LaunchFrom"
    actions   = ["ec2:CreateFleet", "ec2:RunInstances"]
    resources = local.karpenter_taken
  }

  statement {
    sid       = "LaunchFromOwnTemplates"
    actions   = ["ec2:CreateFleet", "ec2:RunInstances"]
    resources = ["arn:${local.partition}:ec2:${local.region}:*:launch-template/*"]

    dynamic "condition" {
      for_each = local.karpenter_owned

      content {
        test     = "StringLike"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid       = "LaunchTagged"
    actions   = ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"]
    resources = local.karpenter_launched

    dynamic "condition" {
      for_each = merge(local.karpenter_owned, { "eks:eks-cluster-name" = var.name })

      content {
        test     = "StringLike"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid       = "TagAtLaunch"
    actions   = ["ec2:CreateTags"]
    resources = local.karpenter_launched

    dynamic "condition" {
      for_each = merge(local.karpenter_owned, { "eks:eks-cluster-name" = var.name })

      content {
        test     = "StringLike"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }

    condition {
      test     = "StringEquals"
      variable = "ec2:CreateAction"
      values   = ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]
    }
  }

  statement {
    sid       = "NameOwnInstances"
    actions   = ["ec2:CreateTags"]
    resources = ["arn:${local.partition}:ec2:${local.region}:*:instance/*"]

    dynamic "condition" {
      for_each = local.karpenter_owned

      content {
        test     = "StringLike"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }

    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:RequestTag/eks:eks-cluster-name"
      values   = [var.name]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "aws:TagKeys"
      values   = ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]
    }
  }

  statement {
    sid     = "EndOwn"
    actions = ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"]
    resources = [for type in ["instance", "launch-template"] :
      "arn:${local.partition}:ec2:${local.region}:*:${type}/*"
    ]

    dynamic "condition" {
      for_each = local.karpenter_owned

      content {
        test     = "StringLike"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  # EC2 has no narrower resource for these.
  statement {
    sid = "LookAround"
    actions = [
      "ec2:DescribeAvailabilityZones", "ec2:DescribeCapacityReservations", "ec2:DescribeImages",
      "ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypeOfferings",
      "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplates", "ec2:DescribePlacementGroups",
      "ec2:DescribeSecurityGroups", "ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [local.region]
    }
  }

  statement {
    sid       = "ReadPrices"
    actions   = ["pricing:GetProducts"]
    resources = ["*"]
  }

  statement {
    sid       = "ReadImageIds"
    actions   = ["ssm:GetParameter"]
    resources = ["arn:${local.partition}:ssm:${local.region}::parameter/aws/service/*"]
  }

  statement {
    sid       = "HearInterruptions"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.karpenter[each.key].arn]
  }

  statement {
    sid       = "HandOverTheNodeRole"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.karpenter_nodes[each.key].arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ec2.amazonaws.com"]
    }
  }

  statement {
    sid       = "ReadTheInstanceProfile"
    actions   = ["iam:GetInstanceProfile"]
    resources = [aws_iam_instance_profile.karpenter_nodes[each.key].arn]
  }

  # IAM lists all or none.
  statement {
    sid       = "ListInstanceProfiles"
    actions   = ["iam:ListInstanceProfiles"]
    resources = ["*"]
  }

  statement {
    sid       = "FindTheCluster"
    actions   = ["eks:DescribeCluster"]
    resources = [local.cluster_arn]
  }
}
