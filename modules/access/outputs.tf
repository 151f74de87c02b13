output "security_group_rule_ids" {
  description = "Ids of the rules, by the keys of connections."
  value       = { for key, rule in aws_vpc_security_group_ingress_rule.this : key => rule.security_group_rule_id }
}

output "policy_names" {
  description = "Names of the roles' policies, by the keys of secret_readers and role_policies."
  value       = { for key, policy in aws_iam_role_policy.this : key => policy.name }
}
