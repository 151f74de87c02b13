"""The whole job with the shop, the project of this repository: eight stacks, from nothing to nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit

pytestmark = pytest.mark.e2e

IN = ("dev", "--sandbox")
STACKS = {"network", "database", "cache", "web", "workers", "access", "static", "cost"}
NIGHTLY = {"cache", "web", "workers", "access"}
"""What holds data, the network and the files' site stay."""


@pytest.mark.timeout(1800)  # eight stacks come, go at night, come back, and go; most of it the provider waits
def test_plan_apply_a_night_and_destroy_leave_nothing(make_project: MakeProject) -> None:
    project = make_project({})
    project.landform("new", ".", "--name", "shop", "--example", "shop")

    planned = project.landform("plan", *IN, "--json", code=2).json
    _is_whole_within_its_budget(planned)

    (stage,) = project.landform("apply", *IN, "--yes", "--json").json["stages"]
    assert stage["digest"] == planned["digest"]
    assert {each["stack"]: each["phase"] for each in stage["run"]["stacks"]} == dict.fromkeys(STACKS, "done")
    assert "No changes" in project.landform("plan", *IN).out
    _tiers_reach_each_other(project)

    _goes_at_night(project)
    _comes_back_in_the_morning(project)
    assert list(_standing(project))
    told = project.landform("destroy", *IN, "--yes").out
    for nightly in NIGHTLY:
        assert told.index(f"{nightly}: done") < told.index("network: preparing")
    assert list(_standing(project)) == []


def test_the_other_environments_are_planned_whole_and_prod_is_protected(make_project: MakeProject) -> None:
    project = make_project({})
    project.landform("new", ".", "--name", "shop", "--example", "shop")
    for environment in ("staging", "prod"):
        planned = project.landform("plan", environment, "--sandbox", "--json", code=2).json
        _is_whole_within_its_budget(planned)

    changes = _attributes(planned)
    database, cache = changes["aws_db_instance.this"], changes["aws_elasticache_replication_group.this"]
    assert (database["multi_az"], database["deletion_protection"]) == (True, True)
    assert (database["skip_final_snapshot"], database["backup_retention_period"]) == (False, 14)
    assert (cache["multi_az_enabled"], cache["num_cache_clusters"]) == (True, 3)
    assert changes["aws_lb.this"]["enable_deletion_protection"] is True
    refused = project.landform("destroy", "prod", "--sandbox", "--yes", code=3)
    assert "protected" in refused.err


def _goes_at_night(project: ProjectKit) -> None:
    """What is marked goes and the rest stays; what somebody left is found, priced, and ends with 5."""
    planted = _plant(project)
    (night,) = project.landform(
        "teardown", "run", *IN, "--at", "2026-12-01T20:05:00-05:00", "--json", code=5
    ).json["environments"]
    certificate = night["certificate"]
    assert {each["stack"] for each in certificate["destroyed"]} == NIGHTLY
    assert not any(each["managed"] for each in certificate["sweep"]["states"])
    found = [each for each in certificate["sweep"]["found"] if each["standing"] == "leftover"]
    assert {each["type"] for each in found} == set(planted)
    assert sum(each["monthly"]["high"] for each in found if each["monthly"]) >= 8
    assert certificate["savings"]["usd"] > 0.5
    assert project.aws("rds").describe_db_instances()["DBInstances"]
    assert any(not vpc["IsDefault"] for vpc in project.aws("ec2").describe_vpcs()["Vpcs"])
    for delete in planted.values():
        delete()
    assert "Nothing is left over" in project.landform("sweep", *IN).out


def _comes_back_in_the_morning(project: ProjectKit) -> None:
    """The same release, and nothing to do for a plan."""
    release = project.landform("status", *IN, "--json").json["environments"][0]["releases"]
    (morning,) = project.landform("teardown", "run", *IN, "--at", "2026-12-02T07:10:00-05:00", "--json").json[
        "environments"
    ]
    assert (morning["came"], morning["slot"]) == ("done", "rebuild-2026-12-02T0700")
    assert project.landform("status", *IN, "--json").json["environments"][0]["releases"] == release
    assert "No changes" in project.landform("plan", *IN).out


def _plant(project: ProjectKit) -> dict[str, Callable[[], object]]:
    """Things with the environment's tags that are in no state, by type, each with what takes it away."""
    tags = [{"Key": "Project", "Value": "shop"}, {"Key": "Environment", "Value": "dev"}]
    ec2, elb, logs = (project.aws(name) for name in ("ec2", "elbv2", "logs"))
    (vpc,) = (each for each in ec2.describe_vpcs()["Vpcs"] if not each["IsDefault"])
    subnet = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"][0]
    interface = ec2.create_network_interface(
        SubnetId=subnet["SubnetId"], TagSpecifications=[{"ResourceType": "network-interface", "Tags": tags}]
    )["NetworkInterface"]["NetworkInterfaceId"]
    volume = ec2.create_volume(
        AvailabilityZone="us-east-1a", Size=100, VolumeType="gp3",
        TagSpecifications=[{"ResourceType": "volume", "Tags": tags}],
    )["VolumeId"]  # fmt: skip
    logs.create_log_group(logGroupName="/late", tags={each["Key"]: each["Value"] for each in tags})
    group = elb.create_target_group(Name="late", Protocol="HTTP", Port=80, VpcId=vpc["VpcId"], Tags=tags)
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    return {
        "aws_network_interface": lambda: ec2.delete_network_interface(NetworkInterfaceId=interface),
        "aws_ebs_volume": lambda: ec2.delete_volume(VolumeId=volume),
        "aws_cloudwatch_log_group": lambda: logs.delete_log_group(logGroupName="/late"),
        "aws_lb_target_group": lambda: elb.delete_target_group(TargetGroupArn=arn),
    }


