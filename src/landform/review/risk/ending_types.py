"""Types of objects whose end is a risk of its own, each with how bad that is. Literal tables."""

from __future__ import annotations

from collections.abc import Mapping

from landform.review.findings import Severity

_LOW, _MEDIUM, _HIGH, _CRITICAL = Severity

IDENTITY: Mapping[str, Severity] = {
    "aws_iam_role": _HIGH,
    "aws_iam_user": _HIGH,
    "aws_iam_group": _HIGH,
    "aws_iam_access_key": _HIGH,
    "aws_iam_instance_profile": _MEDIUM,
    "aws_iam_openid_connect_provider": _CRITICAL,
    "aws_iam_saml_provider": _CRITICAL,
    "aws_iam_account_alias": _HIGH,
    "aws_cognito_user_pool": _CRITICAL,
    "aws_cognito_user_pool_client": _HIGH,
    "aws_cognito_identity_pool": _CRITICAL,
    "aws_cognito_identity_provider": _HIGH,
    "aws_directory_service_directory": _CRITICAL,
    "aws_identitystore_user": _HIGH,
    "aws_identitystore_group": _HIGH,
    "aws_ssoadmin_permission_set": _CRITICAL,
    "aws_ssoadmin_account_assignment": _HIGH,
    "aws_organizations_account": _CRITICAL,
    "aws_organizations_organization": _CRITICAL,
    "aws_eks_access_entry": _HIGH,
    "aws_eks_pod_identity_association": _HIGH,
}

DNS: Mapping[str, Severity] = {
    "aws_route53_zone": _CRITICAL,
    "aws_route53_record": _HIGH,
    "aws_route53_zone_association": _HIGH,
    "aws_route53_delegation_set": _CRITICAL,
    "aws_route53_hosted_zone_dnssec": _CRITICAL,
    "aws_route53_key_signing_key": _CRITICAL,
    "aws_route53_resolver_rule": _HIGH,
    "aws_route53_resolver_endpoint": _HIGH,
    "aws_route53domains_registered_domain": _CRITICAL,
    "aws_service_discovery_private_dns_namespace": _HIGH,
    "aws_service_discovery_public_dns_namespace": _HIGH,
    "aws_acm_certificate": _HIGH,
    "aws_vpc_dhcp_options": _HIGH,
}

KEYS: Mapping[str, Severity] = {
    "aws_kms_key": _CRITICAL,
    "aws_kms_external_key": _CRITICAL,
    "aws_kms_replica_key": _HIGH,
    "aws_kms_alias": _HIGH,
    "aws_kms_grant": _MEDIUM,
    "aws_cloudhsm_v2_cluster": _CRITICAL,
    "aws_acmpca_certificate_authority": _CRITICAL,
}

SERVING: Mapping[str, Severity] = {
    "aws_db_instance": _HIGH,
    "aws_rds_cluster": _HIGH,
    "aws_rds_cluster_instance": _HIGH,
    "aws_docdb_cluster": _HIGH,
    "aws_neptune_cluster": _HIGH,
    "aws_redshift_cluster": _HIGH,
    "aws_elasticache_cluster": _HIGH,
    "aws_elasticache_replication_group": _HIGH,
    "aws_memorydb_cluster": _HIGH,
    "aws_opensearch_domain": _HIGH,
    "aws_msk_cluster": _HIGH,
    "aws_mq_broker": _HIGH,
    "aws_lb": _HIGH,
    "aws_alb": _HIGH,
    "aws_elb": _HIGH,
    "aws_lb_listener": _HIGH,
    "aws_lb_target_group": _HIGH,
    "aws_autoscaling_group": _HIGH,
    "aws_ecs_cluster": _HIGH,
    "aws_ecs_service": _HIGH,
    "aws_eks_cluster": _HIGH,
    "aws_eks_node_group": _HIGH,
    "aws_lambda_function": _MEDIUM,
    "aws_lambda_event_source_mapping": _MEDIUM,
    "aws_instance": _MEDIUM,
    "aws_spot_instance_request": _MEDIUM,
    "aws_lightsail_instance": _MEDIUM,
    "aws_api_gateway_rest_api": _HIGH,
    "aws_apigatewayv2_api": _HIGH,
    "aws_appsync_graphql_api": _HIGH,
    "aws_cloudfront_distribution": _HIGH,
    "aws_apprunner_service": _HIGH,
    "aws_efs_mount_target": _MEDIUM,
    "aws_vpc": _HIGH,
    "aws_subnet": _HIGH,
    "aws_internet_gateway": _HIGH,
    "aws_nat_gateway": _HIGH,
    "aws_route": _MEDIUM,
    "aws_route_table": _MEDIUM,
    "aws_route_table_association": _MEDIUM,
    "aws_vpc_endpoint": _MEDIUM,
    "aws_vpc_peering_connection": _HIGH,
    "aws_vpn_connection": _HIGH,
    "aws_dx_connection": _HIGH,
    "aws_ec2_transit_gateway": _HIGH,
    "aws_ec2_transit_gateway_vpc_attachment": _HIGH,
    "aws_eip": _MEDIUM,
}
"""What others reach or go through: gone for a while, it is missed."""

GUARDS: Mapping[str, tuple[str, str, Severity]] = {
    "aws_s3_bucket_public_access_block": ("lets its bucket be made public", "bucket", _CRITICAL),
    "aws_s3_account_public_access_block": ("lets every bucket be made public", "", _CRITICAL),
    "aws_s3_bucket_versioning": ("stops keeping old versions of objects", "bucket", _CRITICAL),
    "aws_s3_bucket_object_lock_configuration": ("stops locking objects", "bucket", _CRITICAL),
    "aws_backup_plan": ("stops the backups it plans", "", _CRITICAL),
    "aws_backup_selection": ("stops the backups of what it selects", "", _CRITICAL),
    "aws_backup_vault_lock_configuration": ("unlocks its vault", "backup_vault_name", _CRITICAL),
    "aws_dlm_lifecycle_policy": ("stops the snapshots it plans", "", _HIGH),
    "aws_cloudtrail": ("stops the audit log", "", _CRITICAL),
    "aws_config_configuration_recorder": ("stops the record of configurations", "", _HIGH),
    "aws_guardduty_detector": ("stops threat detection", "", _HIGH),
    "aws_securityhub_account": ("stops Security Hub", "", _HIGH),
    "aws_flow_log": ("stops the flow log", "vpc_id", _MEDIUM),
    "aws_wafv2_web_acl_association": ("takes the firewall away", "resource_arn", _HIGH),
    "aws_iam_account_password_policy": ("drops the password policy", "", _HIGH),
    "aws_ebs_encryption_by_default": ("stops encrypting new volumes", "", _HIGH),
}
"""What protects something else: (what its end means, the attribute that names what it protects, severity)."""
