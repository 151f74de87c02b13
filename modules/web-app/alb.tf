locals {
  domain_names = var.listener.domain == null ? [] : var.listener.domain.names
  https        = var.listener.https != null ? var.listener.https : var.listener.certificate_arn != null || length(local.domain_names) > 0
}

resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_150:Deletion protection is on unless ephemeral
  #checkov:skip=CKV2_AWS_20:Port 80 redirects as soon as there is a certificate
  #checkov:skip=CKV2_AWS_76:The rules of the web ACL are those of its owner
  name                       = var.name
  load_balancer_type         = "application"
  internal                   = false
  subnets                    = var.public_subnet_ids
  security_groups            = [aws_security_group.alb.id]
  idle_timeout               = var.listener.idle_timeout
  enable_http2               = var.listener.http2
  drop_invalid_header_fields = true
  enable_deletion_protection = !var.ephemeral
  tags                       = merge(var.tags, { Name = var.name })

  # Always there: without the block the provider would leave logs on that are no longer asked for.
  access_logs {
    enabled = var.listener.access_logs != null
    bucket  = var.listener.access_logs == null ? "" : var.listener.access_logs.bucket
    prefix  = var.listener.access_logs == null ? null : var.listener.access_logs.prefix
  }

  lifecycle {
    # A load balancer cannot move to another VPC, but the provider would try it in place.
    replace_triggered_by = [aws_security_group.alb.id]
  }
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer, and only it reaches the instances
  name                 = var.name
  vpc_id               = var.vpc_id
  port                 = var.instance.port
  protocol             = "HTTP"
  target_type          = "instance"
  deregistration_delay = var.listener.deregistration_delay
  slow_start           = var.listener.slow_start
  tags                 = merge(var.tags, { Name = var.name })

  health_check {
    path                = var.health_check.path
    matcher             = var.health_check.matcher
    interval            = var.health_check.interval
    timeout             = var.health_check.timeout
    healthy_threshold   = var.health_check.healthy_threshold
    unhealthy_threshold = var.health_check.unhealthy_threshold
  }

  # Any instance may answer any request: they come and go.
  stickiness {
    type    = "lb_cookie"
    enabled = false
  }
}

resource "aws_lb_listener" "http" {
  #checkov:skip=CKV_AWS_2:It redirects as soon as there is a certificate
  #checkov:skip=CKV_AWS_103:It redirects as soon as there is a certificate
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"
  tags              = merge(var.tags, { Name = "${var.name}-http" })

  default_action {
    type             = local.https ? "redirect" : "forward"
    target_group_arn = local.https ? null : aws_lb_target_group.this.arn

    dynamic "redirect" {
      for_each = local.https ? { https = 443 } : {}

      content {
        protocol    = "HTTPS"
        port        = tostring(redirect.value)
        status_code = "HTTP_301"
      }
    }
  }

  lifecycle {
    # AWS does not delete a target group that a listener still names.
    replace_triggered_by = [aws_lb_target_group.this.arn]
  }
}

resource "aws_lb_listener" "https" {
  #checkov:skip=CKV_AWS_103:A validation of listener.tls_policy takes TLS 1.2 and 1.3 only
  for_each = toset(local.https ? ["https"] : [])

  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = length(local.domain_names) == 0 ? var.listener.certificate_arn : aws_acm_certificate_validation.this[local.domain_names[0]].certificate_arn
  ssl_policy        = var.listener.tls_policy
  tags              = merge(var.tags, { Name = "${var.name}-https" })

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  lifecycle {
    replace_triggered_by = [aws_lb_target_group.this.arn]
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  for_each = toset(var.listener.web_acl == null ? [] : ["load-balancer"])

  resource_arn = aws_lb.this.arn
  web_acl_arn  = var.listener.web_acl.arn
}
