output "url" {
  description = "Address of the application: its first domain name, or else the load balancer's own DNS name, http or https."
  value       = "${local.https ? "https" : "http"}://${length(local.domain_names) > 0 ? local.domain_names[0] : aws_lb.this.dns_name}"
}

output "alb_dns_name" {
  description = "DNS name of the load balancer."
  value       = aws_lb.this.dns_name
}

output "alb_zone_id" {
  description = "Route 53 zone id of the load balancer, for an alias record."
  value       = aws_lb.this.zone_id
}

output "alb_arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "listener_arn" {
  description = "ARN of the listener that serves the application: HTTPS if there is a certificate, else HTTP."
  value       = local.https ? aws_lb_listener.https["https"].arn : aws_lb_listener.http.arn
}

output "listener_arns" {
  description = "ARNs of the listeners, by \"http\" and, if there is a certificate, \"https\": for rules of other services."
  value       = merge({ http = aws_lb_listener.http.arn }, { for key, listener in aws_lb_listener.https : key => listener.arn })
}

output "certificate_arns" {
  description = "ARNs of the certificates, by domain name."
  value       = { for name, certificate in aws_acm_certificate_validation.this : name => certificate.certificate_arn }
}

output "target_group_arn" {
  description = "ARN of the target group."
  value       = aws_lb_target_group.this.arn
}

output "security_group_id" {
  description = "Id of the instances' security group, to be let in by databases and caches."
  value       = aws_security_group.instances.id
}

output "alb_security_group_id" {
  description = "Id of the load balancer's security group."
  value       = aws_security_group.alb.id
}

output "autoscaling_group_name" {
  description = "Name of the Auto Scaling group."
  value       = aws_autoscaling_group.this.name
}

output "launch_template_id" {
  description = "Id of the launch template."
  value       = aws_launch_template.this.id
}

output "instance_role_name" {
  description = "Name of the instances' IAM role, for more policies."
  value       = aws_iam_role.instances.name
}

output "instance_role_arn" {
  description = "ARN of the instances' IAM role."
  value       = aws_iam_role.instances.arn
}

output "alarm_arns" {
  description = "ARNs of the alarms by kind, and \"any\" for the composite one."
  value = merge(
    { for kind, alarm in aws_cloudwatch_metric_alarm.this : kind => alarm.arn },
    { for key, alarm in aws_cloudwatch_composite_alarm.this : key => alarm.arn },
  )
}

output "dashboard_name" {
  description = "Name of the dashboard; null if there is none."
  value       = one([for dashboard in aws_cloudwatch_dashboard.this : dashboard.dashboard_name])
}
