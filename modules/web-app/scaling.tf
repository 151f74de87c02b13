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

resource "aws_autoscaling_policy" "requests" {
  for_each = toset(var.scaling.requests_target == null ? [] : ["requests"])

  name                      = "${var.name}-requests"
  autoscaling_group_name    = aws_autoscaling_group.this.id
  policy_type               = "TargetTrackingScaling"
  estimated_instance_warmup = var.scaling.instance_warmup

  target_tracking_configuration {
    target_value = var.scaling.requests_target

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.this.arn_suffix}/${aws_lb_target_group.this.arn_suffix}"
    }
  }

  lifecycle {
    # As for the CPU.
    ignore_changes = [enabled, predictive_scaling_configuration]
  }

  # AWS counts requests only where a listener sends them to the group's instances.
  depends_on = [aws_autoscaling_attachment.this, aws_lb_listener.http, aws_lb_listener.https]
}

# What is -1 stays as it is.
resource "aws_autoscaling_schedule" "this" {
  for_each = var.scaling.schedules

  scheduled_action_name  = each.key
  autoscaling_group_name = aws_autoscaling_group.this.id
  recurrence             = each.value.recurrence
  time_zone              = each.value.timezone
  start_time             = each.value.start_time
  end_time               = each.value.end_time
  min_size               = each.value.min == null ? -1 : each.value.min
  max_size               = each.value.max == null ? -1 : each.value.max
  desired_capacity       = each.value.desired == null ? -1 : each.value.desired
}
