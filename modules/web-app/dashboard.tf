locals {
  of_balancer = ["LoadBalancer", aws_lb.this.arn_suffix]
  of_targets  = ["TargetGroup", aws_lb_target_group.this.arn_suffix, "LoadBalancer", aws_lb.this.arn_suffix]
  of_group    = ["AutoScalingGroupName", aws_autoscaling_group.this.name]

  widgets = [
    {
      title   = "Requests a minute"
      metrics = [concat(["AWS/ApplicationELB", "RequestCount"], local.of_balancer, [{ stat = "Sum" }])]
    },
    {
      title = "Errors a minute"
      metrics = [
        concat(["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"], local.of_targets, [{ stat = "Sum" }]),
        concat(["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count"], local.of_balancer, [{ stat = "Sum" }]),
        concat(["AWS/ApplicationELB", "HTTPCode_Target_4XX_Count"], local.of_targets, [{ stat = "Sum" }]),
      ]
    },
    {
      title = "Response time, seconds"
      metrics = [
        for stat in ["p50", "p95", "p99"] :
        concat(["AWS/ApplicationELB", "TargetResponseTime"], local.of_targets, [{ stat = stat }])
      ]
    },
    {
      title = "Instances behind the load balancer"
      metrics = [
        concat(["AWS/ApplicationELB", "HealthyHostCount"], local.of_targets, [{ stat = "Minimum" }]),
        concat(["AWS/ApplicationELB", "UnHealthyHostCount"], local.of_targets, [{ stat = "Maximum" }]),
      ]
    },
    {
      title = "Instances of the group"
      metrics = [
        for metric in ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupMaxSize"] :
        concat(["AWS/AutoScaling", metric], local.of_group, [{ stat = "Average" }])
      ]
    },
    {
      title   = "CPU, percent"
      metrics = [for stat in ["Average", "Maximum"] : concat(["AWS/EC2", "CPUUtilization"], local.of_group, [{ stat = stat }])]
    },
  ]
}

# Names of dashboards are one space for all regions of an account.
resource "aws_cloudwatch_dashboard" "this" {
  for_each = toset(var.dashboard ? ["dashboard"] : [])

  dashboard_name = "${var.name}-${data.aws_region.current.id}"
  dashboard_body = jsonencode({
    widgets = [
      for place, widget in local.widgets : {
        type = "metric", width = 12, height = 6
        x    = place % 2 * 12
        y    = floor(place / 2) * 6
        properties = {
          title   = widget.title
          metrics = widget.metrics
          period  = 60
          region  = data.aws_region.current.id
          view    = "timeSeries"
        }
      }
    ]
  })
}
