"""What Kubernetes left in AWS is found by its tags, all of it, and nothing that is not its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from landform.aws import sandbox as sandboxes
from landform.aws.credentials import Access
from landform.aws.emulator import emulated_access
from landform.aws.kubernetes_leftovers import (
    KubernetesLeftover,
    LeftoverKind,
    kubernetes_leftovers,
)
from landform.aws.listing import ends_with_its_instance
from landform.aws.session import client
from landform.errors import LandformError

_OWNED = {"kubernetes.io/cluster/shop": "owned"}
_BALANCED = {"elbv2.k8s.aws/cluster": "shop"}
_HOSTILE = "\u202e<script>$(reboot)</script> ${name} %{ if }\n"


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    """An AWS in which Kubernetes has been at work; its counts are those of the tests."""
    project = tmp_path_factory.mktemp("project")
    sandbox = sandboxes.start(project)
    found = emulated_access(sandbox.endpoint_url, None, "us-east-1")
    _Planting(found).plant()
    yield found
    sandboxes.stop(project)


class _Planting:
    """What controllers and others make, in the VPC that every account begins with."""

    def __init__(self, access: Access) -> None:
        self.ec2 = client(access, "ec2")
        self.elbv2 = client(access, "elbv2")
        self.elb = client(access, "elb")
        subnets = sorted(self.ec2.describe_subnets()["Subnets"], key=lambda each: each["AvailabilityZone"])
        self.vpc, self.subnets = subnets[0]["VpcId"], [each["SubnetId"] for each in subnets[:2]]

    def plant(self) -> None:
        self._balancers()
        self._groups()
        self._interfaces()
        self._volumes()
        self._instances()

    def _balancers(self) -> None:
        """More than one question for tags may hold, of which the cluster's are not the first."""
        for number in range(22):
            self._balancer(f"other-{number:02}", {"elbv2.k8s.aws/cluster": "other"})
        self._balancer("k8s-web", _BALANCED | {"ingress.k8s.aws/stack": "shop/web"})
        self._balancer("untagged", {})
        self.target("k8s-web-8080", _BALANCED | {"service.k8s.aws/stack": _HOSTILE})
        self.target("other", {"elbv2.k8s.aws/cluster": "other"})
        for name, tags in (
            ("a0123456789", _OWNED | {"kubernetes.io/service-name": "shop/api"}),
            ("classic", {"team": "shop"}),
        ):
            self.classic(name, tags)

    def classic(self, name: str, tags: Mapping[str, str]) -> None:
        listener = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}
        self.elb.create_load_balancer(
            LoadBalancerName=name, Listeners=[listener], Subnets=self.subnets, Tags=_tags(tags)
        )

    def _balancer(self, name: str, tags: Mapping[str, str]) -> None:
        self.elbv2.create_load_balancer(Name=name, Subnets=self.subnets, Type="network", Tags=_tags(tags))

    def target(self, name: str, tags: Mapping[str, str]) -> None:
        self.elbv2.create_target_group(Name=name, VpcId=self.vpc, Protocol="TCP", Port=80, Tags=_tags(tags))

    def _groups(self) -> None:
        for name, tags in (
            ("k8s-traffic-shop", _BALANCED),
            ("k8s-elb-a0123456789", _OWNED),
            ("nodes", {"kubernetes.io/cluster/shop": "shared"}),
            ("wild", {"kubernetes.io/cluster/*": "owned"}),
            ("shop-2", {"kubernetes.io/cluster/shop-2": "owned"}),
            ("eks-cluster-sg-shop", _OWNED | {"aws:eks:cluster-name": "shop"}),
        ):
            group = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)
            self.ec2.create_tags(Resources=[group["GroupId"]], Tags=_tags(tags))

    def _interfaces(self) -> None:
        for description, tags in (
            ("aws-K8S-i-0123", {"cluster.k8s.amazonaws.com/name": "shop"}),
            ("Amazon EKS shop", _OWNED),
            ("by hand", {"team": "shop"}),
        ):
            made = self.ec2.create_network_interface(SubnetId=self.subnets[0], Description=description)
            interface = made["NetworkInterface"]["NetworkInterfaceId"]
            self.ec2.create_tags(Resources=[interface], Tags=_tags(tags))

    def _volumes(self) -> None:
        claim = {
            "kubernetes.io/created-for/pvc/namespace": "shop",
            "kubernetes.io/created-for/pvc/name": "data-0",
        }
        for tags in (_OWNED | claim | {"Name": _HOSTILE}, {"Name": "by hand"}):
            volume = self.ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
            self.ec2.create_tags(Resources=[volume["VolumeId"]], Tags=_tags(tags))

    def _instances(self) -> None:
        """A node of Karpenter and one of a node group, each with an interface that goes with it."""
        for tags in (
            _OWNED | {"karpenter.sh/nodepool": "general"},
            _OWNED | {"eks:nodegroup-name": "general"},
        ):
            made = self.ec2.run_instances(
                ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=self.subnets[0]
            )
            (instance,) = made["Instances"]
            own = [instance["InstanceId"]]
            own += [each["NetworkInterfaceId"] for each in instance["NetworkInterfaces"]]
            assert len(own) == 2
            self.ec2.create_tags(Resources=own, Tags=_tags(tags))


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()] or [{"Key": "none", "Value": ""}]


