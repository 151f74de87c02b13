data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

# The provider's default tags do not reach what a node group launches.
data "aws_default_tags" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  managed_policies = "arn:${local.partition}:iam::aws:policy"
  # Known before the cluster is, for conditions that name it.
  cluster_arn = "arn:${local.partition}:eks:${local.region}:${local.account_id}:cluster/${var.name}"
}
