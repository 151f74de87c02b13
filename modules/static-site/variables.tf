variable "name" {
  description = "Name of the site and prefix of its resources' names: 2 to 28 lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,26}[a-z0-9]$", var.name))
    error_message = "The name must have 2 to 28 characters (the names of the buckets add account and region): lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen."
  }
}

variable "tags" {
  description = "Tags put on every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "ephemeral" {
  description = "Whether the site may be destroyed unattended: true deletes the buckets with all that is in them."
  type        = bool
  default     = false
  nullable    = false
}

variable "bucket" {
  description = <<-EOT
    The bucket with the files.
    name: by default name, account and region, joined with hyphens.
    keep_old_versions_days: days until the old version of a replaced or deleted file is gone.
  EOT
  type = object({
    name                   = optional(string)
    keep_old_versions_days = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.bucket.name == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket.name))
    error_message = "The bucket.name must have 3 to 63 lower-case letters, digits and hyphens, without dots: TLS certificates of S3 do not cover those."
  }

  validation {
    condition     = var.bucket.keep_old_versions_days >= 1 && floor(var.bucket.keep_old_versions_days) == var.bucket.keep_old_versions_days
    error_message = "The bucket.keep_old_versions_days must be a whole number of at least 1."
  }
}

variable "domain" {
  description = <<-EOT
    Host names of the site; without any it has CloudFront's own name.
    aliases: host names, known at plan.
    certificate_arn: ACM certificate that covers them, in us-east-1.
    zone_ids: alias to id of the Route 53 zone that gets its A and AAAA records; the ids may be unknown at plan.
  EOT
  type = object({
    aliases         = optional(set(string), [])
    certificate_arn = optional(string)
    zone_ids        = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for alias in var.domain.aliases : can(regex("^(\\*\\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", alias))])
    error_message = "Each of domain.aliases must be a host name in lower case such as www.example.com, or *.example.com."
  }

  validation {
    condition     = length(var.domain.aliases) == 0 || var.domain.certificate_arn != null
    error_message = "The domain.certificate_arn is missing: CloudFront takes aliases only with a certificate that covers them."
  }

  validation {
    condition     = var.domain.certificate_arn == null || length(var.domain.aliases) > 0
    error_message = "The domain.aliases are missing: a certificate without a host name would not be used."
  }

  validation {
    condition     = var.domain.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:us-east-1:", var.domain.certificate_arn))
    error_message = "The domain.certificate_arn must be the ARN of an ACM certificate in us-east-1: CloudFront reads no other region."
  }

  validation {
    condition     = length(setsubtract(keys(var.domain.zone_ids), var.domain.aliases)) == 0
    error_message = "Each key of domain.zone_ids must be one of domain.aliases."
  }
}

variable "documents" {
  description = <<-EOT
    Which files answer.
    index: file for the address without a path.
    spa: true answers a missing file with the index and 200, for an application that reads the path itself.
    error_page: file that answers, with 404, where one is missing. Not with spa.
    error_ttl: seconds for which CloudFront remembers that a file is missing.
  EOT
  type = object({
    index      = optional(string, "index.html")
    spa        = optional(bool, false)
    error_page = optional(string)
    error_ttl  = optional(number, 10)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[^/]+$", var.documents.index))
    error_message = "The documents.index must be the name of a file at the top of the bucket, without a slash, such as index.html."
  }

  validation {
    condition     = var.documents.error_page == null || can(regex("^[^/]", var.documents.error_page))
    error_message = "The documents.error_page must be the path of a file in the bucket, not starting with a slash, such as 404.html."
  }

  validation {
    condition     = !var.documents.spa || var.documents.error_page == null
    error_message = "The documents.error_page is never shown with documents.spa, where the index answers instead: choose one."
  }

  validation {
    condition     = var.documents.error_ttl >= 0
    error_message = "The documents.error_ttl must not be negative."
  }
}

variable "caching" {
  description = <<-EOT
    Seconds for which CloudFront and browsers keep a file that has no Cache-Control header of its own.
    ttl: of every file that no pattern covers, the index too.
    paths: path pattern to seconds; the longest pattern that matches counts. For files that get a new name with new content.
  EOT
  type = object({
    ttl   = optional(number, 60)
    paths = optional(map(number), { "/assets/*" = 31536000 })
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for ttl in concat([var.caching.ttl], values(var.caching.paths)) : ttl >= 0 && floor(ttl) == ttl])
    error_message = "The caching.ttl and each time of caching.paths must be whole seconds, 0 or more."
  }

  validation {
    condition     = alltrue([for pattern, _ in var.caching.paths : can(regex("^/[A-Za-z0-9_.*$/~\"'@:+?&-]{1,254}$", pattern))])
    error_message = "Each key of caching.paths must be a path pattern that starts with a slash and may hold * and ?, such as /assets/*."
  }

  validation {
    condition     = length(distinct(concat([var.caching.ttl], values(var.caching.paths)))) <= 10
    error_message = "The caching may have at most 10 different times: each needs a policy, and an account has 20."
  }
}

