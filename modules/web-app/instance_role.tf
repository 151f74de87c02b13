data "aws_iam_policy_document" "assume_by_ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# IAM names are one space for all regions of an account, so they carry the region.
resource "aws_iam_role" "instances" {
  name               = "${var.name}-instances-${data.aws_region.current.id}"
  description        = "Instances of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume_by_ec2.json
  tags               = var.tags
}

resource "aws_iam_role_policy_attachment" "instances" {
  for_each = merge(
    var.instance.policy_arns,
    { session-manager = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore" },
  )

  role       = aws_iam_role.instances.name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "instances" {
  name = aws_iam_role.instances.name
  role = aws_iam_role.instances.name
  tags = var.tags
}
