resource "aws_db_subnet_group" "this" {
  for_each = setintersection(var.subnets.groups, ["database"])

  name        = var.name
  description = "Data subnets of ${var.name}"
  subnet_ids  = local.subnet_ids.data
  tags        = merge(var.tags, { Name = var.name })
}

resource "aws_elasticache_subnet_group" "this" {
  for_each = setintersection(var.subnets.groups, ["cache"])

  name        = var.name
  description = "Data subnets of ${var.name}"
  subnet_ids  = local.subnet_ids.data
  tags        = merge(var.tags, { Name = var.name })
}
