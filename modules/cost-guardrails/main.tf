data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"

  # Policies name these through locals: a data source that names a resource itself is read again, and
  # its policy planned again, with each change of that resource.
  report_bucket_arns = { for key, bucket in aws_s3_bucket.report : key => bucket.arn }
  database_arns      = { for key, database in aws_glue_catalog_database.this : key => database.arn }
  own_topic_arns     = { for key, topic in aws_sns_topic.this : key => topic.arn }
  denial_arns        = [for policy in aws_iam_policy.denial : policy.arn]
}
