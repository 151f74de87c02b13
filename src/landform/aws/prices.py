"""Asks the AWS Price List for single prices; what to ask for each row of the table is literal.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from landform.aws.credentials import Access
from landform.aws.failures import explained
from landform.aws.session import AwsClient, client

REGION = "us-east-1"
"""Where the Price List answers, for the prices of all regions."""

_PREFIX = r"(?:[A-Z]{2,4}\d?-|[a-z]{2}(?:-[a-z]+)+-\d-)?"
"""What AWS puts before a usage type outside us-east-1, and for some services there too: EUC1-, us-east-1-."""

_EC2, _RDS, _ELB, _ECS = "AmazonEC2", "AmazonRDS", "AWSELB", "AmazonECS"
_LINUX = {
    "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA",
    "capacitystatus": "Used", "marketoption": "OnDemand", "instanceType": "{0}",
}  # fmt: skip
_ENGINES = {"postgres": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}
_ZONES = {"single-az": "Single-AZ", "multi-az": "Multi-AZ"}
_CACHES = {"redis": "Redis", "memcached": "Memcached", "valkey": "Valkey"}
_WORDS: Mapping[str, str] = _ENGINES | _ZONES | _CACHES
_MILLION, _THOUSAND, _TEN_THOUSAND, _ONE = 1_000_000, 1_000, 10_000, 1


@dataclass(frozen=True, slots=True)
class PriceQuery:
    """A product: its service, the attributes it has, and the end of its usage type (empty: any).

    AWS's price times ``factor`` is the price of the table's unit.
    """

    service: str
    attributes: Mapping[str, str]
    usage_type: str = ""
    factor: Decimal = Decimal(1)


_Row = tuple[str, str, Mapping[str, str], str, int | float]


def _family(name: str, **more: str) -> Mapping[str, str]:
    return {"productFamily": name} | more


_QUERIES: tuple[_Row, ...] = (
    (r"aws_instance:([^:]+):linux:.*", _EC2, _LINUX, "BoxUsage:{0}", _ONE),
    (r"aws_nat_gateway:hours", _EC2, _family("NAT Gateway"), "NatGateway-Hours", _ONE),
    (r"aws_nat_gateway:data_processed", _EC2, _family("NAT Gateway"), "NatGateway-Bytes", _ONE),
    (r"aws_lb:application:hours", _ELB, _family("Load Balancer-Application"), "LoadBalancerUsage", _ONE),
    (r"aws_lb:application:lcu", _ELB, _family("Load Balancer-Application"), "LCUUsage", _ONE),
    (r"aws_lb:network:hours", _ELB, _family("Load Balancer-Network"), "LoadBalancerUsage", _ONE),
    (r"aws_lb:network:nlcu", _ELB, _family("Load Balancer-Network"), "LCUUsage", _ONE),
    (r"aws_elb:classic:hours", _ELB, _family("Load Balancer"), "LoadBalancerUsage", _ONE),
    (r"aws_elb:classic:data_processed", _ELB, _family("Load Balancer"), "DataProcessing-Bytes", _ONE),
    (r"public_ipv4:in_use", "AmazonVPC", {"group": "VPCPublicIPv4Address"}, "PublicIPv4:InUseAddress", _ONE),
    (r"aws_eip:idle_public_ipv4", "AmazonVPC", {"group": "VPCPublicIPv4Address"},
     "PublicIPv4:IdleAddress", _ONE),
    (r"aws_ebs_volume:(gp2|gp3|io1|io2|st1|sc1|standard):storage", _EC2,
     _family("Storage", volumeApiName="{0}"), "", _ONE),
    (r"aws_ebs_volume:(gp3|io2):iops.*", _EC2, _family("System Operation", volumeApiName="{0}"),
     "EBS:VolumeP-IOPS.{0}", _ONE),
    (r"aws_ebs_volume:io1:iops", _EC2, _family("System Operation", volumeApiName="io1"),
     "EBS:VolumeP-IOPS.piops", _ONE),
    (r"aws_ebs_volume:gp3:throughput_over_125", _EC2,
     _family("Provisioned Throughput", volumeApiName="gp3"), "EBS:VolumeP-Throughput.gp3", 1 / 1024),
    (r"aws_ebs_snapshot:storage", _EC2, _family("Storage Snapshot"), "EBS:SnapshotUsage", _ONE),
    (r"aws_db_instance:(postgres|mysql|mariadb):([^:]+):(single-az)", _RDS,
     _family("Database Instance", databaseEngine="{0}", instanceType="{1}", deploymentOption="{2}"),
     "InstanceUsage:{1}", _ONE),
    (r"aws_db_instance:(postgres|mysql|mariadb):([^:]+):(multi-az)", _RDS,
     _family("Database Instance", databaseEngine="{0}", instanceType="{1}", deploymentOption="{2}"),
     "Multi-AZUsage:{1}", _ONE),
    (r"aws_db_instance:storage:gp2:single-az", _RDS, _family("Database Storage"), "RDS:GP2-Storage", _ONE),
    (r"aws_db_instance:storage:gp3:single-az", _RDS, _family("Database Storage"), "RDS:GP3-Storage", _ONE),
    (r"aws_db_instance:storage:gp2:multi-az", _RDS, _family("Database Storage"),
     "RDS:Multi-AZ-GP2-Storage", _ONE),
    (r"aws_db_instance:storage:gp3:multi-az", _RDS, _family("Database Storage"),
     "RDS:Multi-AZ-GP3-Storage", _ONE),
    (r"aws_db_instance:storage:io1:single-az", _RDS, _family("Database Storage"),
     "RDS:PIOPS-Storage", _ONE),
    (r"aws_elasticache:(redis|memcached|valkey):(cache.*)", "AmazonElastiCache",
     _family("Cache Instance", cacheEngine="{0}", instanceType="{1}"), "NodeUsage:{1}", _ONE),
    (r"aws_ecs_service:fargate:linux-x86:vcpu", _ECS, _family("Compute"), "Fargate-vCPU-Hours:perCPU", _ONE),
    (r"aws_ecs_service:fargate:linux-x86:memory", _ECS, _family("Compute"), "Fargate-GB-Hours", _ONE),
    (r"aws_ecs_service:fargate:linux-arm64:vcpu", _ECS, _family("Compute"),
     "Fargate-ARM-vCPU-Hours:perCPU", _ONE),
    (r"aws_ecs_service:fargate:linux-arm64:memory", _ECS, _family("Compute"), "Fargate-ARM-GB-Hours", _ONE),
    (r"aws_eks_cluster:control_plane", "AmazonEKS", _family("Compute"), "AmazonEKS-Hours:perCluster", _ONE),
    (r"aws_kms_key:customer_managed", "awskms", _family("Encryption Key"), "KMS-Keys", _ONE),
    (r"aws_vpc_endpoint:interface:hours", "AmazonVPC", _family("VpcEndpoint"), "VpcEndpoint-Hours", _ONE),
    (r"aws_vpc_endpoint:interface:data", "AmazonVPC", _family("VpcEndpoint"), "VpcEndpoint-Bytes", _ONE),
    (r"aws_dynamodb_table:provisioned:wcu", "AmazonDynamoDB",
     _family("Provisioned IOPS", group="DDB-WriteUnits"), "WriteCapacityUnit-Hrs", _ONE),
    (r"aws_dynamodb_table:provisioned:rcu", "AmazonDynamoDB",
     _family("Provisioned IOPS", group="DDB-ReadUnits"), "ReadCapacityUnit-Hrs", _ONE),
    (r"aws_dynamodb_table:on-demand:write", "AmazonDynamoDB",
     _family("Amazon DynamoDB PayPerRequest Throughput", group="DDB-WriteUnits"), "WriteRequestUnits",
     _MILLION),
    (r"aws_dynamodb_table:on-demand:read", "AmazonDynamoDB",
     _family("Amazon DynamoDB PayPerRequest Throughput", group="DDB-ReadUnits"), "ReadRequestUnits",
     _MILLION),
    (r"aws_dynamodb_table:storage", "AmazonDynamoDB", _family("Database Storage"),
     "TimedStorage-ByteHrs", _ONE),
    (r"aws_s3_bucket:standard:storage", "AmazonS3", _family("Storage"), "TimedStorage-ByteHrs", _ONE),
    (r"aws_s3_bucket:standard:put_copy_post_list", "AmazonS3", _family("API Request"),
     "Requests-Tier1", _THOUSAND),
    (r"aws_s3_bucket:standard:get_other", "AmazonS3", _family("API Request"), "Requests-Tier2", _THOUSAND),
    (r"aws_lambda_function:requests", "AWSLambda", {"group": "AWS-Lambda-Requests"}, "Request", _MILLION),
    (r"aws_lambda_function:duration:x86_64", "AWSLambda", {"group": "AWS-Lambda-Duration"},
     "Lambda-GB-Second", _ONE),
    (r"aws_lambda_function:duration:arm64", "AWSLambda", {"group": "AWS-Lambda-Duration-ARM"},
     "Lambda-GB-Second-ARM", _ONE),
    (r"aws_cloudwatch_log_group:ingestion", "AmazonCloudWatch", _family("Data Payload"),
     "DataProcessing-Bytes", _ONE),
    (r"aws_cloudwatch_log_group:archive_storage", "AmazonCloudWatch", _family("Storage Snapshot"),
     "TimedStorage-ByteHrs", _ONE),
    (r"aws_cloudwatch_metric_alarm:standard_resolution", "AmazonCloudWatch",
     _family("Alarm", alarmType="Standard"), "CW:AlarmMonitorUsage", _ONE),
    (r"aws_secretsmanager_secret", "AWSSecretsManager", _family("Secret"), "", _ONE),
    (r"aws_secretsmanager_secret:api", "AWSSecretsManager", _family("API Request"), "", _TEN_THOUSAND),
    (r"aws_ecr_repository:storage", "AmazonECR", _family("EC2 Container Registry"),
     "TimedStorage-ByteHrs", _ONE),
    (r"aws_efs_file_system:standard", "AmazonEFS", _family("Storage"), "TimedStorage-ByteHrs", _ONE),
)  # fmt: skip


def price_list(access: Access) -> AwsClient:
    """A client of the Price List, with pages and retries of its own."""
    return client(access, "pricing", REGION)


def query_of(key: str) -> PriceQuery | None:
    """What to ask AWS for a row of the table, or None where its answer would not be this price alone."""
    for pattern, service, attributes, usage_type, factor in _QUERIES:
        found = re.fullmatch(pattern, key)
        if found:
            words = [_WORDS.get(word, word) for word in found.groups()]
            filled = {name: value.format(*words) for name, value in attributes.items()}
            return PriceQuery(service, filled, usage_type.format(*words), Decimal(str(factor)))
    return None


def ask_prices(pricing: AwsClient, query: PriceQuery, region: str) -> tuple[Decimal, ...]:
    """The different on-demand prices of what fits, in USD: none where AWS does not sell it in ``region``.

    Of a price in steps it is the first that is not free. Raises LandformError when AWS does not answer.
    """
    terms = {"regionCode": region, **query.attributes}
    filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in terms.items()]
    usage_type = re.compile(_PREFIX + re.escape(query.usage_type))
    found: set[Decimal] = set()
    with explained("ask AWS for prices"):
        pages = pricing.get_paginator("get_products").paginate(ServiceCode=query.service, Filters=filters)
        for page in pages:
            for text in page["PriceList"]:
                found.update(_prices(json.loads(text), query, usage_type))
    return tuple(sorted(found))


def _prices(entry: Mapping[str, Any], query: PriceQuery, usage_type: re.Pattern[str]) -> Iterator[Decimal]:
    is_it = not query.usage_type or usage_type.fullmatch(entry["product"]["attributes"].get("usagetype", ""))
    for term in entry.get("terms", {}).get("OnDemand", {}).values() if is_it else ():
        steps = sorted(
            term["priceDimensions"].values(), key=lambda step: Decimal(step.get("beginRange", "0"))
        )
        amounts = [Decimal(step["pricePerUnit"]["USD"]) for step in steps if "USD" in step["pricePerUnit"]]
        if amounts:
            yield next((amount for amount in amounts if amount), amounts[0]) * query.factor
