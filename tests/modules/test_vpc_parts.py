"""What the vpc module makes when asked: tiers, IPv6, endpoints, ACLs, flow logs, access, connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from landform.testing import UNKNOWN, PlannedModule

_A, _B = "us-east-1a", "us-east-1b"
_PEER = {"vpc_id": "vpc-0123456789abcdef0", "cidr": "10.30.0.0/16"}
_GATEWAY = {"id": "tgw-0123456789abcdef0", "cidrs": ["10.0.0.0/8", "172.16.0.0/12"]}
_BASTION = {"cidrs": {"office": "203.0.113.0/24", "home": "198.51.100.7/32"}, "key_name": "ops"}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/vpc", vars={"name": "net", "cidr": "10.20.0.0/16", "availability_zones": [_A, _B]}
    ),
]


def _made(plan: PlannedModule, kind: str) -> dict[str, Any]:
    """The resources of one type by their address without it."""
    prefix = f"{kind}."
    return {address.removeprefix(prefix): plan[address] for address in plan if address.startswith(prefix)}


# --- subnets ----------------------------------------------------------------------------------------------


@pytest.mark.tf(vars={"subnets": {"tiers": {"mesh": {"slot": 0}, "edge": {"slot": 3, "kind": "public"}}}})
def test_more_tiers_lie_in_the_last_quarter(tf_plan: PlannedModule) -> None:
    cidrs = tf_plan.outputs.subnet_cidrs_by_zone
    assert cidrs["mesh"] == {_A: "10.20.192.0/23", _B: "10.20.194.0/23"}
    assert cidrs["edge"] == {_A: "10.20.240.0/23", _B: "10.20.242.0/23"}
    assert cidrs["public"] == {_A: "10.20.0.0/21", _B: "10.20.8.0/21"}
    assert set(tf_plan.outputs.free_tier_slots) == {1, 2}
    assert tf_plan[f'aws_subnet.this["mesh/{_A}"]'].tags["Tier"] == "mesh"
    assert 'aws_network_acl.this["mesh"]' in tf_plan


@pytest.mark.tf(vars={"subnets": {"ipv6": True}})
def test_ipv6_goes_out_and_not_in(tf_plan: PlannedModule) -> None:
    assert tf_plan["aws_vpc.this"].assign_generated_ipv6_cidr_block is True
    given = {key: each.assign_ipv6_address_on_creation for key, each in _made(tf_plan, "aws_subnet").items()}
    assert {key for key, does in given.items() if does} == {f'this["private/{zone}"]' for zone in (_A, _B)}
    assert all(each.ipv6_cidr_block is UNKNOWN for each in _made(tf_plan, "aws_subnet").values())
    routes = {
        key: each
        for key, each in _made(tf_plan, "aws_route").items()
        if each.destination_ipv6_cidr_block == "::/0"
    }
    assert set(routes) == {
        'public_internet_ipv6["ipv6"]',
        *(f'private_internet_ipv6["{zone}"]' for zone in (_A, _B)),
    }
    assert routes[f'private_internet_ipv6["{_A}"]'].egress_only_gateway_id is UNKNOWN
    assert routes[f'private_internet_ipv6["{_A}"]'].gateway_id is not UNKNOWN
    assert tf_plan.outputs.egress_only_gateway_id is UNKNOWN


@pytest.mark.tf(vars={"subnets": {"kubernetes": {"clusters": ["shop-dev"]}, "groups": ["database", "cache"]}})
def test_subnets_serve_kubernetes_databases_and_caches(tf_plan: PlannedModule) -> None:
    tags = {tier: tf_plan[f'aws_subnet.this["{tier}/{_A}"]'].tags for tier in ("public", "private", "data")}
    cluster = "kubernetes.io/cluster/shop-dev"
    assert (tags["public"]["kubernetes.io/role/elb"], tags["public"][cluster]) == ("1", "shared")
    assert (tags["private"]["kubernetes.io/role/internal-elb"], tags["private"][cluster]) == ("1", "shared")
    assert set(tags["data"]) == {"Name", "Tier"}
    assert tf_plan['aws_db_subnet_group.this["database"]'].name == "net"
    assert tf_plan['aws_elasticache_subnet_group.this["cache"]'].name == "net"


# --- network ACLs -----------------------------------------------------------------------------------------


def _doors(plan: PlannedModule, tier: str, direction: str = "ingress") -> set[tuple[Any, ...]]:
    """What an ACL lets through: protocol, ports, range; IPv6 ranges that are not known yet are left out."""
    rules: list[Mapping[str, Any]] = plan[f'aws_network_acl.this["{tier}"]'][direction]
    assert len({rule["rule_no"] for rule in rules}) == len(rules)
    return {
        (rule["protocol"], rule["from_port"], rule["to_port"], rule["cidr_block"] or rule["ipv6_cidr_block"])
        for rule in rules
    }


_VPC = ("-1", 0, 0, "10.20.0.0/16")
_ANYWHERE = "0.0.0.0/0"
_ANSWERS = {(protocol, 1024, 65535, _ANYWHERE) for protocol in ("tcp", "udp")} | {("icmp", 0, 0, _ANYWHERE)}


def test_each_tier_lets_in_what_it_is_for(tf_plan: PlannedModule) -> None:
    web = {("tcp", port, port, _ANYWHERE) for port in (80, 443)}
    assert _doors(tf_plan, "public") == {_VPC, *_ANSWERS, *web}
    assert _doors(tf_plan, "private") == {_VPC, *_ANSWERS}
    assert _doors(tf_plan, "data") == _doors(tf_plan, "data", "egress") == {_VPC}
    assert _doors(tf_plan, "public", "egress") == {("-1", 0, 0, _ANYWHERE)}


@pytest.mark.tf(
    vars={
        "network_acls": {"public_ports": [443, 25], "data_reaches_gateway_endpoints": True},
        "subnets": {"ipv6": True},
        "access": {"bastion": _BASTION},
        "connections": {"peerings": {"shop": {**_PEER, "kinds": ["data"]}}},
    }
)
def test_acls_follow_what_else_was_asked_for(tf_plan: PlannedModule) -> None:
    public = _doors(tf_plan, "public")
    ssh = {("tcp", 22, 22, cidr) for cidr in _BASTION["cidrs"].values()}  # type: ignore[attr-defined]
    assert {each for each in public if each[1] in (22, 25, 80)} == {*ssh, *_both("tcp", 25, 25)}
    assert public >= {*_both("tcp", 443, 443), *_both("udp", 1024, 65535), ("ipv6-icmp", 0, 0, "::/0")}
    peer = ("-1", 0, 0, _PEER["cidr"])
    assert _doors(tf_plan, "data") >= {_VPC, peer, *_both("tcp", 1024, 65535)}
    assert _doors(tf_plan, "data", "egress") >= {_VPC, peer, *_both("tcp", 443, 443)}
    assert peer not in _doors(tf_plan, "private")


def _both(*ports: Any) -> set[tuple[Any, ...]]:
    return {(*ports, _ANYWHERE), (*ports, "::/0")}


@pytest.mark.tf(vars={"network_acls": {"enabled": False}})
def test_what_earlier_versions_made_keeps_its_address(tf_plan: PlannedModule) -> None:
    subnets = [f"{tier}/{zone}" for tier in ("public", "private", "data") for zone in (_A, _B)]
    assert tf_plan.creates == {
        *(f'aws_{kind}.this["{key}"]' for key in subnets for kind in ("subnet", "route_table_association")),
        *(f'aws_route_table.private["{zone}"]' for zone in (_A, _B)),
        *(f'aws_route.private_internet["{zone}"]' for zone in (_A, _B)),
        *(f'aws_vpc_endpoint.gateway["{service}"]' for service in ("s3", "dynamodb")),
        *(f"aws_{kind}.this" for kind in ("vpc", "internet_gateway", "default_security_group")),
        *("aws_route_table.public", "aws_route_table.data", "aws_route.public_internet"),
        *(f'aws_eip.nat["{_A}"]', f'aws_nat_gateway.this["{_A}"]'),
    }


# --- endpoints, flow logs, access -------------------------------------------------------------------------


@pytest.mark.tf(vars={"interface_endpoints": ["ecr.api"], "access": {"ssm": True}})
def test_interface_endpoints_take_https_of_the_vpc_only(tf_plan: PlannedModule) -> None:
    endpoints = {
        each.service_name: each
        for address, each in _made(tf_plan, "aws_vpc_endpoint").items()
        if address.startswith("interface")
    }
    services = ("ecr.api", "ssm", "ssmmessages", "ec2messages")
    assert set(endpoints) == {f"com.amazonaws.us-east-1.{service}" for service in services}
    assert all(each.private_dns_enabled for each in endpoints.values())
    (rule,) = _made(tf_plan, "aws_vpc_security_group_ingress_rule").values()
    assert (rule.ip_protocol, rule.from_port, rule.to_port) == ("tcp", 443, 443)
    assert (rule.cidr_ipv4, rule.cidr_ipv6) == ("10.20.0.0/16", None)
    assert tf_plan.outputs.ssm_instance_profile_name == "net-ssm-us-east-1"
    assert tf_plan.counts["aws_instance"] == 0


@pytest.mark.tf(vars={"flow_logs": {"destination": "cloudwatch", "retention_days": 90}})
def test_flow_logs_end_with_their_group(tf_plan: PlannedModule) -> None:
    group = tf_plan['aws_cloudwatch_log_group.flow_logs["cloudwatch"]']
    assert (group.name, group.retention_in_days) == ("/aws/vpc/flow-logs/net", 90)
    log = tf_plan['aws_flow_log.this["cloudwatch"]']
    assert (log.log_destination_type, log.traffic_type) == ("cloud-watch-logs", "ALL")
    trust = tf_plan['aws_iam_role.flow_logs["cloudwatch"]'].assume_role_policy
    assert "vpc-flow-logs.amazonaws.com" in trust
    assert "aws:SourceAccount" in trust


@pytest.mark.tf(vars={"flow_logs": {"destination": "s3", "bucket_arn": "arn:aws:s3:::audit/net"}})
def test_flow_logs_go_to_a_bucket_by_the_hour(tf_plan: PlannedModule) -> None:
    log = tf_plan['aws_flow_log.this["s3"]']
    assert (log.log_destination_type, log.log_destination) == ("s3", "arn:aws:s3:::audit/net")
    (options,) = log.destination_options
    assert (options["file_format"], options["per_hour_partition"]) == ("parquet", True)
    assert (tf_plan.counts["aws_cloudwatch_log_group"], tf_plan.counts["aws_iam_role"]) == (0, 0)


@pytest.mark.tf(vars={"access": {"bastion": _BASTION}})
def test_a_bastion_takes_ssh_from_whom_it_is_for(tf_plan: PlannedModule) -> None:
    rules = _made(tf_plan, "aws_vpc_security_group_ingress_rule")
    assert {address: (rule.from_port, rule.to_port, rule.cidr_ipv4) for address, rule in rules.items()} == {
        'bastion["office"]': (22, 22, "203.0.113.0/24"),
        'bastion["home"]': (22, 22, "198.51.100.7/32"),
    }
    instance = tf_plan['aws_instance.bastion["bastion"]']
    assert instance.metadata_options[0]["http_tokens"] == "required"
    assert (instance.root_block_device[0]["volume_type"], instance.root_block_device[0]["encrypted"]) == (
        "gp3",
        True,
    )
    assert instance.ami.startswith("ami-")
    assert (instance.key_name, instance.iam_instance_profile) == ("ops", "net-ssm-us-east-1")
    assert tf_plan.outputs.bastion["public_ip"] is UNKNOWN


# --- connections ------------------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "connections": {
            "peerings": {
                "own": _PEER,
                "far": {**_PEER, "cidr": "10.40.0.0/16", "region": "eu-west-1", "kinds": ["public", "data"]},
                "theirs": {
                    **_PEER,
                    "cidr": "10.50.0.0/16",
                    "owner_id": "999999999999",
                    "region": "us-east-1",
                },
            }
        }
    }
)
def test_peerings_have_routes_from_the_tiers_that_use_them(tf_plan: PlannedModule) -> None:
    accepted = {
        name: tf_plan[f'aws_vpc_peering_connection.this["{name}"]'].auto_accept
        for name in ("own", "far", "theirs")
    }
    assert accepted == {"own": True, "far": False, "theirs": False}
    routes = {key: each.destination_cidr_block for key, each in _made(tf_plan, "aws_route").items()}
    assert {key: cidr for key, cidr in routes.items() if key.startswith("peering")} == {
        f'peering["own/private/{_A}"]': "10.30.0.0/16",
        f'peering["own/private/{_B}"]': "10.30.0.0/16",
        'peering["far/public"]': "10.40.0.0/16",
        'peering["far/data"]': "10.40.0.0/16",
        f'peering["theirs/private/{_A}"]': "10.50.0.0/16",
        f'peering["theirs/private/{_B}"]': "10.50.0.0/16",
    }


@pytest.mark.tf(vars={"connections": {"transit_gateway": _GATEWAY}})
def test_a_transit_gateway_is_attached_and_has_routes(tf_plan: PlannedModule) -> None:
    attachment = tf_plan['aws_ec2_transit_gateway_vpc_attachment.this["this"]']
    assert (attachment.transit_gateway_id, attachment.ipv6_support) == (_GATEWAY["id"], "disable")
    routes = {
        key: each for key, each in _made(tf_plan, "aws_route").items() if key.startswith("transit_gateway")
    }
    assert set(routes) == {
        f'transit_gateway["private/{zone}/{cidr}"]' for zone in (_A, _B) for cidr in _GATEWAY["cidrs"]
    }
    (inside, outside) = (_doors(tf_plan, tier) for tier in ("private", "data"))
    assert {("-1", 0, 0, cidr) for cidr in _GATEWAY["cidrs"]} <= inside - outside
