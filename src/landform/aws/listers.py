"""What the tagging API misses or is late with, from the lists of the services themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landform.aws.arns import arn_of
from landform.aws.describer import Fate, Seen
from landform.aws.failures import explained
from landform.aws.listing import Tags, as_mapping, ends_with_its_instance, list_all, tags_in_batches, tags_of
from landform.aws.seeing import ClientOf
from landform.aws.session import AwsClient
from landform.errors import LandformError

_LOG_FOLDERS = (
    "", "/", "/aws/lambda/", "/aws/eks/", "/aws/ecs/", "/aws/ecs/containerinsights/",
    "/aws/containerinsights/", "/aws/rds/instance/", "/aws/rds/cluster/",
    "/aws/rds/proxy/", "/aws/vpc/", "/aws/elasticache/",
    "/aws/codebuild/", "/aws/apigateway/", "/aws/vendedlogs/", "/ecs/",
)  # fmt: skip
"""Where services put the log groups that they make by themselves."""
_ENDS_OF_NAMES = "-_/."


THERE = Seen(Fate.THERE)
"""How a thing stands that its service lists."""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what an environment's resources are told: all of ``tags``, or a name that begins with ``name``.

    ``others`` are names of other environments that begin in the same way, and are not this one.
    """

    tags: Tags
    name: str
    others: tuple[str, ...] = ()

    def has(self, tags: Tags) -> bool:
        """Whether these are the environment's tags."""
        return all(tags.get(name) == value for name, value in self.tags.items())

    def names(self, name: str, tags: Tags | None = None) -> bool:
        """Whether a name is one of the environment's, and no tag says that it is another's."""
        of_another = any(own != (tags or {}).get(key, own) for key, own in self.tags.items())
        return (
            not of_another
            and _begins(name, self.name)
            and not any(_begins(name, each) for each in self.others)
        )


def _begins(name: str, start: str) -> bool:
    return name == start or (name.startswith(start) and name[len(start)] in _ENDS_OF_NAMES)


@dataclass(frozen=True, slots=True)
class Listed:
    """One resource as its own service lists it. ``by_name``: only its name says whose it is."""

    arn: str
    type: str
    id: str
    region: str
    name: str = ""
    tags: Tags = field(default_factory=dict)
    by_name: bool = False
    seen: Seen = THERE


@dataclass(frozen=True, slots=True)
class Where:
    """An account's region, and how its services are asked."""

    client_of: ClientOf
    region: str
    account: str
    marks: Marks

    def client(self, service: str) -> AwsClient:
        """A client of a service in this region."""
        return self.client_of(service, self.region)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this region."""
        start = self.region.partition("-")[0]
        partition = {"cn": "aws-cn"}.get(start, "aws-us-gov" if self.region.startswith("us-gov-") else "aws")
        return arn_of(service, self.region, self.account, resource, partition)


def listed(where: Where) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    """Everything of the environment in a region, and what could not be listed there, with the reason."""
    found: dict[str, Listed] = {}
    failed: list[str] = []
    for what, lister in LISTERS.items():
        try:
            with explained(f"list {what} in {where.region}"):
                for each in lister(where):
                    found.setdefault(each.arn, each)
        except LandformError as error:
            failed.append(error.what)
    return tuple(found.values()), tuple(failed)


def _of_ec2(where: Where, kind: _Ec2) -> Iterator[Listed]:
    """By tags. In a filter ``*`` stands for anything, so that the tags are looked at once more."""
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in where.marks.tags.items()]
    more = {"OwnerIds": ["self"]} if kind.operation == "describe_snapshots" else {}
    for each in _pages(where.client("ec2"), kind, Filters=filters, **more):
        if where.marks.has(tags_of(each)) and not kind.goes_with_another(each):
            yield _listed_in_ec2(where, kind, each)


def _pages(ec2: AwsClient, kind: _Ec2, **arguments: Any) -> Iterator[Any]:
    if ec2.can_paginate(kind.operation):
        yield from list_all(ec2, kind.operation, kind.key, **arguments)
    else:
        yield from getattr(ec2, kind.operation)(**arguments)[kind.key]


def _listed_in_ec2(where: Where, kind: _Ec2, each: Mapping[str, Any], by_name: bool = False) -> Listed:
    tags, id_ = tags_of(each), str(each[kind.id_key])
    name = tags.get("Name") or str(each.get("GroupName") or each.get("Description") or "")
    arn = where.arn("ec2", f"{kind.arn}/{id_}")
    return Listed(arn, kind.type, id_, where.region, name, tags, by_name, Seen(Fate.THERE, facts=each))


def goes_with_its_instance(kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether an object ends together with the instance, or with the service, that it was made for."""
    if kind == "aws_ebs_volume":
        return ends_with_its_instance(facts)
    if kind == "aws_network_interface":
        held = facts.get("Attachment") or {}
        return (
            bool(held.get("InstanceId") and held.get("DeleteOnTermination"))
            or facts.get("RequesterManaged") is True
        )
    return False


