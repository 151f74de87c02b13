# Read at plan, so that a new image is a change one can review.
data "aws_ssm_parameter" "ami" {
  name = var.instance.ami_ssm_parameter
}

resource "aws_launch_template" "this" {
  name                   = var.name
  description            = "Instances of ${var.name}"
  image_id               = data.aws_ssm_parameter.ami.insecure_value
  instance_type          = var.instance.type
  user_data              = local.user_data == "" ? null : base64encode(local.user_data)
  vpc_security_group_ids = [aws_security_group.instances.id]
  ebs_optimized          = true
  update_default_version = true
  tags                   = merge(var.tags, { Name = var.name })

  iam_instance_profile {
    arn = aws_iam_instance_profile.instances.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = var.instance.detailed_monitoring
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.instance.root_volume_size
      encrypted             = true
      delete_on_termination = true
    }
  }

  # The Auto Scaling group tags instances only.
  tag_specifications {
    resource_type = "volume"
    tags          = local.launched_tags
  }

  lifecycle {
    precondition {
      condition     = length(var.secret_arns) == 0 || !can(regex("(?i)^(content-type|mime-version):|^<(powershell|script)>", var.instance.user_data))
      error_message = "With secret_arns, instance.user_data must be what cloud-init takes as one part: a script or cloud-init text, not a MIME message."
    }

    precondition {
      condition     = length(trimsuffix(trimsuffix(base64encode(local.user_data), "="), "=")) <= 21846
      error_message = "With the file of secret_arns, the user data is longer than 16 KiB, the limit of EC2: instance.user_data may have about 11 KiB. Fetch larger scripts from S3."
    }

    # A change of tags must not replace every instance, which a new version of the template does.
    # (The moto emulator also lists the template's own tags here, which would never settle.)
    ignore_changes = [tag_specifications]
    # With a new VPC the older versions would name a security group that is gone.
    replace_triggered_by = [aws_security_group.instances.id]
  }
}
