variable "health_check" {
  description = <<-EOT
    The load balancer's health check; an instance that fails it is replaced.
    path: what to request. matcher: HTTP codes that mean healthy.
    interval, timeout: seconds. healthy_threshold, unhealthy_threshold: checks in a row.
    grace_period: seconds after launch in which a failing instance is not replaced.
  EOT
  type = object({
    path                = optional(string, "/")
    matcher             = optional(string, "200")
    interval            = optional(number, 15)
    timeout             = optional(number, 5)
    healthy_threshold   = optional(number, 2)
    unhealthy_threshold = optional(number, 3)
    grace_period        = optional(number, 300)
  })
  default  = {}
  nullable = false

  validation {
    condition     = startswith(var.health_check.path, "/")
    error_message = "The health_check.path must start with a slash."
  }

  validation {
    condition     = can(regex("^[2-4][0-9]{2}([-,][2-4][0-9]{2})*$", var.health_check.matcher))
    error_message = "The health_check.matcher must be HTTP codes such as \"200\", \"200,302\" or \"200-299\"."
  }

  validation {
    condition     = var.health_check.interval >= 5 && var.health_check.interval <= 300
    error_message = "The health_check.interval must be from 5 to 300 seconds."
  }

  validation {
    condition     = var.health_check.timeout >= 2 && var.health_check.timeout <= 120 && var.health_check.timeout < var.health_check.interval
    error_message = "The health_check.timeout must be from 2 to 120 seconds and shorter than the interval."
  }

  validation {
    condition = alltrue([
      for threshold in [var.health_check.healthy_threshold, var.health_check.unhealthy_threshold] :
      threshold >= 2 && threshold <= 10
    ])
    error_message = "The health_check thresholds must be from 2 to 10 checks."
  }

  validation {
    condition     = var.health_check.grace_period >= 0
    error_message = "The health_check.grace_period must not be negative."
  }
}

variable "listener" {
  description = <<-EOT
    How clients reach the load balancer.
    certificate_arn: ACM certificate; with it HTTPS answers on 443 and port 80 redirects there, without it port 80 serves the application.
    https: set to true when certificate_arn is not known before apply; by default it follows from certificate_arn.
    tls_policy: AWS security policy of the HTTPS listener.
    domain: names, each with an alias record and a certificate of its own, in the public Route 53 zone zone_id; the first one is that of the url. The names must be known at plan, zone_id need not.
    http2: whether clients may use HTTP/2.
    idle_timeout: seconds. deregistration_delay: seconds in which a leaving instance finishes its requests.
    slow_start: seconds in which a new instance gets more and more of its share, from 30; 0 turns it off.
    access_logs: bucket, and prefix in it, for a line about each request; the bucket's policy must let the load balancer write.
    web_acl: arn of a WAF web ACL of this region.
  EOT
  type = object({
    certificate_arn      = optional(string)
    https                = optional(bool)
    tls_policy           = optional(string, "ELBSecurityPolicy-TLS13-1-2-2021-06")
    domain               = optional(object({ zone_id = string, names = list(string) }))
    http2                = optional(bool, true)
    idle_timeout         = optional(number, 60)
    deregistration_delay = optional(number, 60)
    slow_start           = optional(number, 0)
    access_logs          = optional(object({ bucket = string, prefix = optional(string) }))
    web_acl              = optional(object({ arn = string }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.listener.https == null || !coalesce(var.listener.https, false) || var.listener.certificate_arn != null || var.listener.domain != null
    error_message = "The listener.certificate_arn is missing: HTTPS needs a certificate, or a listener.domain that brings one."
  }

  validation {
    condition     = var.listener.certificate_arn == null || can(regex("^arn:[a-z-]+:(acm|iam):", var.listener.certificate_arn))
    error_message = "The listener.certificate_arn must be the ARN of a certificate in ACM or IAM."
  }

  validation {
    condition     = var.listener.domain == null || var.listener.certificate_arn == null
    error_message = "The listener has both a certificate_arn and a domain, which brings its own certificates. Give one; with a certificate of yours, point your records at alb_dns_name and alb_zone_id."
  }

  validation {
    condition     = var.listener.domain == null || coalesce(var.listener.https, true)
    error_message = "The listener.https must not be false with a listener.domain, which is for HTTPS."
  }

  validation {
    condition     = var.listener.domain == null || try(can(regex("^[A-Z0-9]{1,32}$", var.listener.domain.zone_id)), false)
    error_message = "The listener.domain.zone_id must be the id of a Route 53 zone, such as Z0123456789ABCDEFGHIJ."
  }

  validation {
    condition     = var.listener.domain == null || try(length(var.listener.domain.names) >= 1 && length(var.listener.domain.names) <= 26 && length(distinct(var.listener.domain.names)) == length(var.listener.domain.names), false)
    error_message = "The listener.domain.names must be 1 to 26 different names, the certificates that a load balancer takes."
  }

  # 64 characters are what ACM takes as the first name of a certificate.
  validation {
    condition = var.listener.domain == null || try(alltrue([
      for name in var.listener.domain.names :
      can(regex("^([*][.])?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z][a-z0-9-]*[a-z0-9]$", name)) && length(name) <= 64
    ]), false)
    error_message = "Each of listener.domain.names must be a DNS name in lower case of at most 64 characters, such as www.example.com or *.example.com."
  }

  validation {
    condition     = var.listener.domain == null || try(!startswith(var.listener.domain.names[0], "*"), true)
    error_message = "The first of listener.domain.names is that of the url, and must not begin with an asterisk."
  }

  validation {
    condition     = can(regex("-TLS13-1-[23]-", var.listener.tls_policy))
    error_message = "The listener.tls_policy must be a policy for TLS 1.2 or 1.3 only, such as ELBSecurityPolicy-TLS13-1-2-2021-06."
  }

  validation {
    condition     = var.listener.idle_timeout >= 1 && var.listener.idle_timeout <= 4000
    error_message = "The listener.idle_timeout must be from 1 to 4000 seconds."
  }

  validation {
    condition     = var.listener.deregistration_delay >= 0 && var.listener.deregistration_delay <= 3600
    error_message = "The listener.deregistration_delay must be from 0 to 3600 seconds."
  }
  validation {
    condition     = var.listener.slow_start == 0 || (var.listener.slow_start >= 30 && var.listener.slow_start <= 900)
    error_message = "The listener.slow_start must be 0 or from 30 to 900 seconds."
  }

  validation {
    condition     = var.listener.access_logs == null || try(can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.listener.access_logs.bucket)), false)
    error_message = "The listener.access_logs.bucket must be the name of an S3 bucket, not its ARN."
  }

  validation {
    condition     = var.listener.access_logs == null || try(var.listener.access_logs.prefix == null || !can(regex("^/|/$|AWSLogs", var.listener.access_logs.prefix)), false)
    error_message = "The listener.access_logs.prefix must neither begin nor end with a slash, nor hold AWSLogs, which AWS adds itself."
  }

  validation {
    condition     = var.listener.web_acl == null || try(can(regex("^arn:[a-z-]+:wafv2:[^:]+:[0-9]{12}:regional/webacl/", var.listener.web_acl.arn)), false)
    error_message = "The listener.web_acl.arn must be the ARN of a regional WAF web ACL; those of CloudFront do not suit."
  }
}
