resource "aws_autoscaling_group" "this" {
  name                      = var.name
  vpc_zone_identifier       = var.private_subnet_ids
  min_size                  = var.capacity.min
  max_size                  = var.capacity.max
  desired_capacity          = coalesce(var.capacity.desired, var.capacity.min)
  health_check_type         = "ELB"
  health_check_grace_period = var.health_check.grace_period
  force_delete              = var.ephemeral
  wait_for_capacity_timeout = "10m"

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  # A change of the launch template rolls through: a new instance is up before an old one goes.
  dynamic "instance_refresh" {
    for_each = var.scaling.instance_refresh ? { rolling = "Rolling" } : {}

    content {
      strategy = instance_refresh.value

      preferences {
        min_healthy_percentage = 100
        max_healthy_percentage = 200
        instance_warmup        = var.scaling.instance_warmup
        auto_rollback          = true
        skip_matching          = true
      }
    }
  }

  dynamic "tag" {
    for_each = local.launched_tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    # Scaling owns the number of instances after the start.
    ignore_changes = [desired_capacity]
    # Instances hold their security group; it could not be deleted while the old group lives.
    replace_triggered_by = [aws_security_group.instances.id]
  }

  # Instances register with Session Manager at boot, so their role must be complete.
  depends_on = [aws_iam_role_policy_attachment.instances]
}

# Apart from the group, so that a replaced target group is detached before it is deleted. The group
# is named by id, not name: the id is unknown when the group is replaced, so this is replaced too.
resource "aws_autoscaling_attachment" "this" {
  autoscaling_group_name = aws_autoscaling_group.this.id
  lb_target_group_arn    = aws_lb_target_group.this.arn
}

resource "aws_autoscaling_policy" "cpu" {
  name                      = "${var.name}-cpu"
  autoscaling_group_name    = aws_autoscaling_group.this.id
  policy_type               = "TargetTrackingScaling"
  estimated_instance_warmup = var.scaling.instance_warmup

  target_tracking_configuration {
    target_value = var.scaling.cpu_target

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }

  lifecycle {
    # A policy paused by hand stays paused. (The moto emulator returns neither attribute.)
    ignore_changes = [enabled, predictive_scaling_configuration]
  }
}