def _of(found: tuple[KubernetesLeftover, ...], kind: LeftoverKind) -> list[tuple[str, str]]:
    return sorted((each.name, each.made_for) for each in found if each.kind is kind)


def test_what_controllers_made_is_listed_with_what_it_was_made_for(access: Access) -> None:
    found = kubernetes_leftovers(access, "shop")
    assert _of(found, LeftoverKind.LOAD_BALANCER) == [
        ("a0123456789", "Service shop/api"),
        ("k8s-web", "Ingress shop/web"),
    ]
    assert _of(found, LeftoverKind.INSTANCE) == [("", "NodePool general")]
    assert _of(found, LeftoverKind.NETWORK_INTERFACE) == [("aws-K8S-i-0123", "")]
    assert _of(found, LeftoverKind.SECURITY_GROUP) == [("k8s-elb-a0123456789", ""), ("k8s-traffic-shop", "")]


def test_hostile_tags_stay_data(access: Access) -> None:
    found = kubernetes_leftovers(access, "shop")
    assert _of(found, LeftoverKind.TARGET_GROUP) == [("k8s-web-8080", f"Service {_HOSTILE}")]
    assert _of(found, LeftoverKind.VOLUME) == [(_HOSTILE, "PersistentVolumeClaim shop/data-0")]


def test_they_come_in_the_order_in_which_they_can_be_deleted(access: Access) -> None:
    kinds = [each.kind for each in kubernetes_leftovers(access, "shop")]
    assert list(dict.fromkeys(kinds)) == list(LeftoverKind)
    assert kinds == sorted(kinds, key=list(LeftoverKind).index)


@pytest.mark.parametrize("cluster", ["*", "sho?", "shop*", ""])
def test_a_name_is_no_pattern(access: Access, cluster: str) -> None:
    names = {each.name for each in kubernetes_leftovers(access, cluster)}
    assert names == ({"wild"} if cluster == "*" else set())


def test_a_cluster_that_made_nothing_left_nothing(access: Access) -> None:
    assert kubernetes_leftovers(access, "never-there") == ()


def test_every_page_is_read(access: Access) -> None:
    assert len(_of(kubernetes_leftovers(access, "other"), LeftoverKind.LOAD_BALANCER)) == 22
    planting = _Planting(access)
    for number in range(60):  # the emulator has 50 on a page
        planting.classic(f"many-{number}", {"kubernetes.io/cluster/many": "owned"})
    assert len(kubernetes_leftovers(access, "many")) == 60


@pytest.mark.parametrize(
    ("attachments", "goes"),
    [
        ([], False),
        ([{"InstanceId": "i-1", "DeleteOnTermination": True}], True),
        ([{"InstanceId": "i-1", "DeleteOnTermination": False}], False),
    ],
    ids=["claim of no pod", "disk of a node", "claim of a pod"],
)
def test_a_disk_that_ends_with_its_node_is_no_leftover(attachments: list[Any], goes: bool) -> None:
    """As EC2 describes volumes; the emulator leaves the attribute out."""
    assert ends_with_its_instance({"VolumeId": "vol-1", "Attachments": attachments}) is goes


def test_no_answer_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(LandformError, match="could not list load balancers: no answer") as failure:
        kubernetes_leftovers(emulated_access(url, None, "us-east-1"), "shop")
    assert failure.value.way_out


def test_what_is_deleted_meanwhile_hides_nothing_else(access: Access) -> None:
    planting = _Planting(access)
    for name in ("gone", "stays"):
        planting.classic(name, {"kubernetes.io/cluster/racing": "owned"})

    def delete() -> None:
        planting.elb.delete_load_balancer(LoadBalancerName="gone")

    with _meddled(access, (b"Action=DescribeTags", b"=gone"), delete) as meddled:
        found = kubernetes_leftovers(meddled, "racing")
    assert [each.name for each in found] == ["stays"]


@contextmanager
def _meddled(access: Access, words: Sequence[bytes], meddle: Callable[[], None]) -> Iterator[Access]:
    """The same AWS behind a server that meddles before it hands on the first request with these words."""
    undone = [meddle]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if undone and all(word in body for word in words):
                undone.pop()()
            asked = Request(f"{access.endpoint_url}{self.path}", body, dict(self.headers))
            try:
                answer = urlopen(asked)
            except HTTPError as error:
                answer = error
            text = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield emulated_access(f"http://127.0.0.1:{server.server_port}", None, "us-east-1")
        server.shutdown()
    assert undone == []
