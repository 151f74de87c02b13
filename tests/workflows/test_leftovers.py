"""Exactly what a list names is deleted, while it is what it was; else nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from landform.errors import Refused
from landform.review.deletion import DeletionList
from landform.workflows.audit import read_audit
from landform.workflows.journal import read_journal
from landform.workflows.leftovers import check_unmoved, delete_listed, find_list, make_list
from landform.workflows.records import records_of
from landform.workflows.sweeping import patient_sweep
from workflows.place_kit import Shop
from workflows.sweep_kit import REGION, Account, account_number, pairs, spec


@pytest.fixture
def account(shop: Shop, server: Sandbox, request: pytest.FixtureRequest) -> Account:
    """A shop whose account holds a volume and a log group that nobody knows, and a parameter."""
    shop.rules("{}")
    number = account_number(request.node.nodeid)
    made = Account(shop, emulated_access(server.endpoint_url, number, REGION))
    made.client("ec2").create_volume(
        AvailabilityZone=f"{REGION}a", Size=8, VolumeType="gp3", TagSpecifications=spec("volume")
    )
    made.client("logs").create_log_group(logGroupName="/ecs/shop-dev-web")
    made.client("ssm").put_parameter(Name="/shop/dev/x", Value="v", Type="String", Tags=pairs())
    return made


def _list(account: Account) -> DeletionList:
    place = account.place()
    return make_list(place, patient_sweep(place))


def _volumes(account: Account) -> list[str]:
    return [each["VolumeId"] for each in account.client("ec2").describe_volumes()["Volumes"]]


def _groups(account: Account) -> list[str]:
    return [each["logGroupName"] for each in account.client("logs").describe_log_groups()["logGroups"]]


def test_what_is_listed_goes_and_each_deletion_is_noted(account: Account) -> None:
    made, place = _list(account), account.place()
    assert [each.type for each in made.items] == ["aws_ebs_volume", "aws_cloudwatch_log_group"]
    assert [each.type for each in made.staying] == ["aws_ssm_parameter"]
    found = find_list(records_of(place), made.digest[:12])
    assert found == made
    account.client("logs").create_log_group(logGroupName="/ecs/shop-dev-later")
    check_unmoved(place, found)
    done = delete_listed(place, found)
    assert [each.fault for each in done] == ["", ""]
    assert (_volumes(account), _groups(account)) == ([], ["/ecs/shop-dev-later"])
    (run,) = place.runs.iterdir()
    events = [(each["event"], each.get("arn", "")) for each in read_journal(run)]
    assert events[1:-1] == [(event, arn) for arn in made.doomed for event in ("deleting", "deleted")]
    history = read_audit(records_of(place))
    assert [each.event for each in history] == ["leftovers deletion started", "leftovers deletion ended"]
    assert history[0].details["items"] == list(made.doomed)


def test_it_refuses_as_a_whole_where_something_has_moved(account: Account) -> None:
    made, place = _list(account), account.place()
    account.client("logs").delete_log_group(logGroupName="/ecs/shop-dev-web")
    with pytest.raises(Refused, match=r"not what it was .*:log-group:/ecs/shop-dev-web"):
        check_unmoved(place, made)
    assert len(_volumes(account)) == 1


def test_it_refuses_where_a_state_has_moved(account: Account) -> None:
    """An apply in between may have taken the volume into a state, or made what is on it."""
    made, place = _list(account), account.place()
    account.state([("aws_ssm_parameter", {"id": "/other"})])
    with pytest.raises(Refused, match="the state of net"):
        check_unmoved(place, made)


def test_it_refuses_what_a_state_knows_by_now(account: Account) -> None:
    account.state([("aws_ebs_volume", {"id": "vol-0"})])
    made, place = _list(account), account.place()
    account.state([("aws_ebs_volume", {"id": _volumes(account)[0]})])
    with pytest.raises(Refused, match=":volume/"):
        check_unmoved(place, made)


def test_one_that_cannot_be_deleted_stops_no_other(account: Account) -> None:
    ec2, elbv2, vpc = account.client("ec2"), account.client("elbv2"), account.vpc()
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{each}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for each, zone in enumerate("ab")
    ]
    balancer = elbv2.create_load_balancer(
        Name="of-others", Subnets=[x["Subnet"]["SubnetId"] for x in subnets]
    )
    group = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc, Tags=pairs())
    forward = [{"Type": "forward", "TargetGroupArn": group["TargetGroups"][0]["TargetGroupArn"]}]
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    elbv2.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    account.state([("aws_vpc", {"id": vpc})])
    made, place = _list(account), account.place()
    done = {each.found.type: each.fault for each in delete_listed(place, made)}
    assert "ResourceInUse" in done["aws_lb_target_group"]
    assert done["aws_ebs_volume"] == ""
    assert _volumes(account) == []
    assert len(elbv2.describe_load_balancers()["LoadBalancers"]) == 1


@pytest.mark.parametrize(
    ("environment", "why"),
    [("protected: true\n", "is protected"), ("approvals: {required: 1}\n", "need approvals")],
)
def test_protected_environments_and_those_with_approvals_are_refused(
    account: Account, environment: str, why: str
) -> None:
    made = _list(account)
    account.environment(environment)
    place = account.place()
    with pytest.raises(Refused, match=why):
        make_list(place, made.sweep)
    with pytest.raises(Refused, match=why):
        check_unmoved(place, made)


def test_a_list_expires_and_is_of_one_account(account: Account) -> None:
    made, place = _list(account), account.place()
    old = replace(made, sweep=replace(made.sweep, at="2020-01-01T00:00:00Z"))
    with pytest.raises(Refused, match="has expired"):
        check_unmoved(place, old)
    other = replace(made, sweep=replace(made.sweep, account="999999999999"))
    with pytest.raises(Refused, match="account 999999999999, not of here"):
        check_unmoved(place, other)


def test_a_list_that_was_edited_is_refused(account: Account) -> None:
    made, records = _list(account), records_of(account.place())
    document = json.loads(made.content)
    document["doomed"] = document["doomed"][:1]
    records.replace(f"sweeps/{made.digest}.json", json.dumps(document).encode())
    with pytest.raises(Refused, match="is not what was written"):
        find_list(records, made.digest)
    for start in ("", made.digest[:3], "f" * 12):
        with pytest.raises(Refused, match="no list"):
            find_list(records, start)
