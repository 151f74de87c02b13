locals {
  records = merge([
    for type in ["A", "AAAA"] : {
      for alias, zone_id in var.domain.zone_ids : "${type}/${alias}" => { type = type, alias = alias, zone_id = zone_id }
    }
  ]...)
}

resource "aws_route53_record" "alias" {
  for_each = local.records

  zone_id = each.value.zone_id
  name    = each.value.alias
  type    = each.value.type

  alias {
    name                   = aws_cloudfront_distribution.this.domain_name
    zone_id                = aws_cloudfront_distribution.this.hosted_zone_id
    evaluate_target_health = false
  }
}
