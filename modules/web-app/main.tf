data "aws_partition" "current" {}

data "aws_region" "current" {}

# The provider's default tags do not reach what an Auto Scaling group launches.
data "aws_default_tags" "current" {}

locals {
  launched_tags = merge(data.aws_default_tags.current.tags, var.tags, { Name = var.name })
}
