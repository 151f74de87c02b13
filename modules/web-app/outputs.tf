output "url" {
  description = "Address of the application on the load balancer's own DNS name, http or https."
  value       = "${local.https ? "https" : "http"}://${aws_lb.this.dns_name}"
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
