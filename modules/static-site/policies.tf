locals {
  ttls = toset([for ttl in concat([var.caching.ttl], values(var.caching.paths)) : tostring(ttl)])
  own  = var.managed_policies ? toset([]) : local.ttls

  # AWS's managed policies have the same ids in every account: CachingDisabled, CachingOptimized (the
  # files' own Cache-Control headers decide, else a day) and SecurityHeadersPolicy.
  cache_policy_id = (
    var.managed_policies
    ? "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    : aws_cloudfront_cache_policy.this[var.caching.ttl].id
  )
  path_cache_policy_ids = {
    for pattern, ttl in var.caching.paths : pattern => (
      var.managed_policies
      ? "658327ea-f89d-4fab-a63d-7e88639e58f6"
      : aws_cloudfront_cache_policy.this[ttl].id
    )
  }
  headers_policy_ids = {
    for ttl in local.ttls : ttl => (
      var.managed_policies
      ? "67f7725c-6f97-4210-82d7-5512b31e9d03"
      : aws_cloudfront_response_headers_policy.this[ttl].id
    )
  }
}

# One for each time, not for each path: an account has 20 of them.
resource "aws_cloudfront_cache_policy" "this" {
  for_each = local.own

  name        = "${local.cloudfront_name}-${each.key}"
  comment     = "${var.name}: ${each.key} seconds"
  min_ttl     = 0
  default_ttl = tonumber(each.key)
  max_ttl     = max(31536000, tonumber(each.key))

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }

  lifecycle {
    # CloudFront does not delete a policy in use, so the distribution changes first.
    create_before_destroy = true
  }
}

resource "aws_cloudfront_response_headers_policy" "this" {
  #checkov:skip=CKV_AWS_259:includeSubDomains and preload bind other hosts of the domain: the caller's choice
  for_each = local.own

  name    = "${local.cloudfront_name}-${each.key}"
  comment = "${var.name}: security headers, ${each.key} seconds in browsers"

  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = var.security_headers.hsts_max_age
      include_subdomains         = var.security_headers.hsts_include_subdomains
      preload                    = var.security_headers.hsts_preload
      override                   = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = var.security_headers.frame_options
      override     = true
    }

    referrer_policy {
      referrer_policy = var.security_headers.referrer_policy
      override        = true
    }

    dynamic "content_security_policy" {
      for_each = toset(var.security_headers.content_security_policy == "" ? [] : [var.security_headers.content_security_policy])

      content {
        content_security_policy = content_security_policy.value
        override                = true
      }
    }
  }

  custom_headers_config {
    items {
      header   = "Cache-Control"
      value    = "public, max-age=${each.key}"
      override = false
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
