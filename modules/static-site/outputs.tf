output "url" {
  description = "Address of the site: its first alias by name, or CloudFront's own name."
  value       = "https://${try(sort([for alias in var.domain.aliases : alias if !startswith(alias, "*")])[0], aws_cloudfront_distribution.this.domain_name)}"
}

output "distribution_domain_name" {
  description = "CloudFront's own name of the distribution, for DNS records elsewhere."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "distribution_hosted_zone_id" {
  description = "Route 53 zone id of the distribution, for alias records elsewhere."
  value       = aws_cloudfront_distribution.this.hosted_zone_id
}

output "distribution_id" {
  description = "Id of the distribution, for invalidations."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "ARN of the distribution."
  value       = aws_cloudfront_distribution.this.arn
}

output "bucket_name" {
  description = "Name of the bucket with the files."
  value       = aws_s3_bucket.site.id
}

output "bucket_arn" {
  description = "ARN of the bucket with the files."
  value       = aws_s3_bucket.site.arn
}

output "log_bucket_name" {
  description = "Name of the bucket with the log; null without one."
  value       = one([for bucket in aws_s3_bucket.logs : bucket.id])
}

output "deployer_policy_json" {
  description = "IAM policy for whoever brings new files: list and put objects, create an invalidation and wait for it."
  value       = data.aws_iam_policy_document.deployer.json
}
