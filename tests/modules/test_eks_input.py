"""What the eks module refuses, each with a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from landform.testing import TestedModule
from modules.refusals import refuses_each

_ROLE = "arn:aws:iam::123456789012:role"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf(
        "modules/eks",
        vars={
            "name": "shop",
            "kubernetes_version": "1.33",
            "vpc_id": "vpc-0123456789abcdef0",
            "subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"],
        },
    ),
]

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop", ["The name must have 2 to 32 characters"]),
    "vpc_id": ("subnet-1", ["The vpc_id must be the id of a VPC"]),
    "subnet_ids": (["subnet-1"], ["The subnet_ids must name at least two subnets"]),
    "kubernetes_version": ("1.33.2", ["must be a version of Kubernetes without a patch"]),
    "control_plane": (
        {
            "public_endpoint": {"cidrs": ["0.0.0.0/0", "10.0.0.1/8"]},
            "subnet_ids": ["subnet-1"],
            "support_type": "NONE",
            "service_ipv4_cidr": "10.0.0.0/8",
            "kms_key_arn": "alias/mine",
            "log_types": ["apis"],
            "log_retention_days": 10,
        },
        [
            "the whole internet",
            "written with its network address",
            "The control_plane.subnet_ids must name at least two",
            "must be STANDARD or EXTENDED",
            "from /12 to /24",
            "must be ARNs of KMS keys",
            "The control_plane.log_types may hold",
            "a number of days that CloudWatch has",
        ],
    ),
    "security_group_rules": (
        {"all": {"group": "pods", "cidr_ipv4": "10.0.0.0/8", "security_group_id": "sg-1"}},
        [
            "must have control_plane or nodes as group",
            "must have a from_port",
            "must name exactly one of cidr_ipv4",
        ],
    ),
    "access_entries": (
        {
            "people": {
                "principal_arn": "arn:aws:iam::123456789012:group/people",
                "kubernetes_groups": ["system:masters"],
                "policies": {"AmazonEKSOwnerPolicy": {"namespaces": []}},
            },
            "nodes": {
                "principal_arn": f"{_ROLE}/nodes",
                "type": "EC2_LINUX",
                "policies": {"AmazonEKSViewPolicy": {}},
            },
            "other": {"principal_arn": f"{_ROLE}/other", "type": "PERSON"},
        },
        [
            "EKS takes no groups",
            'must not start with "system:"',
            "must be EKS access policies",
            "namespaces of a policy of access_entries are empty",
            "take neither policies nor kubernetes_groups",
            "must be STANDARD, EC2_LINUX",
        ],
    ),
    "pod_identities": (
        {name: {"namespace": "a", "service_account": "b", "role_arn": "cart"} for name in ("one", "two")},
        ["must name each service account once", "must be the ARN of an IAM role"],
    ),
    "node_groups": (
        {
            "low": {"min": 3, "max": 2, "desired": 2, "instance_types": [], "disk_size": 8},
            "Far": {"desired": 9, "capacity_type": "CHEAP", "ami_type": "CUSTOM", "metadata_hop_limit": 0},
            "tainted": {
                "taints": {"one": {"key": "a", "effect": "NoSchedule"}},
                "update": {"max_unavailable": 0, "max_unavailable_percentage": 0},
                "kubernetes_version": "latest",
            },
        },
        [
            "The names of node_groups must have 2 to 32",
            "must be one or more EC2 instance types",
            "must be ON_DEMAND or SPOT",
            "no place for an image of your own",
            "must not be negative nor greater than its max, and the max must be at least 1; not so: low.",
            "must lie between its min and max; not so: Far, low.",
            "must be NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE",
            "or max_unavailable_percentage, not both",
            "must have a max_unavailable of at least 1",
            "must be from 20 GiB",
            "must be a whole number from 1 to 64",
            "The kubernetes_version of each of node_groups",
        ],
    ),
    "fargate_profiles": ({"cart": {}}, ["no pod would ever run on it; not so: cart."]),
    "addons": (
        {"core-dns": {}, "vpc-cni": {"version": "newest", "resolve_conflicts_on_update": "ASK"}},
        [
            "The addons must be EKS add-ons",
            "The version of each of addons must be",
            "must be OVERWRITE, PRESERVE or NONE",
        ],
    ),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    refuses_each(tf_module, _WRONG)


@pytest.mark.tf(level="plan")
@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("control_plane", {"public_endpoint": {}}, "names no cidrs: say who may reach the API"),
        ("control_plane", {"own_kms_key": False}, "The control_plane.kms_key_arn is missing"),
        ("addon_configuration", {"coredns": "{}"}, "for add-ons that addons does not have: coredns"),
        ("addon_configuration", {"coredns": "replicaCount: 2"}, "must be the JSON text of an object"),
        ("addon_configuration", {"coredns": "[]"}, "must be the JSON text of an object"),
    ],
    ids=["nobody", "no key", "no add-on", "no JSON", "a list"],
)
def test_what_is_missing_is_said(tf_module: TestedModule, variable: str, value: Any, told: str) -> None:
    with tf_module.fails(match=told):
        tf_module.plan(**{variable: value})
