"""Looks into what is to be destroyed: is anything in it, is it in use by what is in no state."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from landform.aws.failures import error_code
from landform.aws.session import AwsClient

Values: TypeAlias = Mapping[str, Any]
_OCTAL = re.compile(r"\\([0-3][0-7]{2})")
_LAUNCHERS = ("aws:autoscaling:groupName", "eks:cluster-name")
_GONE = ("NoSuch", "NotFound", "404")


def is_full(client_of: Callable[[str], AwsClient], kind: str, values: Values, own: Values) -> bool | None:
    """Whether there is something in an object that goes with nothing else; None where nobody can see that.

    ``own`` maps types to the identities of what is destroyed with it.
    """
    look = _LOOKS.get(kind)
    if look is None:
        return None
    service, inside = look
    return _yes(lambda: any(True for _ in inside(client_of(service), values, own)))


def is_taken(client_of: Callable[[str], AwsClient], kind: str, name: str) -> bool | None:
    """Whether a final snapshot of that name exists; None where nobody can see that."""
    look = _SNAPSHOTS.get(kind)
    if look is None:
        return None
    service, call, argument, answer = look
    return _yes(lambda: getattr(client_of(service), call)(**{argument: name}).get(answer))


def interfaces_in_groups(ec2: AwsClient, groups: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(security group, interface, its instance or nothing) of interfaces that no service manages.

    What a service has attached goes with what it serves: load balancers, databases, clusters, functions.
    """
    pages = ec2.get_paginator("describe_network_interfaces").paginate
    for page in pages(Filters=[{"Name": "group-id", "Values": sorted(groups)}]) if groups else ():
        for each in page["NetworkInterfaces"]:
            attachment = each.get("Attachment") or {}
            is_own = bool(attachment) and not attachment.get("InstanceId")
            if (
                is_own
                or each.get("RequesterManaged")
                or each.get("InterfaceType", "interface") != "interface"
            ):
                continue
            for group in each.get("Groups", ()):
                if group["GroupId"] in groups:
                    yield group["GroupId"], each["NetworkInterfaceId"], attachment.get("InstanceId", "")


def launched_by(ec2: AwsClient, instances: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The names of the Auto Scaling group and the EKS cluster that launched instances, by instance."""
    found: dict[str, frozenset[str]] = {}
    pages = ec2.get_paginator("describe_instances").paginate
    for page in pages(Filters=[{"Name": "instance-id", "Values": sorted(instances)}]) if instances else ():
        for each in (one for reservation in page["Reservations"] for one in reservation["Instances"]):
            names = (tag["Value"] for tag in each.get("Tags", ()) if tag["Key"] in _LAUNCHERS)
            found[each["InstanceId"]] = frozenset(names)
    return found


def groups_that_name(ec2: AwsClient, groups: Collection[str]) -> Iterator[tuple[str, str]]:
    """(security group, other group) where a rule of the other one names it."""
    pages = ec2.get_paginator("describe_security_groups").paginate
    for way in ("ip-permission.group-id", "egress.ip-permission.group-id") if groups else ():
        for page in pages(Filters=[{"Name": way, "Values": sorted(groups)}]):
            for each in page["SecurityGroups"]:
                for named in _named(each):
                    if named in groups and each["GroupId"] != named:
                        yield named, each["GroupId"]


def balancers_of(elbv2: AwsClient, target_group: str) -> Iterator[str]:
    """The ARNs of load balancers that send traffic to a target group."""
    for each in elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"]:
        yield from each.get("LoadBalancerArns", ())


def _named(group: Mapping[str, Any]) -> Iterator[str]:
    for rule in (*group.get("IpPermissions", ()), *group.get("IpPermissionsEgress", ())):
        for pair in rule.get("UserIdGroupPairs", ()):
            yield pair.get("GroupId", "")


def _in_bucket(s3: AwsClient, values: Values, _: Values) -> Iterator[object]:
    bucket = values["bucket"]
    page = s3.list_object_versions(Bucket=bucket, MaxKeys=1)
    yield from (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))


def _in_repository(ecr: AwsClient, values: Values, _: Values) -> Iterator[object]:
    yield from ecr.list_images(repositoryName=values["name"], maxResults=1)["imageIds"]


def _on_role(iam: AwsClient, values: Values, own: Values) -> Iterator[object]:
    known = own.get("aws_iam_role_policy_attachment", frozenset())
    known = {arn for role, arn in known if role == values["name"]} | set(
        values.get("managed_policy_arns") or ()
    )
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=values["name"]):
        yield from (each for each in page["AttachedPolicies"] if each["PolicyArn"] not in known)


def _in_zone(route53: AwsClient, values: Values, own: Values) -> Iterator[object]:
    known = own.get("aws_route53_record", frozenset())
    zone = str(values.get("zone_id") or values.get("id"))
    for page in route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone):
        for each in page["ResourceRecordSets"]:
            name = _plain(each["Name"])
            its_own = each["Type"] in ("NS", "SOA") and name == str(values.get("name", "")).rstrip(".")
            if not its_own and (zone, name, each["Type"], each.get("SetIdentifier", "")) not in known:
                yield each


def _plain(name: str) -> str:
    r"""A record's name as people write it: AWS answers ``\052.example.com.`` for ``*.example.com``.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    """
    return _OCTAL.sub(lambda code: chr(int(code[1], 8)), name).rstrip(".")


def _in_vault(backup: AwsClient, values: Values, _: Values) -> Iterator[object]:
    page = backup.list_recovery_points_by_backup_vault(BackupVaultName=values["name"], MaxResults=1)
    yield from page["RecoveryPoints"]


_Inside: TypeAlias = Callable[[AwsClient, Values, Values], Iterator[object]]
_LOOKS: Mapping[str, tuple[str, _Inside]] = {
    "aws_s3_bucket": ("s3", _in_bucket),
    "aws_ecr_repository": ("ecr", _in_repository),
    "aws_iam_role": ("iam", _on_role),
    "aws_route53_zone": ("route53", _in_zone),
    "aws_backup_vault": ("backup", _in_vault),
}
_OF_CLUSTERS = ("rds", "describe_db_cluster_snapshots", "DBClusterSnapshotIdentifier", "DBClusterSnapshots")
_OF_CACHES = ("elasticache", "describe_snapshots", "SnapshotName", "Snapshots")
_SNAPSHOTS: Mapping[str, tuple[str, str, str, str]] = {
    "aws_db_instance": ("rds", "describe_db_snapshots", "DBSnapshotIdentifier", "DBSnapshots"),
    "aws_rds_cluster": _OF_CLUSTERS,
    "aws_docdb_cluster": _OF_CLUSTERS,
    "aws_neptune_cluster": _OF_CLUSTERS,
    "aws_redshift_cluster": ("redshift", "describe_cluster_snapshots", "SnapshotIdentifier", "Snapshots"),
    "aws_elasticache_cluster": _OF_CACHES,
    "aws_elasticache_replication_group": _OF_CACHES,
    "aws_memorydb_cluster": ("memorydb", "describe_snapshots", "SnapshotName", "Snapshots"),
}


def _yes(look: Callable[[], object]) -> bool | None:
    """Whether a look finds anything: False where the thing is gone, None where AWS does not say."""
    from botocore.exceptions import BotoCoreError, ClientError

    with suppress(BotoCoreError):
        try:
            return bool(look())
        except ClientError as error:
            if any(word in error_code(error) for word in _GONE):
                return False
    return None