@dataclass(frozen=True, slots=True)
class _Ec2:
    type: str
    operation: str
    key: str
    id_key: str
    arn: str

    def goes_with_another(self, facts: Mapping[str, Any]) -> bool:
        return goes_with_its_instance(self.type, facts)


_INTERFACE = _Ec2(
    "aws_network_interface", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId",
    "network-interface",
)  # fmt: skip
_EC2 = {
    "network interfaces": _INTERFACE,
    "volumes": _Ec2("aws_ebs_volume", "describe_volumes", "Volumes", "VolumeId", "volume"),
    "snapshots": _Ec2("aws_ebs_snapshot", "describe_snapshots", "Snapshots", "SnapshotId", "snapshot"),
    "addresses": _Ec2("aws_eip", "describe_addresses", "Addresses", "AllocationId", "elastic-ip"),
    "security groups": _Ec2(
        "aws_security_group", "describe_security_groups", "SecurityGroups", "GroupId", "security-group"
    ),
}


def _free_interfaces(where: Where) -> Iterator[Listed]:
    """Those that a function or a node left: they have no tags, and a description with its name."""
    description = {"Name": "description", "Values": [f"*{where.marks.name}*"]}
    free = {"Name": "status", "Values": ["available"]}
    for each in _pages(where.client("ec2"), _INTERFACE, Filters=[description, free]):
        words = str(each.get("Description", "")).replace("ENI-", "ENI ").split()
        if any(where.marks.names(word, tags_of(each)) for word in words):
            yield _listed_in_ec2(where, _INTERFACE, each, by_name=True)


def _log_groups(where: Where) -> Iterator[Listed]:
    """By name: what a service writes late makes its log group anew, without any tag."""
    logs = where.client("logs")
    for folder in _LOG_FOLDERS:
        for each in list_all(
            logs, "describe_log_groups", "logGroups", logGroupNamePrefix=folder + where.marks.name
        ):
            name = str(each["logGroupName"])
            arn = str(each["arn"]).removesuffix(":*")
            if where.marks.names(name[len(folder) :]):
                tags = logs.list_tags_for_resource(resourceArn=arn).get("tags") or {}
                if where.marks.names(name[len(folder) :], tags):
                    own = where.marks.has(tags)
                    yield Listed(
                        arn, "aws_cloudwatch_log_group", name, where.region, name, tags, not own,
                        Seen(Fate.THERE, facts=each),
                    )  # fmt: skip


def _balancing(where: Where, operation: str, key: str, prefix: str, kind: str) -> Iterator[Listed]:
    elbv2 = where.client("elbv2")

    def tags(arns: Any) -> dict[str, Tags]:
        described = elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"]
        return {each["ResourceArn"]: as_mapping(each["Tags"]) for each in described}

    every = {str(each[f"{prefix}Arn"]): each for each in list_all(elbv2, operation, key)}
    for arn, own in tags_in_batches(list(every), tags).items():
        if where.marks.has(own):
            facts = Seen(Fate.THERE, facts=every[arn])
            yield Listed(arn, kind, arn, where.region, str(every[arn][f"{prefix}Name"]), own, seen=facts)


