locals {
  own_domain = length(var.domain.aliases) > 0
  page       = coalesce(var.documents.error_page, var.documents.index)

  # S3 tells CloudFront 403, not 404, when a file is missing: CloudFront may not list the bucket.
  error_codes = toset(var.documents.spa || var.documents.error_page != null ? ["403", "404"] : [])

  # CloudFront takes the first pattern that matches, so the longest one comes first.
  patterns = [
    for key in sort([for pattern, _ in var.caching.paths : format("%03d %s", 999 - length(pattern), pattern)]) :
    substr(key, 4, -1)
  ]
}

resource "aws_cloudfront_origin_access_control" "this" {
  name                              = local.cloudfront_name
  description                       = "Reads the files of ${var.name}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68:A web ACL is the caller's choice: web_acl_arn
  #checkov:skip=CKV2_AWS_47:A web ACL and its rules are the caller's choice: web_acl_arn
  #checkov:skip=CKV_AWS_174:CloudFront's own certificate has no minimum; with aliases it is TLSv1.2_2021
  #checkov:skip=CKV2_AWS_42:Aliases with a certificate are the caller's choice: domain
  #checkov:skip=CKV_AWS_310:Another origin would be a copy of the bucket in another region
  #checkov:skip=CKV_AWS_374:A public site is for all countries unless geo_restriction says otherwise
  #checkov:skip=CKV_AWS_86:The log is the caller's choice and on by default: logging
  comment             = var.name
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  aliases             = var.domain.aliases
  default_root_object = var.documents.index
  web_acl_id          = var.web_acl_arn
  tags                = merge(var.tags, { Name = var.name })

  origin {
    origin_id                = "files"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.this.id
  }

  default_cache_behavior {
    target_origin_id           = "files"
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cached_methods             = ["GET", "HEAD"]
    viewer_protocol_policy     = "redirect-to-https"
    compress                   = true
    cache_policy_id            = local.cache_policy_id
    response_headers_policy_id = local.headers_policy_ids[var.caching.ttl]
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.patterns

    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "files"
      allowed_methods            = ["GET", "HEAD", "OPTIONS"]
      cached_methods             = ["GET", "HEAD"]
      viewer_protocol_policy     = "redirect-to-https"
      compress                   = true
      cache_policy_id            = local.path_cache_policy_ids[ordered_cache_behavior.value]
      response_headers_policy_id = local.headers_policy_ids[var.caching.paths[ordered_cache_behavior.value]]
    }
  }

  dynamic "custom_error_response" {
    for_each = local.error_codes

    content {
      error_code            = tonumber(custom_error_response.value)
      response_code         = var.documents.spa ? 200 : 404
      response_page_path    = "/${local.page}"
      error_caching_min_ttl = var.documents.error_ttl
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = !local.own_domain
    acm_certificate_arn            = var.domain.certificate_arn
    ssl_support_method             = local.own_domain ? "sni-only" : null
    minimum_protocol_version       = local.own_domain ? "TLSv1.2_2021" : "TLSv1"
  }

  restrictions {
    geo_restriction {
      restriction_type = var.geo_restriction.type
      locations        = var.geo_restriction.countries
    }
  }

  dynamic "logging_config" {
    for_each = aws_s3_bucket.logs

    content {
      bucket          = logging_config.value.bucket_domain_name
      prefix          = "cloudfront/"
      include_cookies = false
    }
  }

  # CloudFront puts itself into the log bucket's ACL, which must be allowed by then.
  depends_on = [aws_s3_bucket_ownership_controls.logs]
}
