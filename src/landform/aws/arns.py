"""What an ARN names: Terraform's type and the id by which the service describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A resource by Terraform's type and the provider's id; ``type`` is empty where nobody knows it."""

    type: str
    id: str


_REST = r"(.+)"
_ALL = ""
"""Instead of a pattern's group: the id is the whole ARN."""

_KINDS: tuple[tuple[str, str, str, str], ...] = (
    ("acm", "certificate/", "aws_acm_certificate", _ALL),
    ("autoscaling", r"autoScalingGroup:[^:]*:autoScalingGroupName/", "aws_autoscaling_group", _REST),
    ("cloudfront", "distribution/", "aws_cloudfront_distribution", _REST),
    ("cloudwatch", "alarm:", "aws_cloudwatch_metric_alarm", _REST),
    ("dynamodb", "table/", "aws_dynamodb_table", r"([^/]+)\Z"),
    ("ec2", "elastic-ip/", "aws_eip", _REST),
    ("ec2", "instance/", "aws_instance", _REST),
    ("ec2", "internet-gateway/", "aws_internet_gateway", _REST),
    ("ec2", "launch-template/", "aws_launch_template", _REST),
    ("ec2", "natgateway/", "aws_nat_gateway", _REST),
    ("ec2", "network-interface/", "aws_network_interface", _REST),
    ("ec2", "route-table/", "aws_route_table", _REST),
    ("ec2", "security-group/", "aws_security_group", _REST),
    ("ec2", "security-group-rule/", "aws_vpc_security_group_ingress_rule", _REST),
    ("ec2", "snapshot/", "aws_ebs_snapshot", _REST),
    ("ec2", "subnet/", "aws_subnet", _REST),
    ("ec2", "volume/", "aws_ebs_volume", _REST),
    ("ec2", "vpc-endpoint/", "aws_vpc_endpoint", _REST),
    ("ec2", "vpc/", "aws_vpc", _REST),
    ("ecr", "repository/", "aws_ecr_repository", _REST),
    ("ecs", "cluster/", "aws_ecs_cluster", _ALL),
    ("ecs", "service/", "aws_ecs_service", _ALL),
    ("ecs", "task-definition/", "aws_ecs_task_definition", _ALL),
    ("eks", "cluster/", "aws_eks_cluster", _REST),
    ("elasticache", "cluster:", "aws_elasticache_cluster", _REST),
    ("elasticache", "replicationgroup:", "aws_elasticache_replication_group", _REST),
    ("elasticloadbalancing", r"listener/", "aws_lb_listener", _ALL),
    ("elasticloadbalancing", r"listener-rule/", "aws_lb_listener_rule", _ALL),
    ("elasticloadbalancing", r"loadbalancer/(?:app|net|gwy)/", "aws_lb", _ALL),
    ("elasticloadbalancing", "loadbalancer/", "aws_elb", _REST),
    ("elasticloadbalancing", "targetgroup/", "aws_lb_target_group", _ALL),
    ("iam", r"role/(?:.*/)?", "aws_iam_role", r"([^/]+)\Z"),
    ("kms", "key/", "aws_kms_key", _REST),
    ("lambda", "function:", "aws_lambda_function", r"([^:]+)\Z"),
    ("logs", "log-group:", "aws_cloudwatch_log_group", r"([^:]+)(?::\*)?\Z"),
    ("rds", "cluster:", "aws_rds_cluster", _REST),
    ("rds", "cluster-snapshot:", "aws_db_cluster_snapshot", _REST),
    ("rds", "db:", "aws_db_instance", _REST),
    ("rds", "snapshot:", "aws_db_snapshot", _REST),
    ("route53", "hostedzone/", "aws_route53_zone", _REST),
    ("s3", "", "aws_s3_bucket", r"([^/]+)\Z"),
    ("secretsmanager", "secret:", "aws_secretsmanager_secret", _ALL),
    ("sns", "", "aws_sns_topic", r"[^:]+\Z"),
    ("sqs", "", "aws_sqs_queue", r"([^:]+)\Z"),
    ("ssm", "parameter", "aws_ssm_parameter", r"(/[^/]+/.+)"),  # of one part, the ARN has no name
)
"""Service, how the ARN's resource begins, type, and what of the rest is the id."""


def _tables() -> Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]:
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for service, start, kind, id_ in _KINDS:
        found.setdefault(service, []).append((re.compile(start + (id_ or _REST.replace("(", "(?:"))), kind))
    return {service: tuple(kinds) for service, kinds in found.items()}


_TABLES = _tables()


def named_by(arn: str) -> Named:
    """The resource that an ARN names. The ARN itself is the id where the service takes that."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return Named("", arn)
    for pattern, kind in _TABLES.get(parts[2], ()):
        if found := pattern.match(parts[5]):
            return Named(kind, found.group(1) if found.groups() else arn)
    return Named("", arn)


def arn_of(service: str, region: str, account: str, resource: str, partition: str = "aws") -> str:
    """The ARN of what a service lists without one."""
    return f"arn:{partition}:{service}:{region}:{account}:{resource}"
