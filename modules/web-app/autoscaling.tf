locals {
  spot = var.capacity.mixed_instances == null ? false : var.capacity.mixed_instances.spot_percent > 0
}

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
  capacity_rebalance        = local.spot ? true : null
  enabled_metrics           = var.dashboard ? ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"] : null

  # By name: ids are known after apply only, and a plan does not say what a dynamic block refers to. So
  # a review of the plan can tell what a new group launches, and what that costs.
  dynamic "launch_template" {
    for_each = var.capacity.mixed_instances == null ? { all = aws_launch_template.this } : {}

    content {
      name    = launch_template.value.name
      version = launch_template.value.latest_version
    }
  }

  dynamic "mixed_instances_policy" {
    for_each = var.capacity.mixed_instances == null ? {} : { all = var.capacity.mixed_instances }

    content {
      instances_distribution {
        on_demand_allocation_strategy            = "prioritized"
        on_demand_base_capacity                  = mixed_instances_policy.value.on_demand_base
        on_demand_percentage_above_base_capacity = 100 - mixed_instances_policy.value.spot_percent
        spot_allocation_strategy                 = mixed_instances_policy.value.spot_allocation
      }

      launch_template {
        launch_template_specification {
          launch_template_name = aws_launch_template.this.name
          version              = aws_launch_template.this.latest_version
        }

        dynamic "override" {
          for_each = mixed_instances_policy.value.types

          content {
            instance_type = override.value
          }
        }
      }
    }
  }

  dynamic "warm_pool" {
    for_each = var.capacity.warm_pool == null ? {} : { one = var.capacity.warm_pool }

    content {
      pool_state                  = warm_pool.value.state
      min_size                    = warm_pool.value.min
      max_group_prepared_capacity = warm_pool.value.max_prepared

      instance_reuse_policy {
        reuse_on_scale_in = warm_pool.value.reuse_on_scale_in
      }
    }
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

  # Instances register with Session Manager and read their secrets at boot, so their role must be complete.
  depends_on = [aws_iam_role_policy_attachment.instances, aws_iam_role_policy.secrets]
}

# Apart from the group, so that a replaced target group is detached before it is deleted. The group
# is named by id, not name: the id is unknown when the group is replaced, so this is replaced too.
resource "aws_autoscaling_attachment" "this" {
  autoscaling_group_name = aws_autoscaling_group.this.id
  lb_target_group_arn    = aws_lb_target_group.this.arn
}
