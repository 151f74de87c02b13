locals {
  bastions      = { for key, bastion in { bastion = var.access.bastion } : key => bastion if bastion != null }
  bastion_cidrs = merge([for bastion in local.bastions : bastion.cidrs]...)
  instance_role = toset(var.access.ssm || length(local.bastions) > 0 ? ["ssm"] : [])
}

data "aws_iam_policy_document" "assume_by_ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "ssm" {
  for_each = local.instance_role

  name               = "${var.name}-${each.key}-${data.aws_region.current.id}"
  description        = "Instances in ${var.name} that Session Manager reaches"
  assume_role_policy = data.aws_iam_policy_document.assume_by_ec2.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "ssm" {
  for_each = local.instance_role

  role       = aws_iam_role.ssm[each.key].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "ssm" {
  for_each = local.instance_role

  name = aws_iam_role.ssm[each.key].name
  role = aws_iam_role.ssm[each.key].name
  tags = var.tags
}

resource "aws_security_group" "bastion" {
  for_each = local.bastions

  name        = "${var.name}-${each.key}"
  description = "Bastion of ${var.name}"
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpc_security_group_ingress_rule" "bastion" {
  for_each = local.bastion_cidrs

  security_group_id = aws_security_group.bastion["bastion"].id
  description       = "SSH from ${each.key}"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = each.value
  tags              = merge(var.tags, { Name = "${var.name}-bastion-${each.key}" })
}

resource "aws_vpc_security_group_egress_rule" "bastion" {
  for_each = {
    for key, rule in {
      vpc   = { protocol = "-1", port = null, cidr = aws_vpc.this.cidr_block, why = "Everything in the VPC" }
      https = { protocol = "tcp", port = 443, cidr = "0.0.0.0/0", why = "Updates, and Session Manager" }
    } : key => rule if length(local.bastions) > 0
  }

  security_group_id = aws_security_group.bastion["bastion"].id
  description       = each.value.why
  ip_protocol       = each.value.protocol
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = each.value.cidr
  tags              = merge(var.tags, { Name = "${var.name}-bastion-${each.key}" })
}

# Read at plan, so that a new image is a change one can review.
data "aws_ssm_parameter" "bastion_ami" {
  for_each = local.bastions

  name = each.value.ami_ssm_parameter
}

resource "aws_instance" "bastion" {
  #checkov:skip=CKV_AWS_88:A bastion is where people come in; the security group names them.
  #checkov:skip=CKV_AWS_126:Metrics every minute are of no use here.
  for_each = local.bastions

  ami                         = data.aws_ssm_parameter.bastion_ami[each.key].insecure_value
  instance_type               = each.value.instance_type
  subnet_id                   = aws_subnet.this["public/${local.zones[0]}"].id
  vpc_security_group_ids      = [aws_security_group.bastion[each.key].id]
  associate_public_ip_address = true
  iam_instance_profile        = aws_iam_instance_profile.ssm["ssm"].name
  key_name                    = each.value.key_name
  ebs_optimized               = true
  tags                        = merge(var.tags, { Name = "${var.name}-${each.key}" })
  volume_tags                 = merge(var.tags, { Name = "${var.name}-${each.key}" })

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = each.value.root_volume_size
    encrypted   = true
  }

  depends_on = [aws_internet_gateway.this]
}
