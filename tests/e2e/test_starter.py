"""The whole job with the starter, as ``landform new`` copies it: a network and a web app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.open_rules import assert_only_load_balancers_are_open
from e2e.project_kit import ProjectKit

pytestmark = pytest.mark.e2e

IN = ("dev", "--sandbox")


def test_plan_apply_change_destroy(make_project: MakeProject) -> None:
    project = make_project({})
    project.landform("new", ".", "--name", "shop")

    planned = project.landform("plan", *IN, "--json", code=2).json
    assert len(planned["digest"]) == 64
    assert planned["counts"]["create"] > 30
    assert [stack["stack"] for stack in planned["stacks"]] == ["network", "web"]
    assert_only_load_balancers_are_open(planned)

    (stage,) = project.landform("apply", *IN, "--yes", "--json").json["stages"]
    assert stage["digest"] == planned["digest"]
    assert [(each["stack"], each["phase"]) for each in stage["run"]["stacks"]] == [
        ("network", "done"),
        ("web", "done"),
    ]
    assert "No changes" in project.landform("plan", *IN).out
    _is_applied(project)
    _names_what_a_new_range_replaces(project)
    _is_destroyed_in_reverse(project)


def _is_applied(project: ProjectKit) -> None:
    outputs = project.landform("output", *IN, "--stack", "web", "--json").json
    assert list(outputs) == ["web"]
    (balancer,) = project.aws("elbv2").describe_load_balancers()["LoadBalancers"]
    assert outputs["web"]["alb_dns_name"] == balancer["DNSName"]
    status = project.landform("status", *IN, "--json").json["stacks"]
    assert [(each["stack"], each["standing"]) for each in status] == [
        ("network", "applied"),
        ("web", "applied"),
    ]


def _names_what_a_new_range_replaces(project: ProjectKit) -> None:
    values = "environments/dev/terraform.tfvars"
    project.replace(values, "10.10.0.0/16", "10.99.0.0/16")
    planned = project.landform("plan", *IN, "--json", code=2).json
    project.replace(values, "10.99.0.0/16", "10.10.0.0/16")
    web = next(stack for stack in planned["stacks"] if stack["stack"] == "web")
    assert web["caused_by"] == ["network"]
    replaced = {
        each["local_address"]: each["caused_by"] for each in web["changes"] if "replace" in each["action"]
    }
    assert "module.network.aws_vpc.this.id" in replaced["aws_security_group.alb"]
    shown = project.landform("show", "dev").out
    assert "web  web-app  ← changes in network" in shown


def _is_destroyed_in_reverse(project: ProjectKit) -> None:
    assert list(_standing(project))
    told = project.landform("destroy", *IN, "--yes").out
    assert told.index("web: done") < told.index("network: preparing")
    assert list(_standing(project)) == []
    status = project.landform("status", *IN, "--json").json["stacks"]
    assert {each["standing"] for each in status} == {"never"}


def _standing(project: ProjectKit) -> Iterator[Any]:
    """What costs money or blocks a later apply; the default VPC of every account aside."""
    ec2 = project.aws("ec2")
    yield from (vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"])
    yield from (
        subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"] if not subnet["DefaultForAz"]
    )
    yield from ec2.describe_addresses()["Addresses"]
    yield from (nat for nat in ec2.describe_nat_gateways()["NatGateways"] if nat["State"] != "deleted")
    yield from ec2.describe_launch_templates()["LaunchTemplates"]
    groups = ec2.describe_security_groups()["SecurityGroups"]
    yield from (group for group in groups if group["GroupName"] != "default")
    yield from project.aws("elbv2").describe_load_balancers()["LoadBalancers"]
    yield from project.aws("elbv2").describe_target_groups()["TargetGroups"]
    yield from project.aws("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    yield from project.aws("iam").list_roles(PathPrefix="/")["Roles"]
