"""What each type of resource costs a month, checked against figures worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from landform.planning.changes import Change, Values
from landform.review.cost.attributes import Unpriced
from landform.review.cost.components import Component, Others, Resource
from landform.review.cost.free import is_free
from landform.review.cost.mappers import MAPPERS
from landform.review.cost.pricing import after
from landform.review.cost.usage import Usage
from review.cost.plans import cost, dollars, line, resource

_GP3 = {"volume_type": "gp3", "volume_size": 20, "iops": 3000, "throughput": 125}
_POSTGRES = {
    "engine": "postgres", "instance_class": "db.t3.micro", "storage_type": "gp3", "allocated_storage": 20,
    "skip_final_snapshot": True,
}  # fmt: skip
_MYSQL = _POSTGRES | {"engine": "mysql", "instance_class": "db.t4g.small"}
_ALARM = {"metric_name": "CPUUtilization", "period": 300}

_FIXED: list[tuple[str, Mapping[str, Any], float]] = [
    ("aws_nat_gateway", {"connectivity_type": "public"}, 730 * 0.045),
    ("aws_eip", {"domain": "vpc"}, 730 * 0.005),
    ("aws_lb", {"load_balancer_type": "application", "internal": True}, 730 * 0.0225),
    ("aws_lb", {"load_balancer_type": "application", "subnets": ["a", "b", "c"]}, 730 * (0.0225 + 3 * 0.005)),
    ("aws_lb", {"load_balancer_type": "network", "subnets": ["a"]}, 730 * (0.0225 + 0.005)),
    (
        "aws_lb",
        {"load_balancer_type": "network", "subnet_mapping": [{"subnet_id": "a", "allocation_id": "e"}]},
        730 * 0.0225,
    ),
    ("aws_elb", {"internal": True}, 730 * 0.025),
    ("aws_vpc_endpoint", {"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]}, 730 * 0.02),
    ("aws_ebs_volume", {"type": "gp3", "size": 100, "iops": 4000, "throughput": 200}, 8 + 5 + 3),
    ("aws_ebs_volume", {"size": 10}, 1.0),
    ("aws_ebs_volume", {"type": "io2", "size": 10, "iops": 1000}, 1.25 + 65),
    (
        "aws_instance",
        {"instance_type": "t3.micro", "associate_public_ip_address": True, "root_block_device": [_GP3]},
        730 * (0.0104 + 0.005) + 1.6,
    ),
    (
        "aws_instance",
        {"instance_type": "t3.micro", "associate_public_ip_address": False, "monitoring": True,
         "root_block_device": [_GP3], "ebs_block_device": [_GP3, _GP3]},
        730 * 0.0104 + 2.1 + 3 * 1.6,
    ),
    ("aws_db_instance", _POSTGRES, 730 * 0.018 + 20 * 0.115),
    ("aws_db_instance", _POSTGRES | {"engine": "mysql"}, 730 * 0.017 + 20 * 0.115),
    ("aws_db_instance", _MYSQL, 730 * 0.032 + 20 * 0.115),
    ("aws_db_instance", _MYSQL | {"multi_az": True}, 730 * 0.065 + 20 * 0.23),
    (
        "aws_db_instance",
        _MYSQL | {"storage_type": None, "iops": 1000, "allocated_storage": 100},
        730 * 0.032 + 12.5 + 100,
    ),
    ("aws_elasticache_cluster", {"engine": "redis", "node_type": "cache.t3.micro", "num_cache_nodes": 2},
     730 * 0.034),
    ("aws_elasticache_replication_group",
     {"engine": "valkey", "node_type": "cache.t4g.small", "num_node_groups": 2, "replicas_per_node_group": 1},
     730 * 4 * 0.0256),
    ("aws_elasticache_replication_group", {"node_type": "cache.t3.micro", "num_cache_clusters": 3},
     730 * 3 * 0.017),
    ("aws_eks_cluster", {"upgrade_policy": [{"support_type": "STANDARD"}], "version": "1.30"}, 73.0),
    ("aws_kinesis_stream", {"shard_count": 2}, 730 * 0.03),
    ("aws_dynamodb_table",
     {"billing_mode": "PROVISIONED", "read_capacity": 10, "write_capacity": 5,
      "global_secondary_index": [{"read_capacity": 10, "write_capacity": 5}]},
     730 * (20 * 0.00013 + 10 * 0.00065)),
    ("aws_kms_key", {}, 1.0),
    ("aws_secretsmanager_secret", {}, 0.4),
    ("aws_route53_zone", {}, 0.5),
    ("aws_cloudwatch_dashboard", {}, 3.0),
    ("aws_cloudwatch_metric_alarm", _ALARM, 0.1),
    ("aws_cloudwatch_metric_alarm", _ALARM | {"period": 10}, 0.3),
    ("aws_cloudwatch_metric_alarm",
     {"metric_query": [{"metric": [_ALARM]}, {"metric": [_ALARM]}, {"expression": "a/b", "metric": []}]},
     0.2),
    ("aws_ssm_parameter", {"tier": "Advanced"}, 730 * 0.0000684932),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "usd"), _FIXED)
def test_a_type_costs_what_its_attributes_say(kind: str, values: Mapping[str, Any], usd: float) -> None:
    found = line(resource(kind, values))
    assert found.unpriced == ""
    assert dollars(found.after) == round(usd, 4)
    assert found.basis


def test_multi_az_is_a_price_of_its_own_and_not_twice_the_price_of_one() -> None:
    one = line(resource("aws_db_instance", _MYSQL | {"allocated_storage": 0})).after
    two = line(resource("aws_db_instance", _MYSQL | {"allocated_storage": 0, "multi_az": True})).after
    assert one is not None
    assert two is not None
    assert two.low - 2 * one.low == pytest.approx(730 * 0.001)


_USED: list[tuple[str, Mapping[str, Any], Mapping[str, float], float]] = [
    ("aws_nat_gateway", {}, {"data_processed_gb": 100}, 32.85 + 4.5),
    ("aws_lb", {"internal": True}, {"lcu_hours": 730}, 16.425 + 5.84),
    ("aws_s3_bucket", {}, {"storage_gb": 100, "put_requests": 1_000_000, "get_requests": 1_000_000}, 7.7),
    ("aws_sqs_queue", {"fifo_queue": True}, {"requests": 2_000_000}, 1.0),
    ("aws_sqs_queue", {}, {"requests": 2_000_000}, 0.8),
    ("aws_lambda_function", {"memory_size": 1024}, {"requests": 1_000_000, "average_duration_ms": 100},
     0.2 + 100_000 * 0.0000166667),
    ("aws_lambda_function",
     {"memory_size": 512, "architectures": ["arm64"], "ephemeral_storage": [{"size": 1536}]},
     {"requests": 1_000_000, "average_duration_ms": 100},
     0.2 + 50_000 * 0.0000133334 + 100_000 * 0.0000000309),
    ("aws_dynamodb_table", {"billing_mode": "PAY_PER_REQUEST", "point_in_time_recovery": [{"enabled": True}]},
     {"read_request_units": 1_000_000, "write_request_units": 1_000_000, "storage_gb": 10},
     0.125 + 0.625 + 2.5 + 2.0),
    ("aws_cloudwatch_log_group", {}, {"ingested_gb": 10, "storage_gb": 10}, 5.3),
    ("aws_api_gateway_rest_api", {}, {"requests": 2_000_000}, 7.0),
    ("aws_cloudfront_distribution", {}, {"data_out_gb": 100, "https_requests": 1_000_000}, 8.5 + 1.0),
    ("aws_efs_file_system", {}, {"storage_gb": 10}, 3.0),
    ("aws_ecr_repository", {}, {"storage_gb": 10}, 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "usage", "usd"), _USED)
def test_use_is_priced_where_the_usage_file_says_how_much(
    kind: str, values: Mapping[str, Any], usage: Mapping[str, float], usd: float
) -> None:
    assert dollars(line(resource(kind, values), usage=Usage({kind: usage})).after) == round(usd, 4)


@pytest.mark.parametrize(("kind", "values", "usage", "_"), _USED)
def test_use_that_nobody_stated_is_named_and_not_taken_for_nothing(
    kind: str, values: Mapping[str, Any], usage: Mapping[str, float], _: float
) -> None:
    found = line(resource(kind, values))
    assert set(found.usage.split(", ")) & set(usage)
    assert found.unpriced == ""


@pytest.mark.parametrize(
    ("kind", "values", "why"),
    [
        ("aws_instance", {"instance_type": "x9.huge"}, "no price in us-east-1 for aws_instance:x9.huge:"),
        ("aws_instance", {"instance_type": "t3.micro", "tenancy": "dedicated"}, "no prices for tenancy"),
        ("aws_instance", {"instance_market_options": [{"market_type": "spot"}]}, "spot instances"),
        ("aws_instance", {"instance_type": "t3.micro"}, "root volume"),
        ("aws_db_instance", _POSTGRES | {"engine": "oracle-ee"}, "oracle-ee"),
        ("aws_db_instance", _POSTGRES | {"allocated_storage": None}, "allocated_storage is not set"),
        ("aws_lb", {"load_balancer_type": "gateway"}, "aws_lb:gateway:hours"),
        ("aws_vpc_endpoint", {"vpc_endpoint_type": "GatewayLoadBalancer"}, "GatewayLoadBalancer"),
        ("aws_ecs_service", {"launch_type": "EXTERNAL"}, "ECS Anywhere"),
        ("aws_ecs_service", {"launch_type": "FARGATE", "desired_count": 1}, "task definition is not in"),
        ("aws_kinesis_stream", {"stream_mode_details": [{"stream_mode": "ON_DEMAND"}]}, "on demand"),
        ("aws_autoscaling_group", {"min_size": 1, "launch_template": [{"id": "lt-1"}]}, "not in this plan"),
        ("aws_wafv2_web_acl", {}, "no price is known for this type"),
        ("google_compute_instance", {}, "no price is known for this type"),
    ],
)
def test_what_has_no_price_says_why(kind: str, values: Mapping[str, Any], why: str) -> None:
    assert why in line(resource(kind, values)).unpriced


def test_a_part_without_a_price_leaves_the_price_of_the_others() -> None:
    found = line(
        resource("aws_instance", {"instance_type": "t3.micro", "associate_public_ip_address": False})
    )
    assert dollars(found.after) == round(730 * 0.0104, 4)
    assert found.unpriced


_TEMPLATE = {
    "id": "lt-1", "name": "web", "instance_type": "t3.micro", "monitoring": [{"enabled": True}],
    "block_device_mappings": [{"ebs": [{"volume_type": "gp3", "volume_size": 8}]}],
    "network_interfaces": [{"associate_public_ip_address": "false"}],
}  # fmt: skip
_GROUP = {"desired_capacity": 2, "min_size": 1, "max_size": 9, "launch_template": [{"id": "lt-1"}]}


def test_a_group_costs_its_desired_machines() -> None:
    template = resource("aws_launch_template", _TEMPLATE)
    assert dollars(line(resource("aws_autoscaling_group", _GROUP), template).after) == round(
        2 * (730 * 0.0104 + 2.1 + 0.64), 4
    )


def test_a_group_finds_the_template_it_is_made_with_before_that_has_an_id() -> None:
    template = resource("aws_launch_template", _TEMPLATE | {"id": None}, unknown={"id": True})
    group = resource(
        "aws_autoscaling_group",
        _GROUP | {"launch_template": [{}]},
        unknown={"launch_template": [{"id": True, "name": True}]},
        causes={"launch_template": ("module.web.aws_launch_template.this.id",)},
    )
    assert dollars(line(group, template).after) == round(2 * (730 * 0.0104 + 2.1 + 0.64), 4)


def test_a_group_finds_the_template_that_it_names_by_name_beside_the_providers_placeholder() -> None:
    template = resource("aws_launch_template", _TEMPLATE | {"id": None}, unknown={"id": True})
    group = resource(
        "aws_autoscaling_group", _GROUP | {"launch_template": [{"id": "unknown", "name": "web"}]}
    )
    assert dollars(line(group, template).after) == round(2 * (730 * 0.0104 + 2.1 + 0.64), 4)


def test_of_several_templates_a_group_takes_the_one_of_its_own_index() -> None:
    templates = [
        resource("aws_launch_template", _TEMPLATE | {"id": None, "name": key, "instance_type": kind},
                 name=f'this["{key}"]')
        for key, kind in (("a", "t3.micro"), ("b", "m5.large"))
    ]  # fmt: skip
    group = resource(
        "aws_autoscaling_group",
        _GROUP | {"launch_template": [{}]},
        name='this["b"]',
        unknown={"launch_template": [{"id": True}]},
        causes={"launch_template": ("module.web.aws_launch_template.this.id",)},
    )
    assert dollars(line(group, *templates).after) == round(2 * (730 * 0.096 + 2.1 + 0.64), 4)


def test_a_mixed_group_costs_from_its_cheapest_to_its_dearest_type_and_spot_has_no_price() -> None:
    policy = {
        "instances_distribution": [
            {"on_demand_base_capacity": 1, "on_demand_percentage_above_base_capacity": 0}
        ],
        "launch_template": [
            {
                "launch_template_specification": [{"launch_template_id": "lt-1"}],
                "override": [{"instance_type": "t3.micro"}, {"instance_type": "t3.small"}],
            }
        ],
    }  # fmt: skip
    group = resource("aws_autoscaling_group", _GROUP | {"mixed_instances_policy": [policy]})
    found = line(group, resource("aws_launch_template", _TEMPLATE))
    assert found.unpriced == "1 spot instances have no fixed price"
    assert dollars(found.after) == (
        round(730 * 0.0104 + 2.1 + 0.64, 4),
        round(730 * 0.0208 + 2.1 + 0.64, 4),
    )


def test_a_volume_that_is_a_resource_of_its_own_counts_once() -> None:
    values = {"instance_type": "t3.micro", "associate_public_ip_address": False, "root_block_device": [_GP3],
              "ebs_block_device": [_GP3 | {"volume_id": "vol-1"}]}  # fmt: skip
    volume = resource("aws_ebs_volume", {"id": "vol-1", "type": "gp3", "size": 20})
    machine = resource("aws_instance", values)
    assert dollars(cost(machine, volume).after) == round(730 * 0.0104 + 2 * 1.6, 4)
    assert dollars(cost(machine).after) == round(730 * 0.0104 + 2 * 1.6, 4)


def test_fargate_costs_the_size_of_its_task_times_its_count() -> None:
    arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7"
    task = resource("aws_ecs_task_definition", {"arn": arn, "family": "web", "cpu": "256", "memory": "512"})
    service = {"launch_type": "FARGATE", "desired_count": 2, "task_definition": arn,
               "network_configuration": [{"assign_public_ip": False}]}  # fmt: skip
    expected = round(730 * 2 * (0.25 * 0.04048 + 0.5 * 0.004445), 4)
    assert dollars(line(resource("aws_ecs_service", service), task).after) == expected
    by_name = service | {"task_definition": "web:7"}
    assert dollars(line(resource("aws_ecs_service", by_name), task).after) == expected


def test_aurora_serverless_costs_from_its_least_to_its_most_unless_the_average_is_known() -> None:
    scaling = {"min_capacity": 0.5, "max_capacity": 4}
    cluster = resource(
        "aws_rds_cluster",
        {"cluster_identifier": "db", "engine": "aurora-postgresql",
         "serverlessv2_scaling_configuration": [scaling]},
    )  # fmt: skip
    instance = resource(
        "aws_rds_cluster_instance", {"cluster_identifier": "db", "instance_class": "db.serverless"}
    )
    assert dollars(line(instance, cluster).after) == (43.8, 350.4)
    usage = Usage({"aws_rds_cluster_instance": {"average_acu": 1}})
    assert dollars(line(instance, cluster, usage=usage).after) == 87.6


def test_a_balancer_has_an_address_in_each_zone_of_the_subnets_it_waits_for() -> None:
    subnets = [
        resource("aws_subnet", {"availability_zone": f"us-east-1{zone}"}, name=f'this["{tier}{zone}"]',
                 stack="network")
        for tier in ("public", "private")
        for zone in "abc"
    ]  # fmt: skip
    balancer = resource(
        "aws_lb",
        {"load_balancer_type": "application", "internal": False},
        unknown={"subnets": True, "subnet_mapping": True},
        causes={"subnets": ("module.network.aws_subnet.this",)},
    )
    fixed = 730 * 0.0225
    assert dollars(line(balancer, *subnets).after) == (round(fixed + 7.3, 4), round(fixed + 10.95, 4))
    assert dollars(line(balancer, *subnets[:2]).after) == round(fixed + 7.3, 4)


def test_an_extended_support_that_may_begin_is_a_range() -> None:
    assert dollars(line(resource("aws_eks_cluster", {"version": "1.29"})).after) == (73.0, 438.0)


def test_what_another_resource_decides_is_not_taken_for_its_default() -> None:
    left_out = resource("aws_ebs_volume", {"size": 10}, unknown={"type": True})
    assert dollars(line(left_out).after) == 1.0
    decided = resource(
        "aws_ebs_volume", {"size": 10}, unknown={"type": True}, causes={"type": ("module.web.aws_x.y.type",)}
    )
    assert line(decided).unpriced == "type is known after apply"


def test_what_nobody_set_in_a_block_that_reads_another_stack_has_its_default() -> None:
    disk = {"ebs": [{"volume_type": "gp3", "volume_size": 8}]}
    template = resource(
        "aws_launch_template",
        _TEMPLATE | {"block_device_mappings": [disk]},
        unknown={"block_device_mappings": [{"ebs": [{"iops": True, "throughput": True}]}]},
        causes={"block_device_mappings": ("module.database.aws_db_instance.this",)},
    )
    group = resource("aws_autoscaling_group", _GROUP)
    assert line(group, template).unpriced == "block_device_mappings.ebs.iops is known after apply"
    ends = ("iops", "throughput")
    settled = replace(template, left_out=frozenset(f"block_device_mappings.ebs.{end}" for end in ends))
    assert line(group, settled).unpriced == ""


def test_a_sensitive_attribute_never_shows_in_a_key() -> None:
    change = resource("aws_instance", {"instance_type": "t3.s3cr3t"})
    hidden = Change(
        change.stack, change.address, change.type, "managed", change.action,
        after=Values(change.after.value, {"instance_type": True}),
    )  # fmt: skip
    found = line(hidden)
    assert found.unpriced == "instance_type is sensitive"
    assert "s3cr3t" not in repr(found)


def test_an_object_in_another_region_is_not_priced_as_if_it_were_here() -> None:
    there = resource("aws_nat_gateway", {"arn": "arn:aws:ec2:eu-west-1:123456789012:natgateway/nat-1"})
    assert "no price in eu-west-1 for aws_nat_gateway:hours" in line(there).unpriced
    assert line(resource("aws_kms_key", {"region": "eu-west-1"})).unpriced
    assert dollars(line(resource("aws_route53_zone", {"region": "eu-west-1"})).after) == 0.5


def test_no_type_is_both_free_and_priced() -> None:
    assert [kind for kind in MAPPERS if is_free(kind)] == []


@pytest.mark.parametrize("kind", MAPPERS)
def test_a_mapper_reads_the_usage_it_declares_and_no_other(kind: str) -> None:
    """Else the usage file would refuse a figure that counts, or take one that does not."""
    asked: set[str] = set()
    tried = [row[1] for row in _FIXED if row[0] == kind] + [row[1] for row in _USED if row[0] == kind]
    for values in [*tried, {}]:
        change = resource(kind, values)
        found = MAPPERS[kind].parts(Resource(change, after(change), {}, Others()))
        with suppress(Unpriced):
            asked |= {part.usage for part in found if isinstance(part, Component) and part.usage}
    assert asked <= set(MAPPERS[kind].usage)


@pytest.mark.parametrize("unknown", [True, {}])
@pytest.mark.parametrize("kind", MAPPERS)
def test_a_resource_of_which_nothing_is_known_is_priced_or_free_or_says_why(
    kind: str, unknown: object
) -> None:
    found = cost(resource(kind, {}, unknown=unknown))
    assert found.priced + found.free + len(found.unpriced) == found.total == 1
