"""What a night saves is priced as the plan is, counted in hours that pass, and added up from certificates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from landform.errors import Refused
from landform.planning.former import Former
from landform.review.certificate import Savings
from landform.review.cost.model import Money
from landform.workflows.records import records_of
from landform.workflows.savings import (
    Month,
    actual_spend,
    by_month,
    hourly_cost,
    in_all,
    saved_over_time,
    savings_of,
)
from landform.workflows.sweeping import inventory_before
from workflows.place_kit import Shop
from workflows.savings_kit import LEFT, night
from workflows.sweep_kit import Account

NAT = ("aws_nat_gateway", {"id": "nat-1"})
TEMPLATE = {"id": "lt-1", "name": "web", "instance_type": "t3.micro"}
GROUP = {"id": "web", "desired_capacity": 1, "launch_template": [{"id": "lt-1"}]}
NEW_YORK = ZoneInfo("America/New_York")


def _former(account: Account) -> tuple[Former, ...]:
    return inventory_before(account.place(), ["net"])


def test_an_hour_costs_what_the_states_have(account: Account) -> None:
    template = TEMPLATE | {"network_interfaces": [{"associate_public_ip_address": "false"}]}
    group = GROUP | {"desired_capacity": 3}
    volume = {"id": "vol-1", "type": "gp3", "size": 73, "arn": "arn:aws:ec2:us-east-1:1:volume/vol-1"}
    objects = (
        NAT, ("aws_launch_template", template), ("aws_autoscaling_group", group), ("aws_ebs_volume", volume),
        ("aws_s3_bucket", {"id": "b"}), ("aws_vpc", {"id": "vpc-1"}), ("aws_unheard_of", {"id": "x"}),
    )  # fmt: skip
    account.state(objects)
    expected = pytest.approx(0.045 + 3 * 0.0104 + 73 * 0.08 / 730)
    hourly = hourly_cost(account.place(), _former(account))
    assert hourly.low == expected
    assert hourly.high == expected
    assert hourly_cost(account.place(), ()) == Money()


def test_what_is_billed_by_use_is_not_saved_by_the_hour(account: Account) -> None:
    usage = "aws_nat_gateway: {data_processed_gb: 9000}\naws_efs_file_system: {storage_gb: 9000}\n"
    account.shop.write({"environments/dev/usage.yaml": usage})
    account.state([NAT, ("aws_efs_file_system", {"id": "fs-1"})])
    assert hourly_cost(account.place(), _former(account)).high == pytest.approx(0.045)


def test_the_region_of_an_object_and_the_prices_of_the_project_count(account: Account) -> None:
    rows = ["resource,unit,price_usd,region,source,as_of"]
    rows += [f"aws_nat_gateway:hours,hour,{usd},{region},us,2026-11-01" for usd, region in (
        ("1", "us-east-1"), ("5", "eu-west-3"))]  # fmt: skip
    account.shop.write({"prices.csv": "\n".join(rows) + "\n"})
    there = Former("net", "module.net.aws_nat_gateway.a", "aws_nat_gateway", "nat-1", region="eu-west-3")
    account.state([NAT])
    assert hourly_cost(account.place(), (*_former(account), there)).low == pytest.approx(6)


def test_hours_are_those_that_pass(account: Account) -> None:
    """In the night of 2026-11-01 a clock in New York is put back, and shows one hour twice."""
    account.state([NAT])
    down = datetime(2026, 10, 31, 20, tzinfo=NEW_YORK)
    up = datetime(2026, 11, 1, 7, tzinfo=NEW_YORK)
    place, former = account.place(), _former(account)
    assert savings_of(place, former, down, up) == Savings(12.0, 0.045, 0.54)
    assert savings_of(place, former, up, up - timedelta(hours=1)) == Savings(0.0, 0.045, 0.0)
    assert savings_of(place, former, down, None) == Savings(None, 0.045, None)


def test_a_range_of_prices_counts_in_its_middle(account: Account) -> None:
    account.state([("aws_launch_template", TEMPLATE), ("aws_autoscaling_group", GROUP)])
    hourly = hourly_cost(account.place(), _former(account))
    assert hourly.low == pytest.approx(0.0104)
    assert hourly.high == pytest.approx(0.0154)  # if its address is a public one
    up = datetime(2026, 11, 20, tzinfo=NEW_YORK)
    assert savings_of(account.place(), _former(account), up - timedelta(hours=100), up).usd == 1.29


def test_nights_are_added_up_by_month_on_the_clock_of_the_environment(shop: Shop) -> None:
    records = records_of(shop.place())
    night(records, "2026-12-01T01:00:00Z", left=(LEFT,))  # the last evening of November in New York
    night(records, "2026-11-30T01:00:00Z")
    night(records, "2026-12-02T01:00:00Z", Savings(hourly_usd=0.25))
    night(records, "2027-01-05T01:00:00Z", Savings(1.0, 0.5, 0.5))
    nights = saved_over_time(records, "America/New_York")
    assert [(each.day, each.usd, each.hours, each.clean) for each in nights] == [
        (date(2026, 11, 29), 2.75, 11.0, True), (date(2026, 11, 30), 2.75, 11.0, False),
        (date(2026, 12, 1), None, None, True), (date(2027, 1, 4), 0.5, 1.0, True),
    ]  # fmt: skip
    assert by_month(nights) == (
        Month("2026-11", 2, 22.0, 5.5), Month("2026-12", 1, 0.0, 0.0), Month("2027-01", 1, 1.0, 0.5),
    )  # fmt: skip
    assert in_all(nights) == Month("total", 4, 23.0, 6.0)
    assert saved_over_time(records)[1].day == date(2026, 12, 1)


def test_a_certificate_that_was_changed_adds_nothing_up(shop: Shop) -> None:
    records = records_of(shop.place())
    made = night(records, "2026-12-01T01:00:00Z")
    name = f"certificates/{made.run}.json"
    records.replace(name, (records.get(name) or b"").replace(b"2.75", b"9.75"))
    with pytest.raises(Refused, match="not what was written"):
        saved_over_time(records)


def test_an_emulator_has_no_bill(account: Account) -> None:
    assert actual_spend(account.place(), date(2026, 11, 1), date(2026, 11, 2)) is None
