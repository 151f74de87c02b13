# Nothing goes out: a cache only answers.
resource "aws_security_group" "this" {
  name        = "${var.name}-cache"
  description = "Cache ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-cache" })
}

# No description: the Name tag says it, and moto forgets the description of a rule that names a group.
resource "aws_vpc_security_group_ingress_rule" "clients" {
  #checkov:skip=CKV_AWS_23:the Name tag says it
  for_each = var.allowed_security_groups

  security_group_id            = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = var.engine.port
  to_port                      = var.engine.port
  referenced_security_group_id = each.value
  tags                         = merge(var.tags, { Name = "${var.name}-cache-from-${each.key}" })
}