def _attributes(planned: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is planned, by address without key."""
    return {
        change["local_address"].partition("[")[0]: {
            each["path"]: each["after"] for each in change["attributes"]
        }
        for stack in planned["stacks"]
        for change in stack["changes"]
    }


def _is_whole_within_its_budget(planned: dict[str, Any]) -> None:
    assert {stack["stack"] for stack in planned["stacks"]} == STACKS
    assert (planned["deferred"], planned["complete"]) == ([], True)
    assert planned["counts"]["create"] > 80
    assert planned["verdict"]["result"] == "pass"
    assert (planned["cost"]["unpriced"], planned["cost"]["complete"]) == ([], True)


def _tiers_reach_each_other(project: ProjectKit) -> None:
    """The web servers know where the database and the cache are; both let them and the workers in."""
    outputs = project.landform("output", *IN, "--json").json
    database, cache, web = outputs["database"], outputs["cache"], outputs["web"]
    ec2 = project.aws("ec2")
    (version,) = ec2.describe_launch_template_versions(LaunchTemplateId=web["launch_template_id"])[
        "LaunchTemplateVersions"
    ]
    script = _decoded(version["LaunchTemplateData"]["UserData"])
    assert f"DATABASE_HOST={database['endpoint']}\n" in script
    assert f"DATABASE_SECRET_ARN={database['secret_arn']}\n" in script
    assert f"CACHE_HOST={cache['endpoint']}\n" in script

    clients = {web["security_group_id"], outputs["workers"]["security_group_ids"]["queue"]}
    for server in (database, cache):
        (group,) = ec2.describe_security_groups(GroupIds=[server["security_group_id"]])["SecurityGroups"]
        let_in = {pair["GroupId"] for rule in group["IpPermissions"] for pair in rule["UserIdGroupPairs"]}
        assert let_in == clients
    policy = project.aws("iam").get_role_policy(
        RoleName=web["instance_role_name"], PolicyName="shop-dev-access-web"
    )["PolicyDocument"]
    assert [each["Resource"] for each in policy["Statement"]] == [database["secret_arn"]]


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()


def _standing(project: ProjectKit) -> Iterator[Any]:
    """What costs money or blocks a later apply; what every account has aside."""
    ec2, cache, rds, ecs = (project.aws(name) for name in ("ec2", "elasticache", "rds", "ecs"))
    yield from (vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"])
    yield from ec2.describe_addresses()["Addresses"]
    yield from (nat for nat in ec2.describe_nat_gateways()["NatGateways"] if nat["State"] != "deleted")
    yield from ec2.describe_launch_templates()["LaunchTemplates"]
    groups = ec2.describe_security_groups()["SecurityGroups"]
    yield from (group for group in groups if group["GroupName"] != "default")
    yield from project.aws("elbv2").describe_load_balancers()["LoadBalancers"]
    yield from project.aws("elbv2").describe_target_groups()["TargetGroups"]
    yield from project.aws("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    yield from rds.describe_db_instances()["DBInstances"]
    yield from rds.describe_db_snapshots()["DBSnapshots"]
    yield from rds.describe_db_subnet_groups()["DBSubnetGroups"]
    yield from cache.describe_replication_groups()["ReplicationGroups"]
    yield from cache.describe_cache_clusters()["CacheClusters"]
    yield from cache.describe_cache_subnet_groups()["CacheSubnetGroups"]
    yield from cache.describe_user_groups()["UserGroups"]
    yield from cache.describe_cache_parameter_groups()["CacheParameterGroups"]
    yield from (user for user in cache.describe_users()["Users"] if user["UserId"] != "default")
    clusters = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]
    yield from (each for each in clusters if each["status"] != "INACTIVE")
    yield from project.aws("cloudfront").list_distributions()["DistributionList"].get("Items", ())
    buckets = project.aws("s3").list_buckets()["Buckets"]
    yield from (each["Name"] for each in buckets if each["Name"].startswith("shop-"))
    yield from project.aws("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"]
    yield from project.aws("logs").describe_log_groups()["logGroups"]
    yield from project.aws("cloudwatch").describe_alarms()["MetricAlarms"]
    yield from project.aws("budgets").describe_budgets(AccountId="123456789012").get("Budgets", ())
    yield from project.aws("iam").list_roles(PathPrefix="/")["Roles"]
