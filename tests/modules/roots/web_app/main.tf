# Everything that another stack may give to the web-app module, made here: unknown until the apply.
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  for_each = { a = "10.0.0.0/24", b = "10.0.1.0/24" }

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value
  availability_zone = "us-east-1${each.key}"
}

resource "aws_route53_zone" "this" {
  name = "example.com"
}

resource "aws_secretsmanager_secret" "this" {
  name = "shop"
}

resource "aws_kms_key" "this" {
  description = "shop"
}

resource "aws_iam_policy" "this" {
  name   = "shop"
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_sns_topic" "this" {
  name = "shop"
}

resource "aws_s3_bucket" "this" {
  bucket_prefix = "shop-"
}

resource "aws_wafv2_web_acl" "this" {
  name  = "shop"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "shop"
    sampled_requests_enabled   = false
  }
}

module "web" {
  source = "../../../../modules/web-app"

  name               = "shop"
  vpc_id             = aws_vpc.this.id
  public_subnet_ids  = [for subnet in aws_subnet.this : subnet.id]
  private_subnet_ids = [for subnet in aws_subnet.this : subnet.id]
  secret_arns        = { DATABASE = aws_secretsmanager_secret.this.arn }

  instance = {
    policy_arns     = { queue = aws_iam_policy.this.arn }
    secret_key_arns = [aws_kms_key.this.arn]
    user_data       = "#!/bin/sh\necho ${aws_vpc.this.id}\n"
  }

  listener = {
    domain      = { zone_id = aws_route53_zone.this.zone_id, names = ["example.com", "*.example.com"] }
    access_logs = { bucket = aws_s3_bucket.this.bucket }
    web_acl     = { arn = aws_wafv2_web_acl.this.arn }
  }

  alarms = {
    topic_arns                = [aws_sns_topic.this.arn]
    launch_failure_topic_arns = { operators = aws_sns_topic.this.arn }
  }
}