variable "security_headers" {
  description = <<-EOT
    Security headers of every answer, beside X-Content-Type-Options.
    hsts_max_age: seconds for which browsers insist on HTTPS. hsts_include_subdomains, hsts_preload: for all hosts below the domain, and in browsers' lists.
    content_security_policy: text of the header; "" leaves it out.
    frame_options: DENY or SAMEORIGIN. referrer_policy: the header's value.
  EOT
  type = object({
    hsts_max_age            = optional(number, 31536000)
    hsts_include_subdomains = optional(bool, false)
    hsts_preload            = optional(bool, false)
    content_security_policy = optional(string, "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'")
    frame_options           = optional(string, "DENY")
    referrer_policy         = optional(string, "strict-origin-when-cross-origin")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.security_headers.hsts_max_age >= 0
    error_message = "The security_headers.hsts_max_age must not be negative."
  }

  validation {
    condition     = !var.security_headers.hsts_preload || (var.security_headers.hsts_include_subdomains && var.security_headers.hsts_max_age >= 31536000)
    error_message = "The security_headers.hsts_preload needs hsts_include_subdomains and an hsts_max_age of a year (31536000): browsers' lists take nothing else."
  }

  validation {
    condition     = !can(regex("[\\r\\n]", var.security_headers.content_security_policy))
    error_message = "The security_headers.content_security_policy must be one line: it is the value of an HTTP header."
  }

  validation {
    condition     = contains(["DENY", "SAMEORIGIN"], var.security_headers.frame_options)
    error_message = "The security_headers.frame_options must be DENY or SAMEORIGIN."
  }

  validation {
    condition = contains([
      "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin",
      "strict-origin", "strict-origin-when-cross-origin", "unsafe-url",
    ], var.security_headers.referrer_policy)
    error_message = "The security_headers.referrer_policy must be a value of the Referrer-Policy header, such as strict-origin-when-cross-origin."
  }
}

variable "managed_policies" {
  description = "Whether to use AWS's managed policies instead of own ones, of which an account has 20: no Content-Security-Policy and no values of security_headers, no caching under caching.ttl, and under caching.paths the files' own Cache-Control headers decide."
  type        = bool
  default     = false
  nullable    = false
}

variable "logging" {
  description = <<-EOT
    CloudFront's standard log, in a bucket of its own.
    bucket_name: by default name, "logs", account and region, joined with hyphens.
    retention_days: days until a log file is gone.
  EOT
  type = object({
    enabled        = optional(bool, true)
    bucket_name    = optional(string)
    retention_days = optional(number, 90)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.logging.bucket_name == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.logging.bucket_name))
    error_message = "The logging.bucket_name must have 3 to 63 lower-case letters, digits and hyphens."
  }

  validation {
    condition     = var.logging.retention_days >= 1 && floor(var.logging.retention_days) == var.logging.retention_days
    error_message = "The logging.retention_days must be a whole number of at least 1."
  }
}

variable "web_acl_arn" {
  description = "ARN of a WAF web ACL with the scope CLOUDFRONT, which lives in us-east-1; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:[a-z-]+:wafv2:us-east-1:[0-9]{12}:global/webacl/", var.web_acl_arn))
    error_message = "The web_acl_arn must be the ARN of a WAFv2 web ACL with the scope CLOUDFRONT, in us-east-1."
  }
}

variable "price_class" {
  description = "Where CloudFront answers from: \"PriceClass_100\" (North America, Europe and Israel), \"PriceClass_200\" (more) or \"PriceClass_All\"."
  type        = string
  default     = "PriceClass_100"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "The price_class must be \"PriceClass_100\", \"PriceClass_200\" or \"PriceClass_All\"."
  }
}

variable "geo_restriction" {
  description = "Countries that may (type whitelist) or may not (type blacklist) see the site, as two-letter codes of ISO 3166."
  type = object({
    type      = optional(string, "none")
    countries = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["none", "whitelist", "blacklist"], var.geo_restriction.type)
    error_message = "The geo_restriction.type must be \"none\", \"whitelist\" or \"blacklist\"."
  }

  validation {
    condition     = (var.geo_restriction.type == "none") == (length(var.geo_restriction.countries) == 0)
    error_message = "The geo_restriction.countries belong to a whitelist or a blacklist, which need at least one."
  }

  validation {
    condition     = alltrue([for country in var.geo_restriction.countries : can(regex("^[A-Z]{2}$", country))])
    error_message = "Each of geo_restriction.countries must be a code of two capital letters, such as DE."
  }
}
