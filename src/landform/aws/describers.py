"""Which call describes which type of Terraform: one literal table.

A type that is not in it is not looked at, and never taken for gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landform.aws.describer import ARN, CLUSTER, ID, LEFT, NAME, RIGHT, Describer

_MANY = 100


def _ec2(operation: str, found: str, filter_name: str, key: str, **more: Any) -> Describer:
    """A question by filter: EC2 leaves out what is not there, where it refuses a question by id."""
    request = {"Filters": [{"Name": filter_name, "Values": [ID]}]}
    return Describer("ec2", operation, request, found, key, _MANY, **more)


def _named(service: str, operation: str, argument: str, found: str = "", **more: Any) -> Describer:
    """A question for one object by its name or id; AWS answers with an error where it is not there."""
    return Describer(service, operation, {argument: more.pop("value", ID)}, found, **more)


def _balancing(operation: str, argument: str, found: str, **more: Any) -> Describer:
    return Describer("elbv2", operation, {argument: [ARN]}, found, **more)


_DELETING = frozenset({"deleting", "DELETING", "DELETE_IN_PROGRESS", "pending-delete"})
_RULE = _ec2(
    "describe_security_group_rules", "SecurityGroupRules", "security-group-rule-id", "SecurityGroupRuleId"
)

_NETWORK: Mapping[str, Describer] = {
    "aws_eip": _ec2("describe_addresses", "Addresses", "allocation-id", "AllocationId"),
    "aws_internet_gateway": _ec2(
        "describe_internet_gateways", "InternetGateways", "internet-gateway-id", "InternetGatewayId"
    ),
    "aws_lb": _balancing(
        "describe_load_balancers",
        "LoadBalancerArns",
        "LoadBalancers",
        attributes={
            "load_balancer_type": "Type",
            "internal": "Scheme=internal",
            "subnets": "AvailabilityZones.SubnetId[]",
        },
    ),
    "aws_elb": Describer(
        "elb",
        "describe_load_balancers",
        {"LoadBalancerNames": [ID]},
        "LoadBalancerDescriptions",
        attributes={"internal": "Scheme=internal", "subnets": "Subnets[]"},
    ),
    "aws_lb_listener": _balancing("describe_listeners", "ListenerArns", "Listeners"),
    "aws_lb_listener_rule": _balancing("describe_rules", "RuleArns", "Rules"),
    "aws_lb_target_group": _balancing("describe_target_groups", "TargetGroupArns", "TargetGroups"),
    "aws_nat_gateway": Describer(
        "ec2",
        "describe_nat_gateways",
        {"Filter": [{"Name": "nat-gateway-id", "Values": [ID]}]},
        "NatGateways",
        "NatGatewayId",
        _MANY,
        state="State",
        gone=frozenset({"deleted", "failed"}),
        pending=_DELETING,
    ),
    "aws_network_interface": _ec2(
        "describe_network_interfaces", "NetworkInterfaces", "network-interface-id", "NetworkInterfaceId"
    ),
    "aws_route53_zone": _named("route53", "get_hosted_zone", "Id", "HostedZone"),
    "aws_route_table": _ec2("describe_route_tables", "RouteTables", "route-table-id", "RouteTableId"),
    "aws_security_group": _ec2("describe_security_groups", "SecurityGroups", "group-id", "GroupId"),
    "aws_security_group_rule": _RULE,
    "aws_subnet": _ec2("describe_subnets", "Subnets", "subnet-id", "SubnetId"),
    "aws_vpc": _ec2("describe_vpcs", "Vpcs", "vpc-id", "VpcId"),
    "aws_vpc_endpoint": _ec2(
        "describe_vpc_endpoints",
        "VpcEndpoints",
        "vpc-endpoint-id",
        "VpcEndpointId",
        state="State",
        gone=frozenset({"deleted"}),
        attributes={"vpc_endpoint_type": "VpcEndpointType", "subnet_ids": "SubnetIds[]"},
        pending=_DELETING,
    ),
    "aws_vpc_security_group_egress_rule": _RULE,
    "aws_vpc_security_group_ingress_rule": _RULE,
}

_COMPUTE: Mapping[str, Describer] = {
    "aws_autoscaling_group": Describer(
        "autoscaling",
        "describe_auto_scaling_groups",
        {"AutoScalingGroupNames": [ID]},
        "AutoScalingGroups",
        "AutoScalingGroupName",
        50,
    ),
    "aws_ebs_snapshot": _ec2(
        "describe_snapshots",
        "Snapshots",
        "snapshot-id",
        "SnapshotId",
        attributes={"volume_size": "VolumeSize"},
    ),
    "aws_ebs_volume": _ec2(
        "describe_volumes",
        "Volumes",
        "volume-id",
        "VolumeId",
        state="State",
        gone=frozenset({"deleted"}),
        attributes={"type": "VolumeType", "size": "Size", "iops": "Iops", "throughput": "Throughput"},
        pending=_DELETING,
    ),
    "aws_ecr_repository": Describer(
        "ecr", "describe_repositories", {"repositoryNames": [ID]}, "repositories"
    ),
    "aws_ecs_cluster": Describer(
        "ecs",
        "describe_clusters",
        {"clusters": [ARN]},
        "clusters",
        "clusterArn",
        _MANY,
        state="status",
        gone=frozenset({"INACTIVE"}),
        pending=frozenset({"DEPROVISIONING"}),
        by=ARN,
    ),
    "aws_ecs_service": Describer(
        "ecs",
        "describe_services",
        {"cluster": CLUSTER, "services": [ARN]},
        "services",
        state="status",
        gone=frozenset({"INACTIVE"}),
        pending=frozenset({"DRAINING"}),
    ),
    "aws_ecs_task_definition": _named(
        "ecs",
        "describe_task_definition",
        "taskDefinition",
        "taskDefinition",
        value=ARN,
        state="status",
        gone=frozenset({"INACTIVE"}),
        pending=frozenset({"DELETE_IN_PROGRESS"}),
    ),
    "aws_eks_addon": Describer(
        "eks",
        "describe_addon",
        {"clusterName": LEFT, "addonName": RIGHT},
        "addon",
        state="status",
        pending=_DELETING,
    ),
    "aws_eks_cluster": _named(
        "eks", "describe_cluster", "name", "cluster", state="status", pending=_DELETING
    ),
    "aws_eks_fargate_profile": Describer(
        "eks",
        "describe_fargate_profile",
        {"clusterName": LEFT, "fargateProfileName": RIGHT},
        "fargateProfile",
        state="status",
        pending=_DELETING,
    ),
    "aws_eks_node_group": Describer(
        "eks",
        "describe_nodegroup",
        {"clusterName": LEFT, "nodegroupName": RIGHT},
        "nodegroup",
        state="status",
        pending=_DELETING,
    ),
    "aws_instance": _ec2(
        "describe_instances",
        "Reservations.Instances",
        "instance-id",
        "InstanceId",
        state="State.Name",
        gone=frozenset({"terminated"}),
        pending=frozenset({"shutting-down"}),
        attributes={"instance_type": "InstanceType", "tenancy": "Placement.Tenancy"},
    ),
    "aws_lambda_function": _named(
        "lambda", "get_function_configuration", "FunctionName", attributes={"memory_size": "MemorySize"}
    ),
    "aws_launch_template": _ec2(
        "describe_launch_templates", "LaunchTemplates", "launch-template-id", "LaunchTemplateId"
    ),
}

_DATA: Mapping[str, Describer] = {
    "aws_db_cluster_snapshot": _named(
        "rds", "describe_db_cluster_snapshots", "DBClusterSnapshotIdentifier", "DBClusterSnapshots"
    ),
    "aws_db_instance": _named(
        "rds",
        "describe_db_instances",
        "DBInstanceIdentifier",
        "DBInstances",
        value=NAME,
        by=ARN,
        state="DBInstanceStatus",
        attributes={
            "instance_class": "DBInstanceClass",
            "engine": "Engine",
            "multi_az": "MultiAZ",
            "iops": "Iops",
            "allocated_storage": "AllocatedStorage",
            "storage_type": "StorageType",
        },
        pending=_DELETING,
    ),
    "aws_db_parameter_group": _named(
        "rds", "describe_db_parameter_groups", "DBParameterGroupName", "DBParameterGroups"
    ),
    "aws_db_proxy": _named(
        "rds", "describe_db_proxies", "DBProxyName", "DBProxies", state="Status", pending=_DELETING
    ),
    "aws_db_snapshot": _named("rds", "describe_db_snapshots", "DBSnapshotIdentifier", "DBSnapshots"),
    "aws_db_subnet_group": _named("rds", "describe_db_subnet_groups", "DBSubnetGroupName", "DBSubnetGroups"),
    "aws_dynamodb_table": _named(
        "dynamodb", "describe_table", "TableName", "Table", state="TableStatus", pending=_DELETING
    ),
    "aws_elasticache_cluster": _named(
        "elasticache",
        "describe_cache_clusters",
        "CacheClusterId",
        "CacheClusters",
        state="CacheClusterStatus",
        attributes={"node_type": "CacheNodeType", "engine": "Engine", "num_cache_nodes": "NumCacheNodes"},
        pending=_DELETING,
    ),
    "aws_elasticache_parameter_group": _named(
        "elasticache", "describe_cache_parameter_groups", "CacheParameterGroupName", "CacheParameterGroups"
    ),
    "aws_elasticache_replication_group": _named(
        "elasticache",
        "describe_replication_groups",
        "ReplicationGroupId",
        "ReplicationGroups",
        state="Status",
        pending=_DELETING,
    ),
    "aws_elasticache_subnet_group": _named(
        "elasticache", "describe_cache_subnet_groups", "CacheSubnetGroupName", "CacheSubnetGroups"
    ),
    "aws_elasticache_user": _named(
        "elasticache", "describe_users", "UserId", "Users", state="Status", pending=_DELETING
    ),
    "aws_elasticache_user_group": _named(
        "elasticache", "describe_user_groups", "UserGroupId", "UserGroups", state="Status", pending=_DELETING
    ),
    "aws_rds_cluster": _named(
        "rds", "describe_db_clusters", "DBClusterIdentifier", "DBClusters", state="Status", pending=_DELETING
    ),
    "aws_rds_cluster_instance": _named(
        "rds",
        "describe_db_instances",
        "DBInstanceIdentifier",
        "DBInstances",
        state="DBInstanceStatus",
        attributes={"instance_class": "DBInstanceClass", "engine": "Engine"},
        pending=_DELETING,
    ),
    "aws_rds_cluster_parameter_group": _named(
        "rds",
        "describe_db_cluster_parameter_groups",
        "DBClusterParameterGroupName",
        "DBClusterParameterGroups",
    ),
    "aws_s3_bucket": _named("s3", "head_bucket", "Bucket"),
}

_OTHERS: Mapping[str, Describer] = {
    "aws_acm_certificate": _named("acm", "describe_certificate", "CertificateArn", "Certificate", value=ARN),
    "aws_cloudfront_distribution": _named("cloudfront", "get_distribution", "Id", "Distribution"),
    "aws_cloudwatch_event_rule": _named("events", "describe_rule", "Name"),
    "aws_cloudwatch_log_group": _named(
        "logs", "describe_log_groups", "logGroupNamePrefix", "logGroups", key="logGroupName"
    ),
    "aws_cloudwatch_metric_alarm": Describer(
        "cloudwatch", "describe_alarms", {"AlarmNames": [ID]}, "MetricAlarms", "AlarmName", _MANY
    ),
    "aws_codedeploy_app": _named(
        "codedeploy", "get_application", "applicationName", "application", value=NAME, by=ARN
    ),
    "aws_iam_instance_profile": _named(
        "iam", "get_instance_profile", "InstanceProfileName", "InstanceProfile"
    ),
    "aws_iam_openid_connect_provider": _named(
        "iam", "get_open_id_connect_provider", "OpenIDConnectProviderArn", value=ARN
    ),
    "aws_iam_policy": _named("iam", "get_policy", "PolicyArn", "Policy", value=ARN),
    "aws_iam_role": _named("iam", "get_role", "RoleName", "Role"),
    "aws_kms_key": _named(
        "kms",
        "describe_key",
        "KeyId",
        "KeyMetadata",
        state="KeyState",
        pending=frozenset({"PendingDeletion", "PendingReplicaDeletion"}),
        until="DeletionDate",
    ),
    "aws_secretsmanager_secret": _named(
        "secretsmanager", "describe_secret", "SecretId", value=ARN, until="DeletedDate"
    ),
    "aws_service_discovery_private_dns_namespace": _named(
        "servicediscovery", "get_namespace", "Id", "Namespace"
    ),
    "aws_service_discovery_service": _named("servicediscovery", "get_service", "Id", "Service"),
    "aws_sns_topic": _named("sns", "get_topic_attributes", "TopicArn", "Attributes", value=ARN),
    "aws_sqs_queue": _named("sqs", "get_queue_url", "QueueName", value=NAME),
    "aws_ssm_parameter": Describer(
        "ssm",
        "describe_parameters",
        {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": [ID]}]},
        "Parameters",
        "Name",
        50,
    ),
}

DESCRIBERS: Mapping[str, Describer] = {**_NETWORK, **_COMPUTE, **_DATA, **_OTHERS}
"""By Terraform's type."""
