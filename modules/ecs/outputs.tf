output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "service_arns" {
  description = "ARNs of the services, by name."
  value       = { for name, service in local.ecs_services : name => service.id }
}

output "task_definition_arns" {
  description = "ARNs of the newest task definitions, with revision, by service."
  value       = { for name, task in aws_ecs_task_definition.this : name => task.arn }
}

output "images" {
  description = "Images that the newest task definitions run, by service."
  value       = local.images
}

output "security_group_ids" {
  description = "Ids of the services' security groups, to be let in by databases and caches, by service."
  value       = { for name, group in aws_security_group.service : name => group.id }
}

output "task_role_arns" {
  description = "ARNs of the roles that the applications have, by service."
  value       = { for name, role in aws_iam_role.task : name => role.arn }
}

output "task_role_names" {
  description = "Names of the roles that the applications have, for more policies, by service."
  value       = { for name, role in aws_iam_role.task : name => role.name }
}

output "execution_role_arns" {
  description = "ARNs of the roles that start the tasks, by service."
  value       = { for name, role in aws_iam_role.execution : name => role.arn }
}

output "target_group_arns" {
  description = "ARNs of the target groups, by service; the second one of a blue/green service by service/green."
  value       = { for key, group in aws_lb_target_group.this : key => group.arn }
}

output "log_group_names" {
  description = "Names of the log groups, by service."
  value       = local.log_groups
}

output "repository_urls" {
  description = "Addresses of the repositories, to push to, by key."
  value       = { for key in keys(aws_ecr_repository.this) : key => local.repositories[key].url }
}

output "repository_arns" {
  description = "ARNs of the repositories, by key."
  value       = { for key, repository in aws_ecr_repository.this : key => repository.arn }
}

output "namespace_arn" {
  description = "ARN of the Cloud Map namespace, if there is one."
  value       = local.namespace.arn
}

output "endpoint_ids" {
  description = "Ids of the interface endpoints, by AWS service."
  value       = { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.id }
}

output "deployment_groups" {
  description = "CodeDeploy's application and deployment group of each blue/green service."
  value       = { for name, group in aws_codedeploy_deployment_group.this : name => { application = group.app_name, deployment_group = group.deployment_group_name } }
}

output "appspecs" {
  description = "AppSpec, as JSON, with which CodeDeploy brings the newest task definition of a blue/green service, by service."
  value       = local.appspecs
}