def _target_groups(where: Where) -> Iterator[Listed]:
    return _balancing(where, "describe_target_groups", "TargetGroups", "TargetGroup", "aws_lb_target_group")


def _load_balancers(where: Where) -> Iterator[Listed]:
    return _balancing(where, "describe_load_balancers", "LoadBalancers", "LoadBalancer", "aws_lb")


def _task_definitions(where: Where) -> Iterator[Listed]:
    """Active ones by their family: to read the tags of all that an account ever had takes hours."""
    ecs, start = where.client("ecs"), where.marks.name
    for arn in list_all(ecs, "list_task_definitions", "taskDefinitionArns", status="ACTIVE"):
        family = str(arn).rpartition("/")[2].partition(":")[0]
        if where.marks.names(family) and family.startswith(start):
            yield Listed(str(arn), "aws_ecs_task_definition", str(arn), where.region, family, by_name=True)


def _pending_keys(where: Where) -> Iterator[Listed]:
    kms = where.client("kms")
    for each in list_all(kms, "list_keys", "Keys"):
        facts = kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]
        if str(facts.get("KeyState")).startswith("Pending") and facts.get("KeyManager") == "CUSTOMER":
            tags = {
                tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=each["KeyId"])["Tags"]
            }
            if where.marks.has(tags):
                seen = Seen(Fate.PENDING, _until(facts.get("DeletionDate")), facts)
                yield Listed(
                    str(each["KeyArn"]), "aws_kms_key", str(each["KeyId"]), where.region,
                    str(facts.get("Description", "")), tags, seen=seen,
                )  # fmt: skip


def _pending_secrets(where: Where) -> Iterator[Listed]:
    secrets = where.client("secretsmanager")
    for each in list_all(secrets, "list_secrets", "SecretList", IncludePlannedDeletion=True):
        tags = tags_of(each)
        if each.get("DeletedDate") is not None and where.marks.has(tags):
            seen = Seen(Fate.PENDING, _until(each["DeletedDate"]), each)
            arn, name = str(each["ARN"]), str(each["Name"])
            yield Listed(arn, "aws_secretsmanager_secret", arn, where.region, name, tags, seen=seen)


def _until(moment: Any) -> str:
    return f"until {moment:%Y-%m-%d}" if moment is not None else ""


def _database_snapshots(where: Where) -> Iterator[Listed]:
    """Final snapshots bear the database's tags only where it says so; their names tell as well."""
    rds = where.client("rds")
    for operation, key, prefix, kind in (
        ("describe_db_snapshots", "DBSnapshots", "DBSnapshot", "aws_db_snapshot"),
        (
            "describe_db_cluster_snapshots",
            "DBClusterSnapshots",
            "DBClusterSnapshot",
            "aws_db_cluster_snapshot",
        ),
    ):
        for each in list_all(rds, operation, key, SnapshotType="manual"):
            tags, name = as_mapping(each.get("TagList") or ()), str(each[f"{prefix}Identifier"])
            own = where.marks.has(tags)
            if own or where.marks.names(name, tags):
                arn = str(each[f"{prefix}Arn"])
                seen = Seen(Fate.THERE, facts=each)
                yield Listed(arn, kind, name, where.region, name, tags, not own, seen)


def _by_tags(kind: _Ec2) -> Callable[[Where], Iterator[Listed]]:
    return lambda where: _of_ec2(where, kind)


LISTERS: Mapping[str, Callable[[Where], Iterator[Listed]]] = {
    **{what: _by_tags(kind) for what, kind in _EC2.items()},
    "free network interfaces": _free_interfaces,
    "log groups": _log_groups,
    "target groups": _target_groups,
    "load balancers": _load_balancers,
    "task definitions": _task_definitions,
    "keys that are being deleted": _pending_keys,
    "secrets that are being deleted": _pending_secrets,
    "snapshots of databases": _database_snapshots,
}
"""What is listed in every region, by a name for people."""
