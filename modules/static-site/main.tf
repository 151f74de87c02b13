data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # Names of buckets are one space for all accounts and regions of a partition.
  place           = "${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}"
  bucket_name     = coalesce(var.bucket.name, "${var.name}-${local.place}")
  log_bucket_name = coalesce(var.logging.bucket_name, "${var.name}-logs-${local.place}")

  # Names of CloudFront's policies and access controls are one space for all regions of an account.
  cloudfront_name = "${var.name}-${data.aws_region.current.id}"

  # Policies name these through locals: a data source that names a resource itself is read again, and
  # its policy planned again, with each change of that resource.
  bucket_arn       = aws_s3_bucket.site.arn
  distribution_arn = aws_cloudfront_distribution.this.arn
  log_bucket_arns  = { for key, bucket in aws_s3_bucket.logs : key => bucket.arn }
}
