"""A sweep finds what stands with an environment's tags or name, and says of each object how it stands."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.listers import goes_with_its_instance
from landform.errors import LandformError
from landform.review.cost.model import Money
from landform.review.sweep import Class, Found, Sweep
from landform.workflows.sweeping import SweepRequest, inventory_before, sweep
from workflows.sweep_kit import REGION, TAGS, Account, pairs, spec, wrapped


def _sweep(account: Account, **wanted: Any) -> Sweep:
    return sweep(account.place(), SweepRequest(**{"pause": lambda _: None} | wanted))


def _by_id(swept: Sweep) -> Mapping[str, Found]:
    return {each.id: each for each in swept.found}


def test_what_somebody_left_is_found_and_named_with_its_cost(account: Account) -> None:
    ec2, vpc = account.client("ec2"), account.vpc()
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    account.state([("aws_vpc", {"id": vpc})])
    interface = ec2.create_network_interface(SubnetId=subnet, TagSpecifications=spec("network-interface"))
    volume = ec2.create_volume(
        AvailabilityZone=f"{REGION}a", Size=100, VolumeType="gp3", TagSpecifications=spec("volume")
    )
    account.client("logs").create_log_group(logGroupName="/aws/lambda/shop-dev-web")
    group = account.client("elbv2").create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=vpc, Tags=pairs()
    )
    swept = _sweep(account)
    found = _by_id(swept)
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    left = {interface["NetworkInterface"]["NetworkInterfaceId"], volume["VolumeId"], arn}
    assert set(found) == left | {"/aws/lambda/shop-dev-web"}
    assert {each.standing for each in found.values()} == {Class.LEFTOVER}
    assert found[volume["VolumeId"]].monthly == Money(8.0, 8.0)
    assert swept.monthly.high == pytest.approx(8.0)
    assert found["/aws/lambda/shop-dev-web"].how == "name"
    assert found[volume["VolumeId"]].how == "tags"
    assert swept.leftovers[0].id == volume["VolumeId"]
    assert swept.not_listed == ()
    assert not swept.is_clean


def test_what_the_states_had_is_gone_pending_kept_or_still_there(account: Account) -> None:
    ec2, kms, secrets = account.client("ec2"), account.client("kms"), account.client("secretsmanager")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=10, VolumeType="gp3")["VolumeId"]
    kept = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=10, VolumeType="gp3")["VolumeId"]
    key = kms.create_key()["KeyMetadata"]
    secret = secrets.create_secret(Name="shop/dev", SecretString="x")
    disk = {"type": "gp3", "size": 10, "id": "", "iops": 3000, "throughput": 125}
    account.state(
        [
            ("aws_ebs_volume", disk | {"id": volume}),
            ("aws_ebs_volume", disk | {"id": kept}),
            ("aws_kms_key", {"id": key["KeyId"], "arn": key["Arn"]}),
            ("aws_secretsmanager_secret", {"id": secret["ARN"], "arn": secret["ARN"]}),
            ("aws_vpc", {"id": "vpc-00000000000000000"}),
            ("aws_route_table_association", {"id": "rtbassoc-1"}),
            ("random_id", {"id": "abc"}),
            ("aws_db_snapshot", {"id": "final-1"}),
        ]
    )
    former = inventory_before(account.place(), ["net"])
    kms.schedule_key_deletion(KeyId=key["KeyId"])
    secrets.delete_secret(SecretId=secret["ARN"])
    account.state([])
    account.environment(f'sweep: {{keep: [{{pattern: "{kept}", reason: "for the auditors"}}]}}\n')
    swept = _sweep(account, former=former, stacks=("net",))
    standing = {each.type + each.id: each.standing for each in swept.found}
    assert standing == {
        f"aws_ebs_volume{volume}": Class.LEFTOVER,
        f"aws_ebs_volume{kept}": Class.RETAINED,
        f"aws_kms_key{key['KeyId']}": Class.PENDING,
        f"aws_secretsmanager_secret{secret['ARN']}": Class.PENDING,
        "aws_vpcvpc-00000000000000000": Class.GONE,
        "aws_route_table_associationrtbassoc-1": Class.NOT_LOOKED_AT,
        "random_idabc": Class.GONE,
        "aws_db_snapshotfinal-1": Class.GONE,
    }
    found = _by_id(swept)
    assert found[kept].why == "for the auditors"
    assert found[key["KeyId"]].why.startswith("until 20")
    assert found[volume].address == "module.net.aws_ebs_volume.o0"
    assert swept.monthly == Money(0.8, 0.8)
    assert [(each.stack, each.managed) for each in swept.states] == [("net", 0)]
    assert not swept.is_complete


def test_a_state_that_still_has_objects_is_not_clean(account: Account) -> None:
    account.state([("aws_vpc", {"id": "vpc-00000000000000000"})])
    former = inventory_before(account.place(), ["net"])
    swept = _sweep(account, former=former, stacks=("net",))
    assert swept.leftovers == ()
    assert [each.managed for each in swept.states] == [1]
    assert not swept.is_clean


def test_final_snapshots_of_this_run_are_kept_on_purpose_and_others_are_not(account: Account) -> None:
    rds = account.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="db", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
        MasterUsername="u", MasterUserPassword="password1",
    )  # fmt: skip
    for name in ("shop-dev-final-1", "shop-dev-final-0", "of-others"):
        rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier=name)
    swept = _sweep(account, retained={"shop-dev-final-1": "the final snapshot of this run"})
    assert {each.id: each.standing for each in swept.found} == {
        "shop-dev-final-1": Class.RETAINED,
        "shop-dev-final-0": Class.LEFTOVER,
    }


def test_the_daily_snapshots_of_a_database_that_stays_stay_with_it(account: Account) -> None:
    made = account.client("rds").create_db_instance(
        DBInstanceIdentifier="db", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
        MasterUsername="u", MasterUserPassword="password1", BackupRetentionPeriod=7, CopyTagsToSnapshot=True,
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )["DBInstance"]  # fmt: skip
    account.state([("aws_db_instance", {"id": "db", "arn": made["DBInstanceArn"]})])
    assert _sweep(account).leftovers == ()
    account.state([])
    assert {each.type for each in _sweep(account).leftovers} == {"aws_db_instance", "aws_db_snapshot"}


def test_all_regions_of_the_environment_and_of_its_states_are_looked_at(account: Account) -> None:
    arn = "arn:aws:logs:eu-west-3:123456789012:log-group:x"
    account.state([("aws_cloudwatch_log_group", {"id": "x", "arn": arn})])
    former = inventory_before(account.place(), ["net"])
    account.client("logs", "eu-west-3").create_log_group(logGroupName="y", tags=TAGS)
    account.client("logs", "eu-west-2").create_log_group(logGroupName="z", tags=TAGS)
    account.state([])
    swept = _sweep(account, former=former)
    assert {each.id: each.region for each in swept.leftovers} == {"y": "eu-west-3"}
    assert swept.regions == (REGION, "eu-west-3")


def test_more_than_a_page_is_found_and_what_states_know_is_not(account: Account) -> None:
    logs = account.client("logs")
    for number in range(130):
        logs.create_log_group(logGroupName=f"shop-dev-{number:03}", tags=TAGS if number % 2 else {})
    prefix = f"arn:aws:logs:{REGION}:{account_number_of(account)}:log-group:shop-dev"
    account.state([("aws_cloudwatch_log_group", {"id": "shop-dev-000", "arn": f"{prefix}-000"})])
    swept = _sweep(account)
    assert {each.id for each in swept.leftovers} == {f"shop-dev-{number:03}" for number in range(1, 130)}
    assert {each.how for each in swept.leftovers} == {"tags", "name"}


def account_number_of(account: Account) -> str:
    return str(account.client("sts").get_caller_identity()["Account"])


def test_names_of_other_environments_and_tags_of_others_are_not_ours(account: Account) -> None:
    account.shop.write({"environments/dev-eu/environment.yaml": "region: us-east-1\n"})
    account.shop.write({"environments/dev-eu/terraform.tfvars": 'x = "1"\n'})
    logs, ec2 = account.client("logs"), account.client("ec2")
    for name, tags in {
        "shop-dev-eu-web": {},
        "shop-develop": {},
        "/ecs/shop-dev-web": TAGS | {"Environment": "other"},
        "/ecs/shop-dev-api": {"Owner": "ann"},
        "shop-dev": {},
    }.items():
        logs.create_log_group(logGroupName=name, tags=tags)
    for tags in (TAGS | {"Environment": "prod"}, {"Environment": "dev"}, {}):
        ec2.create_volume(
            AvailabilityZone=f"{REGION}a", Size=1, TagSpecifications=spec("volume", tags or {"a": "b"})
        )
    assert {each.id for each in _sweep(account).found} == {"/ecs/shop-dev-api", "shop-dev"}


def test_a_terminated_instance_is_listed_for_an_hour_and_no_leftover(account: Account) -> None:
    ec2 = account.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    made = ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", TagSpecifications=spec("instance")
    )
    instance = made["Instances"][0]["InstanceId"]
    first = _sweep(account)
    assert [each.id for each in first.leftovers] == [instance]
    assert first.leftovers[0].monthly is not None
    ec2.terminate_instances(InstanceIds=[instance])
    assert _sweep(account).found == ()


@pytest.mark.parametrize(
    ("kind", "facts", "goes"),
    [
        ("aws_ebs_volume", {"Attachments": [{"DeleteOnTermination": True}]}, True),
        ("aws_ebs_volume", {"Attachments": [{"DeleteOnTermination": False}]}, False),
        ("aws_ebs_volume", {"Attachments": []}, False),
        ("aws_network_interface", {"Attachment": {"InstanceId": "i-1", "DeleteOnTermination": True}}, True),
        ("aws_network_interface", {"Attachment": {"InstanceId": "i-1", "DeleteOnTermination": False}}, False),
        ("aws_network_interface", {"RequesterManaged": True}, True),
        ("aws_network_interface", {}, False),
        ("aws_lb", {"RequesterManaged": True}, False),
    ],
)
def test_what_goes_with_its_instance_is_not_listed_beside_it(
    kind: str, facts: Mapping[str, Any], goes: bool
) -> None:
    """As AWS describes it: the emulator leaves ``DeleteOnTermination`` out of a volume."""
    assert goes_with_its_instance(kind, facts) is goes


class _Lagging:
    """The tagging API as it is now and then: what it lists is late by a look, or goes on being listed."""

    def __init__(self, client: Any, pages: Sequence[Any]) -> None:
        self._client, self._pages = client, pages

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, **arguments: Any) -> Any:
        return [{"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": pairs()} for arn in self._pages]}]


def test_it_looks_again_until_two_looks_see_the_same(account: Account) -> None:
    number = account_number_of(account)
    late = f"arn:aws:new:{REGION}:{number}:thing/late"
    early = f"arn:aws:new:{REGION}:{number}:thing/early"
    gone = f"arn:aws:logs:{REGION}:{number}:log-group:gone"
    paused: list[int] = []

    def wrap(service: str, client: Any) -> Any:
        if service != "resourcegroupstaggingapi":
            return client
        return _Lagging(client, [gone, early, late] if paused else [gone, early])

    swept = sweep(wrapped(account.place(), wrap), SweepRequest(pause=paused.append))
    assert {each.arn for each in swept.leftovers} == {early, late}
    assert (swept.looks, paused) == (3, [1, 2])
    assert swept.leftovers[0].unpriced == "no price"


def test_looks_are_bounded(account: Account) -> None:
    paused: list[int] = []

    def wrap(service: str, client: Any) -> Any:
        if service != "resourcegroupstaggingapi":
            return client
        return _Lagging(client, [f"arn:aws:new:{REGION}:1:thing/{len(paused)}"])

    swept = sweep(wrapped(account.place(), wrap), SweepRequest(pause=paused.append, looks=4))
    assert (swept.looks, paused) == (4, [1, 2, 3])
    assert [each.arn.rpartition("/")[2] for each in swept.leftovers] == ["3"]


def test_a_list_that_is_denied_is_named_and_ends_nothing(account: Account) -> None:
    def wrap(service: str, client: Any) -> Any:
        if service == "kms":
            client.list_keys = None
            client.get_paginator = _deny
        return client

    account.client("ssm").put_parameter(Name="/shop/dev/x", Value="v", Type="String", Tags=pairs())
    swept = sweep(wrapped(account.place(), wrap), SweepRequest(pause=lambda _: None))
    assert swept.not_listed == (
        f"could not list keys that are being deleted in {REGION}: access denied (not for you)",
    )
    assert len(swept.leftovers) == 1
    assert not swept.is_complete


def _deny(_: str) -> Any:
    from botocore.exceptions import ClientError

    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not for you"}}, "ListKeys")


def test_no_aws_is_an_error_and_never_a_clean_sweep(account: Account) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    account.access = emulated_access(url, None, REGION)
    with pytest.raises(LandformError, match="no answer"):
        _sweep(account)
