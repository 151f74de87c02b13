"""A sweep finds what stands with an environment's tags or name, and says of each object how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from landform.aws import sandbox as sandboxes
from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from landform.review.cost.model import Money
from landform.review.sweep import Class, Found, Sweep
from landform.workflows.sweeping import SweepRequest, sweep
from workflows.place_kit import Shop
from workflows.sweep_kit import REGION, Account, account_number, pairs, spec


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """An emulator that the tests of this file share; each has an account of its own."""
    project = tmp_path_factory.mktemp("project")
    yield sandboxes.start(project)
    sandboxes.stop(project)


@pytest.fixture
def account(shop: Shop, server: Sandbox, request: pytest.FixtureRequest) -> Account:
    """A shop in an account that nobody else has."""
    shop.rules("{}")
    number = account_number(request.node.nodeid)
    return Account(shop, emulated_access(server.endpoint_url, number, REGION))


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
