locals {
  tag_policy = { for name, policy in { tags = var.tag_policy } : name => policy if policy != null }
}

resource "aws_organizations_policy" "tags" {
  for_each = local.tag_policy

  name        = "${var.name}-tags"
  description = "How cost allocation tags are written"
  type        = "TAG_POLICY"
  tags        = var.tags
  content = jsonencode({
    tags = {
      for key, rule in each.value.tags : lower(key) => merge(
        { tag_key = { "@@assign" = key } },
        length(rule.values) > 0 ? { tag_value = { "@@assign" = sort(rule.values) } } : {},
        length(rule.enforced_for) > 0 ? { enforced_for = { "@@assign" = sort(rule.enforced_for) } } : {},
      )
    }
  })
}

resource "aws_organizations_policy_attachment" "tags" {
  for_each = var.tag_policy == null ? {} : var.tag_policy.targets

  policy_id = aws_organizations_policy.tags["tags"].id
  target_id = each.value
}
