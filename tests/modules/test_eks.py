"""The eks module: who gets in, what nodes are, what stands after an apply, and how it grows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.aws.kubernetes_leftovers import leftover_tags
from landform.planning.changes import Action
from landform.testing import UNKNOWN, Emulator, PlannedModule, Stack, TestedModule
from modules.networks import default_vpc

_ROLE = "arn:aws:iam::123456789012:role"
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_POLICIES = "arn:aws:eks::aws:cluster-access-policy"

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


# --- planned: the control plane ---------------------------------------------------------------------------


def test_without_a_word_the_api_is_private_and_the_secrets_are_encrypted(tf_plan: PlannedModule) -> None:
    cluster = tf_plan["aws_eks_cluster.this"]
    (network,) = cluster.vpc_config
    assert (network["endpoint_private_access"], network["endpoint_public_access"]) == (True, False)
    (access,) = cluster.access_config
    assert access["authentication_mode"] == "API"
    assert access["bootstrap_cluster_creator_admin_permissions"] is False
    (encryption,) = cluster.encryption_config
    assert encryption["resources"] == ["secrets"]
    key = tf_plan['aws_kms_key.secrets["secrets"]']
    assert (key.enable_key_rotation, key.deletion_window_in_days) == (True, 30)
    assert len(cluster.enabled_cluster_log_types) == 5
    group = tf_plan['aws_cloudwatch_log_group.control_plane["control-plane"]']
    assert (group.name, group.retention_in_days) == ("/aws/eks/shop/cluster", 90)
    assert tf_plan.counts["aws_eks_node_group"] + tf_plan.counts["aws_eks_addon"] == 0
    assert tf_plan.outputs.kubeconfig_command == "aws eks update-kubeconfig --region us-east-1 --name shop"
    assert tf_plan.outputs.leftover_tags == leftover_tags("shop")


@pytest.mark.tf(
    vars={
        "ephemeral": True,
        "control_plane": {
            "public_endpoint": {"cidrs": ["203.0.113.0/24"]},
            "kms_key_arn": _KEY,
            "log_types": [],
            "service_ipv4_cidr": "172.20.0.0/16",
        },
    }
)
def test_a_public_endpoint_is_for_the_named_ranges_and_a_given_key_is_used(tf_plan: PlannedModule) -> None:
    cluster = tf_plan["aws_eks_cluster.this"]
    (network,) = cluster.vpc_config
    assert (network["endpoint_private_access"], network["endpoint_public_access"]) == (True, True)
    assert network["public_access_cidrs"] == ["203.0.113.0/24"]
    assert cluster.encryption_config[0]["provider"][0]["key_arn"] == _KEY
    assert cluster.kubernetes_network_config[0]["service_ipv4_cidr"] == "172.20.0.0/16"
    assert tf_plan.counts["aws_kms_key"] + tf_plan.counts["aws_cloudwatch_log_group"] == 0
    assert tf_plan.outputs.kms_key_arn == _KEY


@pytest.mark.tf(vars={"control_plane": {"public_endpoint": {"everyone": True}}, "ephemeral": True})
def test_the_whole_internet_must_be_said(tf_plan: PlannedModule) -> None:
    assert tf_plan["aws_eks_cluster.this"].vpc_config[0]["public_access_cidrs"] == ["0.0.0.0/0"]
    assert tf_plan['aws_kms_key.secrets["secrets"]'].deletion_window_in_days == 7


# --- planned: who gets in ---------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "access_entries": {
            "platform": {
                "principal_arn": f"{_ROLE}/platform",
                "policies": {"AmazonEKSClusterAdminPolicy": {}},
            },
            "shop": {
                "principal_arn": f"{_ROLE}/shop",
                "kubernetes_groups": ["shop"],
                "policies": {"AmazonEKSEditPolicy": {"namespaces": ["shop", "cart"]}},
            },
            "later": {
                "principal_arn": f"{_ROLE}/later",
                "policies": {f"{_POLICIES}/AmazonEKSLaterPolicy": {}},
            },
        },
        "pod_identities": {
            "cart": {"namespace": "cart", "service_account": "api", "role_arn": f"{_ROLE}/cart"}
        },
    }
)
def test_an_entry_has_its_policies_in_its_scope(tf_plan: PlannedModule) -> None:
    assert tf_plan['aws_eks_access_entry.this["shop"]'].kubernetes_groups == ["shop"]
    admin = tf_plan['aws_eks_access_policy_association.this["platform/AmazonEKSClusterAdminPolicy"]']
    assert admin.policy_arn == f"{_POLICIES}/AmazonEKSClusterAdminPolicy"
    assert admin.principal_arn == f"{_ROLE}/platform"
    assert admin.access_scope[0]["type"] == "cluster"
    edit = tf_plan['aws_eks_access_policy_association.this["shop/AmazonEKSEditPolicy"]']
    assert edit.access_scope == [{"type": "namespace", "namespaces": ["cart", "shop"]}]
    later = f'aws_eks_access_policy_association.this["later/{_POLICIES}/AmazonEKSLaterPolicy"]'
    assert tf_plan[later].policy_arn == f"{_POLICIES}/AmazonEKSLaterPolicy"
    identity = tf_plan['aws_eks_pod_identity_association.this["cart"]']
    assert (identity.namespace, identity.service_account) == ("cart", "api")
    assert identity.role_arn == f"{_ROLE}/cart"
    assert tf_plan["aws_iam_openid_connect_provider.this"].client_id_list == ["sts.amazonaws.com"]


# --- planned: nodes, Fargate, add-ons ---------------------------------------------------------------------

_GROUPS: dict[str, Any] = {
    "general": {},
    "batch": {
        "capacity_type": "SPOT",
        "instance_types": ["m7i.large", "m6i.large"],
        "ami_type": "BOTTLEROCKET_x86_64",
        "min": 0,
        "max": 10,
        "desired": 2,
        "disk_size": 80,
        "metadata_hop_limit": 2,
        "labels": {"for": "batch"},
        "taints": {"batch": {"key": "for", "value": "batch", "effect": "NO_SCHEDULE"}},
        "update": {"max_unavailable": 2},
        "kubernetes_version": "1.32",
        "node_repair": True,
        "subnet_ids": ["subnet-0000000000000000a"],
    },
    "windows": {"ami_type": "WINDOWS_CORE_2022_x86_64"},
}


@pytest.mark.tf(vars={"node_groups": _GROUPS})
def test_node_groups_are_as_described(tf_plan: PlannedModule) -> None:
    general, batch = (tf_plan[f'aws_eks_node_group.this["{key}"]'] for key in ("general", "batch"))
    assert (general.capacity_type, general.instance_types) == ("ON_DEMAND", ["t3.large"])
    assert general.scaling_config == [{"min_size": 1, "max_size": 3, "desired_size": 1}]
    assert (general.version, batch.version) == ("1.33", "1.32")
    assert general.remote_access == []
    assert (batch.capacity_type, batch.instance_types) == ("SPOT", ["m7i.large", "m6i.large"])
    assert batch.scaling_config == [{"min_size": 0, "max_size": 10, "desired_size": 2}]
    assert batch.taint == [{"key": "for", "value": "batch", "effect": "NO_SCHEDULE"}]
    assert (batch.labels, batch.subnet_ids) == ({"for": "batch"}, ["subnet-0000000000000000a"])
    assert batch.update_config == [{"max_unavailable": 2, "max_unavailable_percentage": None}]
    assert batch.node_repair_config == [{"enabled": True}]
    attached = [address for address in tf_plan if address.startswith("aws_iam_role_policy_attachment.nodes")]
    assert 'aws_iam_role_policy_attachment.nodes["AmazonSSMManagedInstanceCore"]' in attached


@pytest.mark.tf(vars={"node_groups": _GROUPS})
@pytest.mark.parametrize(
    ("group", "hops", "volumes"),
    [
        ("general", 1, {"/dev/xvda": 50}),
        ("batch", 2, {"/dev/xvda": UNKNOWN, "/dev/xvdb": 80}),
        ("windows", 1, {"/dev/sda1": 50}),
    ],
)
def test_nodes_take_tokens_only_and_have_encrypted_disks(
    tf_plan: PlannedModule, group: str, hops: int, volumes: dict[str, Any]
) -> None:
    template = tf_plan[f'aws_launch_template.nodes["{group}"]']
    (metadata,) = template.metadata_options
    assert (metadata["http_tokens"], metadata["http_put_response_hop_limit"]) == ("required", hops)
    disks = {each["device_name"]: each["ebs"][0] for each in template.block_device_mappings}
    assert {device: disk["volume_size"] for device, disk in disks.items()} == volumes
    assert {(disk["volume_type"], disk["encrypted"]) for disk in disks.values()} == {("gp3", "true")}


@pytest.mark.tf(
    vars={
        "fargate_profiles": {
            "cart": {"selectors": [{"namespace": "cart"}, {"namespace": "jobs", "labels": {"size": "small"}}]}
        }
    }
)
def test_a_fargate_profile_takes_the_pods_of_its_selectors(tf_plan: PlannedModule) -> None:
    profile = tf_plan['aws_eks_fargate_profile.this["cart"]']
    assert sorted(each["namespace"] for each in profile.selector) == ["cart", "jobs"]
    role = json.loads(tf_plan['aws_iam_role.fargate["fargate"]'].assume_role_policy)
    (condition,) = role["Statement"][0]["Condition"]["ArnLike"].values()
    assert condition == "arn:aws:eks:us-east-1:123456789012:fargateprofile/shop/*"


@pytest.mark.tf(
    vars={
        "addons": {
            "vpc-cni": {"pod_identities": {"aws-node": f"{_ROLE}/cni"}},
            "coredns": {"version": "v1.12.1-eksbuild.2", "resolve_conflicts_on_update": "PRESERVE"},
            "metrics-server": {},
            "aws-ebs-csi-driver": {"service_account_role_arn": f"{_ROLE}/ebs"},
            "kubecost_kubecost": {"unlisted": True, "before_nodes": True},
        },
        "addon_configuration": {
            "vpc-cni": json.dumps({"env": {"ENABLE_PREFIX_DELEGATION": "true"}}),
            "coredns": json.dumps({"replicaCount": 3, "note": 'a "quoted" ${name}'}),
        },
        "node_groups": {"general": {}},
    }
)
def test_addons_come_in_order_with_their_configuration(tf_plan: PlannedModule) -> None:
    network = tf_plan['aws_eks_addon.before_nodes["vpc-cni"]']
    assert json.loads(network.configuration_values) == {"env": {"ENABLE_PREFIX_DELEGATION": "true"}}
    assert network.pod_identity_association == [{"role_arn": f"{_ROLE}/cni", "service_account": "aws-node"}]
    names = tf_plan['aws_eks_addon.after_nodes["coredns"]']
    assert names.addon_version == "v1.12.1-eksbuild.2"
    assert json.loads(names.configuration_values) == {"replicaCount": 3, "note": 'a "quoted" ${name}'}
    assert names.resolve_conflicts_on_update == "PRESERVE"
    assert (
        tf_plan['aws_eks_addon.after_nodes["aws-ebs-csi-driver"]'].service_account_role_arn == f"{_ROLE}/ebs"
    )
    assert tf_plan['aws_eks_addon.after_nodes["metrics-server"]'].addon_version is UNKNOWN
    assert 'aws_eks_addon.before_nodes["kubecost_kubecost"]' in tf_plan


# --- planned: security groups, Karpenter ------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "security_group_rules": {
            "bastion": {"group": "control_plane", "from_port": 443, "cidr_ipv4": "10.0.0.0/24"},
            "metrics": {
                "group": "nodes",
                "from_port": 9090,
                "to_port": 9100,
                "security_group_id": "sg-0123456789abcdef0",
            },
            "anywhere": {"group": "nodes", "direction": "egress", "protocol": "-1", "cidr_ipv4": "0.0.0.0/0"},
        }
    }
)
def test_security_groups_hold_the_rules_that_were_named(tf_plan: PlannedModule) -> None:
    rules = "aws_vpc_security_group_ingress_rule.this"
    bastion, metrics = tf_plan[f'{rules}["bastion"]'], tf_plan[f'{rules}["metrics"]']
    assert (bastion.from_port, bastion.to_port, bastion.cidr_ipv4) == (443, 443, "10.0.0.0/24")
    assert (metrics.from_port, metrics.to_port) == (9090, 9100)
    assert metrics.referenced_security_group_id == "sg-0123456789abcdef0"
    anywhere = tf_plan['aws_vpc_security_group_egress_rule.this["anywhere"]']
    assert (anywhere.ip_protocol, anywhere.from_port) == ("-1", None)


@pytest.mark.tf(vars={"karpenter": {"enabled": True, "namespace": "karpenter"}})
def test_karpenter_finds_its_roles_its_tags_and_its_queue(tf_plan: PlannedModule) -> None:
    assert tf_plan['aws_eks_access_entry.karpenter_nodes["karpenter"]'].type == "EC2_LINUX"
    assert 'aws_iam_instance_profile.karpenter_nodes["karpenter"]' in tf_plan
    assert tf_plan["aws_security_group.nodes"].tags["karpenter.sh/discovery"] == "shop"
    assert tf_plan['aws_ec2_tag.karpenter_discovery["karpenter.sh/discovery"]'].value == "shop"
    rules = {address for address in tf_plan if address.startswith("aws_cloudwatch_event_rule.karpenter")}
    assert len(rules) == 4
    spot = json.loads(tf_plan['aws_cloudwatch_event_rule.karpenter["spot"]'].event_pattern)
    assert spot == {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]}
    queue = tf_plan['aws_sqs_queue.karpenter["karpenter"]']
    assert (queue.sqs_managed_sse_enabled, queue.message_retention_seconds) == (True, 300)
    identity = tf_plan['aws_eks_pod_identity_association.karpenter["karpenter"]']
    assert (identity.namespace, identity.service_account) == ("karpenter", "karpenter")
    assert tf_plan.outputs.karpenter["queue_name"] == "shop-karpenter"


# --- applied ----------------------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "ephemeral": True,
        "node_groups": {"general": {"desired": 2}},
        "fargate_profiles": {"cart": {"selectors": [{"namespace": "cart"}]}},
        "security_group_rules": {
            "bastion": {"group": "control_plane", "from_port": 443, "cidr_ipv4": "10.0.0.0/24"},
            "anywhere": {"group": "nodes", "direction": "egress", "protocol": "-1", "cidr_ipv4": "0.0.0.0/0"},
        },
    }
)
def test_it_stands_grows_without_replacing_and_goes_without_a_trace(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    vpc_id, standing = default_vpc(tf_emulator)
    *subnets, another = standing[:3]
    stack = tf_module.apply(vpc_id=vpc_id, subnet_ids=subnets)
    assert stack.plan().is_noop
    _is_the_cluster_that_was_described(stack)
    _grows(stack, [*subnets, another])
    _keeps_the_number_that_an_autoscaler_chose(stack)
    stack.destroy()
    assert _left(tf_emulator) == []


def _is_the_cluster_that_was_described(stack: Stack) -> None:
    eks = stack.client("eks")
    cluster = eks.describe_cluster(name="shop")["cluster"]
    assert (cluster["version"], cluster["endpoint"]) == ("1.33", stack.outputs.cluster_endpoint)
    assert cluster["encryptionConfig"][0]["provider"]["keyArn"] == stack.outputs.kms_key_arn
    assert stack.outputs.cluster_certificate_authority == cluster["certificateAuthority"]["data"]
    assert cluster["resourcesVpcConfig"]["securityGroupIds"] == [
        stack.outputs.control_plane_security_group_id
    ]
    (issuer,) = stack.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert stack.outputs.oidc_provider_arn == issuer["Arn"]
    assert stack.outputs.oidc_issuer_url == cluster["identity"]["oidc"]["issuer"]
    assert eks.list_fargate_profiles(clusterName="shop")["fargateProfileNames"] == ["cart"]
    profile = eks.describe_fargate_profile(clusterName="shop", fargateProfileName="cart")["fargateProfile"]
    assert profile["podExecutionRoleArn"] == stack.outputs.fargate_role_arn
    _is_the_node_group_that_was_described(stack)
    (logs,) = stack.client("logs").describe_log_groups()["logGroups"]
    assert (logs["logGroupName"], logs["retentionInDays"]) == (stack.outputs.log_group_name, 90)


def _is_the_node_group_that_was_described(stack: Stack) -> None:
    eks, outputs = stack.client("eks"), stack.outputs
    (name,) = eks.list_nodegroups(clusterName="shop")["nodegroups"]
    group = eks.describe_nodegroup(clusterName="shop", nodegroupName=name)["nodegroup"]
    assert name.startswith("general-")
    assert group["nodeRole"] == outputs.node_role_arn
    assert group["scalingConfig"] == {"minSize": 1, "maxSize": 3, "desiredSize": 2}
    assert [each["name"] for each in group["resources"]["autoScalingGroups"]] == [
        outputs.autoscaling_group_names["general"]
    ]
    template = {"LaunchTemplateId": group["launchTemplate"]["id"], "Versions": ["$Latest"]}
    (version,) = stack.client("ec2").describe_launch_template_versions(**template)["LaunchTemplateVersions"]
    launched = version["LaunchTemplateData"]
    assert launched["SecurityGroupIds"] == [outputs.node_security_group_id]
    assert launched["MetadataOptions"]["HttpTokens"] == "required"


def _grows(stack: Stack, subnets: list[str]) -> None:
    """One more of everything; what stands stays."""
    general = {"general": {"desired": 2}}
    more = stack.plan(
        subnet_ids=subnets,
        node_groups={**general, "batch": {"capacity_type": "SPOT"}},
        addons={"coredns": {}, "vpc-cni": {}},
        access_entries={"platform": {"principal_arn": f"{_ROLE}/platform"}},
        fargate_profiles={
            "cart": {"selectors": [{"namespace": "cart"}]},
            "jobs": {"selectors": [{"namespace": "jobs"}]},
        },
        karpenter={"enabled": True},
    )
    assert not more.replaces | more.deletes
    assert more.updates == {"aws_eks_cluster.this", "aws_security_group.nodes"}
    assert {'aws_eks_node_group.this["batch"]', 'aws_eks_addon.after_nodes["coredns"]'} <= more.creates

    other = stack.plan(node_groups={"general": {"desired": 2, "instance_types": ["m7i.large"]}})
    assert other.replaces == {'aws_eks_node_group.this["general"]'}
    assert other.change('aws_eks_node_group.this["general"]').action is Action.REPLACE_CREATE_FIRST


def _keeps_the_number_that_an_autoscaler_chose(stack: Stack) -> None:
    eks = stack.client("eks")
    (name,) = eks.list_nodegroups(clusterName="shop")["nodegroups"]
    scaling = {"minSize": 1, "maxSize": 3, "desiredSize": 3}
    eks.update_nodegroup_config(clusterName="shop", nodegroupName=name, scalingConfig=scaling)
    assert stack.plan().is_noop


def _left(emulator: Emulator) -> list[str]:
    """What costs money or blocks a later apply, by name."""
    ec2, iam = emulator.client("ec2"), emulator.client("iam")
    groups = ec2.describe_security_groups()["SecurityGroups"]
    templates = ec2.describe_launch_templates()["LaunchTemplates"]
    keys = emulator.client("kms")
    states = [
        keys.describe_key(KeyId=each["KeyId"])["KeyMetadata"]["KeyState"] for each in keys.list_keys()["Keys"]
    ]
    return [
        *emulator.client("eks").list_clusters()["clusters"],
        *(each["RoleName"] for each in iam.list_roles()["Roles"]),
        *(each["Arn"] for each in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]),
        *(each["GroupName"] for each in groups if each["GroupName"] != "default"),
        *(each["LaunchTemplateName"] for each in templates),
        *(each["logGroupName"] for each in emulator.client("logs").describe_log_groups()["logGroups"]),
        *(state for state in states if state != "PendingDeletion"),
    ]
