"""What Kubernetes made in AWS for a cluster, and nobody deletes once the cluster is gone.

Controllers in a cluster make load balancers for Services and Ingresses, volumes for claims, network
interfaces and nodes. No state holds them, and AWS deletes no subnet and no security group that they use. They
bear tags, see https://kubernetes-sigs.github.io/aws-load-balancer-controller and
https://github.com/aws/amazon-vpc-cni-k8s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from landform.aws.credentials import Access
from landform.aws.failures import explained
from landform.aws.listing import (
    Tags,
    as_mapping,
    ends_with_its_instance,
    list_all,
    tags_in_batches,
    tags_of,
)
from landform.aws.session import AwsClient, client

_MADE_FOR = {
    "service.k8s.aws/stack": "Service",
    "kubernetes.io/service-name": "Service",
    "ingress.k8s.aws/stack": "Ingress",
    "karpenter.sh/nodepool": "NodePool",
}
"""Tags that name the Kubernetes object, and what kind of object that is."""


class LeftoverKind(StrEnum):
    """Kinds of AWS objects, in the order in which they can be deleted."""

    LOAD_BALANCER = "load balancer"
    TARGET_GROUP = "target group"
    INSTANCE = "instance"
    NETWORK_INTERFACE = "network interface"
    SECURITY_GROUP = "security group"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True)
class KubernetesLeftover:
    """One AWS object. All text but ``kind`` is AWS's and its tags', and may hold anything.

    ``id`` is what AWS's API takes: an ARN, an id, the name of a classic load balancer. ``made_for`` is the
    Kubernetes object to delete instead, as far as tags tell: "Service shop/web", "NodePool general".
    """

    kind: LeftoverKind
    id: str
    name: str = ""
    made_for: str = ""


def kubernetes_leftovers(access: Access, cluster: str) -> tuple[KubernetesLeftover, ...]:
    """What the cluster's controllers made in the access's account and region, in the order to delete it.

    Without what goes with the cluster: EKS's own security group and network interfaces, the nodes of node
    groups. The cluster need not exist any more. Raises LandformError where AWS does not answer, or denies.
    """
    found = [
        *_of_modern_load_balancing(client(access, "elbv2"), cluster),
        *_of_classic_load_balancing(client(access, "elb"), cluster),
        *_of_ec2(client(access, "ec2"), cluster),
    ]
    order = list(LeftoverKind)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.id)))


def leftover_tags(cluster: str) -> dict[str, str]:
    """Each of these tags says that something was made for the cluster; ``shared`` says that it was not."""
    return {
        f"kubernetes.io/cluster/{cluster}": "owned",
        "elbv2.k8s.aws/cluster": cluster,
        "cluster.k8s.amazonaws.com/name": cluster,
    }


def _of_modern_load_balancing(elbv2: AwsClient, cluster: str) -> Iterator[KubernetesLeftover]:
    def tags(arns: Sequence[str]) -> dict[str, Tags]:
        described = elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"]
        return {each["ResourceArn"]: as_mapping(each["Tags"]) for each in described}

    for kind, operation, key, prefix in (
        (LeftoverKind.LOAD_BALANCER, "describe_load_balancers", "LoadBalancers", "LoadBalancer"),
        (LeftoverKind.TARGET_GROUP, "describe_target_groups", "TargetGroups", "TargetGroup"),
    ):
        with explained(f"list {kind}s"):
            names = {each[f"{prefix}Arn"]: each[f"{prefix}Name"] for each in list_all(elbv2, operation, key)}
            yield from _made_by_kubernetes(kind, cluster, names, tags_in_batches(list(names), tags))


def _of_classic_load_balancing(elb: AwsClient, cluster: str) -> Iterator[KubernetesLeftover]:
    def tags(names: Sequence[str]) -> dict[str, Tags]:
        described = elb.describe_tags(LoadBalancerNames=names)["TagDescriptions"]
        return {each["LoadBalancerName"]: as_mapping(each["Tags"]) for each in described}

    with explained("list classic load balancers"):
        listed = list_all(elb, "describe_load_balancers", "LoadBalancerDescriptions")
        names = {each["LoadBalancerName"]: each["LoadBalancerName"] for each in listed}
        yield from _made_by_kubernetes(
            LeftoverKind.LOAD_BALANCER, cluster, names, tags_in_batches(list(names), tags)
        )


def _of_ec2(ec2: AwsClient, cluster: str) -> Iterator[KubernetesLeftover]:
    for kind in _EC2_KINDS:
        with explained(f"list {kind.kind}s"):
            tagged = {each[kind.id_key]: each for each in _tagged_in_ec2(ec2, kind, cluster)}
        staying = {key: each for key, each in tagged.items() if not kind.goes_with_the_cluster(each)}
        names = {key: _name(each) for key, each in staying.items()}
        tags = {key: tags_of(each) for key, each in staying.items()}
        yield from _made_by_kubernetes(kind.kind, cluster, names, tags)


def _tagged_in_ec2(ec2: AwsClient, kind: _Ec2Kind, cluster: str) -> Iterator[Mapping[str, Any]]:
    """Those with one of the tags, and more: in a filter, ``*`` and ``?`` stand for anything."""
    for key, value in leftover_tags(cluster).items():
        filters = [{"Name": f"tag:{key}", "Values": [value]}]
        for each in list_all(ec2, kind.operation, kind.key, Filters=filters):
            yield from each.get("Instances", [each])


def _made_by_kubernetes(
    kind: LeftoverKind, cluster: str, names: Mapping[str, str], tags: Mapping[str, Tags]
) -> Iterator[KubernetesLeftover]:
    marks = leftover_tags(cluster).items()
    for each, own in tags.items():
        if any(own.get(key) == value for key, value in marks):
            yield KubernetesLeftover(kind, each, names[each], _made_for(own))


def _made_for(tags: Tags) -> str:
    claim = tags.get("kubernetes.io/created-for/pvc/name")
    if claim:
        return f"PersistentVolumeClaim {tags.get('kubernetes.io/created-for/pvc/namespace', '')}/{claim}"
    return next((f"{kind} {tags[key]}" for key, kind in _MADE_FOR.items() if key in tags), "")


def _name(described: Mapping[str, Any]) -> str:
    own = described.get("GroupName") or described.get("Description") or ""
    return tags_of(described).get("Name") or str(own)


def _is_of_a_node_group(instance: Mapping[str, Any]) -> bool:
    gone = instance["State"]["Name"] in ("shutting-down", "terminated")
    return gone or "eks:nodegroup-name" in tags_of(instance)


def _is_of_a_node(interface: Mapping[str, Any]) -> bool:
    """Attached to an instance, with which it goes; or EKS's own, by which it reaches the nodes."""
    attachment = interface.get("Attachment") or {}
    return bool(attachment.get("InstanceId")) or str(interface.get("Description", "")).startswith(
        "Amazon EKS "
    )


def _is_of_eks(group: Mapping[str, Any]) -> bool:
    return "aws:eks:cluster-name" in tags_of(group)


@dataclass(frozen=True, slots=True)
class _Ec2Kind:
    """How EC2 lists one kind, and which of them are no leftovers."""

    kind: LeftoverKind
    operation: str
    key: str
    id_key: str
    goes_with_the_cluster: Callable[[Mapping[str, Any]], bool]


_EC2_KINDS = (
    _Ec2Kind(LeftoverKind.INSTANCE, "describe_instances", "Reservations", "InstanceId", _is_of_a_node_group),
    _Ec2Kind(
        LeftoverKind.NETWORK_INTERFACE,
        "describe_network_interfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
        _is_of_a_node,
    ),
    _Ec2Kind(
        LeftoverKind.SECURITY_GROUP, "describe_security_groups", "SecurityGroups", "GroupId", _is_of_eks
    ),
    _Ec2Kind(LeftoverKind.VOLUME, "describe_volumes", "Volumes", "VolumeId", ends_with_its_instance),
)
