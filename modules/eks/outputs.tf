output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_eks_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_eks_cluster.this.arn
}

output "cluster_endpoint" {
  description = "Address of the Kubernetes API, for a kubeconfig."
  value       = aws_eks_cluster.this.endpoint
}

output "cluster_certificate_authority" {
  description = "Certificate of the Kubernetes API's authority, in Base64, for a kubeconfig."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}

output "region" {
  description = "Region of the cluster."
  value       = local.region
}

output "kubeconfig_command" {
  description = "Command that adds the cluster to the kubeconfig of whoever runs it."
  value       = "aws eks update-kubeconfig --region ${local.region} --name ${var.name}"
}

output "oidc_issuer_url" {
  description = "Issuer of service account tokens, for the trust policies of IRSA roles."
  value       = aws_eks_cluster.this.identity[0].oidc[0].issuer
}

output "oidc_provider_arn" {
  description = "ARN of the IAM OIDC provider, for the trust policies of IRSA roles."
  value       = aws_iam_openid_connect_provider.this.arn
}

output "cluster_role_arn" {
  description = "ARN of the control plane's IAM role."
  value       = aws_iam_role.cluster.arn
}

output "node_role_name" {
  description = "Name of the node groups' IAM role, for more policies; none without node groups."
  value       = one([for role in aws_iam_role.nodes : role.name])
}

output "node_role_arn" {
  description = "ARN of the node groups' IAM role; none without node groups."
  value       = one([for role in aws_iam_role.nodes : role.arn])
}

output "fargate_role_arn" {
  description = "ARN of the Fargate profiles' pod execution role; none without Fargate profiles."
  value       = one([for role in aws_iam_role.fargate : role.arn])
}

output "cluster_security_group_id" {
  description = "Id of the security group that EKS makes: control plane, nodes and Fargate pods are in it."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "control_plane_security_group_id" {
  description = "Id of the control plane's further security group, which holds rules of security_group_rules only."
  value       = aws_security_group.control_plane.id
}

output "node_security_group_id" {
  description = "Id of the node groups' further security group, to be let in by databases and caches."
  value       = aws_security_group.nodes.id
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts Kubernetes secrets."
  value       = local.kms_key_arn
}

output "log_group_name" {
  description = "Name of the control plane's log group; none without log_types."
  value       = one([for group in aws_cloudwatch_log_group.control_plane : group.name])
}

output "autoscaling_group_names" {
  description = "Node group to the name of its Auto Scaling group."
  value       = { for key, group in aws_eks_node_group.this : key => one(flatten(group.resources[*].autoscaling_groups[*].name)) }
}

output "access_policy_association_ids" {
  description = "Ids of the access policies that are in force: whatever works inside the cluster can depend on them."
  value       = { for key, association in aws_eks_access_policy_association.this : key => association.id }
}

output "karpenter" {
  description = "What Karpenter's settings and EC2NodeClass name: role_arn (of Karpenter), node_role_name, instance_profile_name, queue_name, discovery_tag; none unless it is enabled."
  value = one([
    for key in local.karpenter : {
      role_arn              = aws_iam_role.karpenter[key].arn
      node_role_name        = aws_iam_role.karpenter_nodes[key].name
      instance_profile_name = aws_iam_instance_profile.karpenter_nodes[key].name
      queue_name            = aws_sqs_queue.karpenter[key].name
      discovery_tag         = local.karpenter_discovery
    }
  ])
}

output "leftover_tags" {
  description = "Tags of what Kubernetes makes in AWS for this cluster and Terraform does not know: load balancers, target groups, security groups, network interfaces, volumes. Look for them before a destroy."
  value = {
    "kubernetes.io/cluster/${var.name}" = "owned"
    "elbv2.k8s.aws/cluster"             = var.name
    "cluster.k8s.amazonaws.com/name"    = var.name
  }
}
