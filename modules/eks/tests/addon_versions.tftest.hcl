# The emulator has no add-on versions, so AWS is mocked here.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_eks_addon_version" {
    defaults = { version = "v1.12.1-eksbuild.2" }
  }
}

variables {
  name               = "shop"
  kubernetes_version = "1.33"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0000000000000000a", "subnet-0000000000000000b"]
}

run "default_and_latest_are_asked_for_at_plan" {
  command = plan

  variables {
    addons = {
      coredns    = { version = "default" }
      vpc-cni    = { version = "latest" }
      kube-proxy = { version = "v1.33.3-eksbuild.4" }
    }
  }

  assert {
    condition     = { for name, asked in data.aws_eks_addon_version.this : name => asked.most_recent } == { coredns = false, vpc-cni = true }
    error_message = "Only \"default\" and \"latest\" are asked for, each as what it is."
  }

  assert {
    condition     = alltrue([for asked in data.aws_eks_addon_version.this : asked.kubernetes_version == "1.33"])
    error_message = "Versions are asked for the cluster's version of Kubernetes."
  }

  assert {
    condition     = aws_eks_addon.after_nodes["coredns"].addon_version == "v1.12.1-eksbuild.2"
    error_message = "The add-on has the version that AWS answered."
  }
}
