"""What is in an object, and what uses it, is what AWS says; where AWS says nothing, nothing is claimed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from landform.aws.credentials import Access
from landform.aws.emulator import emulated_access
from landform.aws.fullness import balancers_of, groups_that_name, interfaces_in_groups, is_full, is_taken
from landform.aws.sandbox import Sandbox
from landform.aws.session import AwsClient, client
from workflows.sweep_kit import account_number

Ask = Callable[[str], AwsClient]
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
        ],
    }
)
_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
)
_HAVE_SNAPSHOTS = [
    "aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_redshift_cluster",
    "aws_elasticache_cluster", "aws_elasticache_replication_group", "aws_memorydb_cluster",
]  # fmt: skip
_HOLD = {
    "aws_s3_bucket": {"bucket": "gone"},
    "aws_ecr_repository": {"name": "gone"},
    "aws_iam_role": {"name": "gone"},
    "aws_route53_zone": {"zone_id": "Z0GONE", "name": "gone.example"},
    "aws_backup_vault": {"name": "gone"},
}


@pytest.fixture
def ask(sandbox: Sandbox, request: pytest.FixtureRequest) -> Ask:
    """Makes clients of an account that the test has for itself."""
    access = emulated_access(sandbox.endpoint_url, account_number(request.node.nodeid), "us-east-1")
    return lambda service: client(access, service)


def _full(ask: Ask, kind: str, values: Mapping[str, Any], **own: set[Any]) -> bool | None:
    return is_full(ask, kind, values, own)


@pytest.mark.parametrize(("kind", "values"), _HOLD.items())
def test_what_is_gone_has_nothing_in_it(ask: Ask, kind: str, values: Mapping[str, str]) -> None:
    assert _full(ask, kind, values) is False


def test_a_bucket_is_full_as_long_as_anything_was_in_it(ask: Ask) -> None:
    s3 = ask("s3")
    s3.create_bucket(Bucket="fullness")
    s3.put_bucket_versioning(Bucket="fullness", VersioningConfiguration={"Status": "Enabled"})
    values = {"bucket": "fullness"}
    assert _full(ask, "aws_s3_bucket", values) is False
    version = s3.put_object(Bucket="fullness", Key="k", Body=b"1")["VersionId"]
    assert _full(ask, "aws_s3_bucket", values) is True
    marker = s3.delete_object(Bucket="fullness", Key="k")["VersionId"]
    s3.delete_object(Bucket="fullness", Key="k", VersionId=version)
    assert "Contents" not in s3.list_objects_v2(Bucket="fullness")
    assert _full(ask, "aws_s3_bucket", values) is True, "a delete marker keeps a bucket, too"
    s3.delete_object(Bucket="fullness", Key="k", VersionId=marker)
    assert _full(ask, "aws_s3_bucket", values) is False


def test_a_repository_is_full_of_images(ask: Ask) -> None:
    ecr = ask("ecr")
    ecr.create_repository(repositoryName="apps/web")
    assert _full(ask, "aws_ecr_repository", {"name": "apps/web"}) is False
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}
    ecr.put_image(repositoryName="apps/web", imageManifest=json.dumps(manifest), imageTag="1")
    assert _full(ask, "aws_ecr_repository", {"name": "apps/web"}) is True


def test_a_role_holds_what_no_attachment_of_the_plan_takes_away(ask: Ask) -> None:
    iam = ask("iam")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=_TRUST)
    own_arn, foreign_arn = (
        iam.create_policy(PolicyName=name, PolicyDocument=_POLICY)["Policy"]["Arn"]
        for name in ("own", "foreign")
    )
    role: dict[str, Any] = {"name": "web", "managed_policy_arns": None}
    own = {("web", own_arn), ("other", foreign_arn)}
    assert _full(ask, "aws_iam_role", role) is False
    iam.attach_role_policy(RoleName="web", PolicyArn=own_arn)
    assert _full(ask, "aws_iam_role", role) is True
    assert _full(ask, "aws_iam_role", role, aws_iam_role_policy_attachment=own) is False
    iam.attach_role_policy(RoleName="web", PolicyArn=foreign_arn)
    assert _full(ask, "aws_iam_role", role, aws_iam_role_policy_attachment=own) is True, (
        "the attachment in the plan is another role's"
    )
    role["managed_policy_arns"] = [foreign_arn]
    assert _full(ask, "aws_iam_role", role, aws_iam_role_policy_attachment=own) is False


def test_a_zone_holds_records_that_the_plan_does_not_take_away(ask: Ask) -> None:
    route53 = ask("route53")
    zone = route53.create_hosted_zone(Name="shop.example", CallerReference="1")["HostedZone"]["Id"]
    zone = zone.rpartition("/")[2]
    values = {"zone_id": zone, "name": "shop.example"}
    own = {(zone, "*.shop.example", "A", ""), (zone, "www.shop.example", "A", "blue")}
    assert _full(ask, "aws_route53_zone", values) is False, "each zone has an NS and an SOA of its own"

    def add(name: str, kind: str = "A", value: str = "10.0.0.1", **more: Any) -> None:
        record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}], **more}
        change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)

    add(r"\052.shop.example")  # what AWS, and not this emulator, makes of an asterisk
    add("www.shop.example", SetIdentifier="blue", Weight=1)
    assert _full(ask, "aws_route53_zone", values, aws_route53_record=own) is False
    assert _full(ask, "aws_route53_zone", values, aws_route53_record={("Z1", *r[1:]) for r in own}) is True
    add("www.shop.example", SetIdentifier="green", Weight=1)
    assert _full(ask, "aws_route53_zone", values, aws_route53_record=own) is True


def test_a_name_server_record_of_a_subdomain_is_somebodys(ask: Ask) -> None:
    route53 = ask("route53")
    zone = route53.create_hosted_zone(Name="shop.example", CallerReference="1")["HostedZone"]["Id"]
    record = {
        "Name": "sub.shop.example", "Type": "NS", "TTL": 60, "ResourceRecords": [{"Value": "ns.example."}],
    }  # fmt: skip
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)
    assert (
        _full(ask, "aws_route53_zone", {"zone_id": zone.rpartition("/")[2], "name": "shop.example"}) is True
    )


def test_the_name_of_a_snapshot_is_taken_or_free(ask: Ask) -> None:
    rds = ask("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres", MasterUsername="u",
        MasterUserPassword="hunter2hunter2", AllocatedStorage=20,
    )  # fmt: skip
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="last")
    assert is_taken(ask, "aws_db_instance", "last") is True
    assert is_taken(ask, "aws_db_instance", "first") is False
    assert is_taken(ask, "aws_rds_cluster", "last") is False, "those of clusters have names of their own"
    rds.create_db_cluster(
        DBClusterIdentifier="c", Engine="aurora-postgresql", MasterUsername="u", MasterUserPassword="hunter2h"
    )
    rds.create_db_cluster_snapshot(DBClusterIdentifier="c", DBClusterSnapshotIdentifier="all")
    assert is_taken(ask, "aws_rds_cluster", "all") is True


@pytest.mark.parametrize("kind", _HAVE_SNAPSHOTS)
def test_no_snapshot_is_there_before_there_is_one(ask: Ask, kind: str) -> None:
    assert is_taken(ask, kind, "none") is False


def test_an_interface_in_a_group_is_somebodys_if_no_service_made_it(ask: Ask) -> None:
    ec2 = ask("ec2")
    subnet, vpc = _subnet(ec2)
    used, free = (_group(ec2, vpc, name) for name in ("used", "free"))
    made = ec2.create_network_interface(SubnetId=subnet, Groups=[used])
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    assert list(interfaces_in_groups(ec2, [used, free])) == [(used, interface, "")]
    assert list(interfaces_in_groups(ec2, [free])) == []
    assert list(interfaces_in_groups(ec2, [])) == [], "no group is not all of them"


def test_a_rule_of_another_group_names_a_group(ask: Ask) -> None:
    ec2 = ask("ec2")
    _, vpc = _subnet(ec2)
    named, other, quiet = (_group(ec2, vpc, name) for name in ("named", "other", "quiet"))
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": named}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    ec2.authorize_security_group_ingress(GroupId=named, IpPermissions=[rule])
    assert list(groups_that_name(ec2, [named, quiet])) == [(named, other)]
    ec2.authorize_security_group_egress(GroupId=quiet, IpPermissions=[rule])
    assert set(groups_that_name(ec2, [named])) == {(named, other), (named, quiet)}
    assert list(groups_that_name(ec2, [])) == []


def test_the_balancers_of_a_target_group(ask: Ask) -> None:
    ec2, elbv2 = ask("ec2"), ask("elbv2")
    subnet, vpc = _subnet(ec2)
    group = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
    assert list(balancers_of(elbv2, group["TargetGroupArn"])) == []
    balancer = elbv2.create_load_balancer(Name="web", Subnets=[subnet], Type="network")["LoadBalancers"][0]
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="TCP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )  # fmt: skip
    assert list(balancers_of(elbv2, group["TargetGroupArn"])) == [balancer["LoadBalancerArn"]]


def test_what_aws_denies_or_does_not_answer_is_not_known(one_account: tuple[str, list[str]]) -> None:
    denied = emulated_access(one_account[0], "123456789012", "us-east-1")
    assert is_full(lambda service: client(denied, service), "aws_s3_bucket", {"bucket": "b"}, {}) is None
    keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
    nobody = Access(keys, "us-east-1", "http://127.0.0.1:9")
    assert is_full(lambda service: client(nobody, service), "aws_ecr_repository", {"name": "b"}, {}) is None
    assert is_taken(lambda service: client(nobody, service), "aws_db_instance", "last") is None
    with pytest.raises((BotoCoreError, ClientError)):
        list(interfaces_in_groups(client(nobody, "ec2"), ["sg-1"]))


def test_nobody_knows_what_is_in_another_type_of_object(ask: Ask) -> None:
    assert _full(ask, "aws_vpc", {}) is None
    assert is_taken(ask, "aws_vpc", "last") is None


def _subnet(ec2: AwsClient) -> tuple[str, str]:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    return str(subnet), str(vpc)


def _group(ec2: AwsClient, vpc: str, name: str) -> str:
    return str(ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"])
