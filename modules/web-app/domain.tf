locals {
  # A name and its wildcard are proven by one and the same record: it is made for the bare name.
  proven_names = {
    for bare in toset([for name in local.domain_names : trimprefix(name, "*.")]) :
    bare => contains(local.domain_names, bare) ? bare : "*.${bare}"
  }
}

# A certificate for each name, so that one more name replaces no certificate.
resource "aws_acm_certificate" "this" {
  for_each = toset(local.domain_names)

  domain_name       = each.key
  validation_method = "DNS"
  tags              = merge(var.tags, { Name = each.key })

  lifecycle {
    # The listener must have let go of a certificate before it is deleted.
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = local.proven_names

  zone_id = var.listener.domain.zone_id
  name    = one(aws_acm_certificate.this[each.value].domain_validation_options).resource_record_name
  type    = one(aws_acm_certificate.this[each.value].domain_validation_options).resource_record_type
  records = [one(aws_acm_certificate.this[each.value].domain_validation_options).resource_record_value]
  ttl     = 60
  # ACM asks for the same record in every region of an account.
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  for_each = toset(local.domain_names)

  certificate_arn         = aws_acm_certificate.this[each.key].arn
  validation_record_fqdns = [aws_route53_record.validation[trimprefix(each.key, "*.")].fqdn]
}

# The first name's certificate is the listener's own.
resource "aws_lb_listener_certificate" "this" {
  for_each = toset(slice(local.domain_names, min(1, length(local.domain_names)), length(local.domain_names)))

  listener_arn    = aws_lb_listener.https["https"].arn
  certificate_arn = aws_acm_certificate_validation.this[each.key].certificate_arn
}

resource "aws_route53_record" "alias" {
  for_each = toset(local.domain_names)

  zone_id = var.listener.domain.zone_id
  name    = each.key
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}
