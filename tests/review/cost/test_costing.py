"""The cost of a plan: both sides of each change, sums, and how long a month is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landform.planning.changes import Action
from landform.planning.environment_plan import Deferred
from landform.review.cost.costing import cost_of
from landform.review.cost.model import Money
from landform.review.cost.prices import make_price
from review.cost.plans import context, cost, dollars, line, plan, resource

NAT = 730 * 0.045
EIP = 730 * 0.005
VOLUME = 100 * 0.08


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        (Action.CREATE, 0, VOLUME),
        (Action.DELETE, VOLUME, 0),
        (Action.NO_OP, VOLUME, VOLUME),
        (Action.UPDATE, VOLUME, VOLUME),
        (Action.MOVE, VOLUME, VOLUME),
        (Action.IMPORT, VOLUME, VOLUME),
        (Action.REPLACE, VOLUME, VOLUME),
        (Action.REPLACE_CREATE_FIRST, VOLUME, VOLUME),
        (Action.FORGET, VOLUME, VOLUME),
        (Action.REPLACE_FORGET, VOLUME, 2 * VOLUME),
    ],
)
def test_each_action_is_on_the_sides_where_the_bill_has_it(
    action: Action, before: float, after: float
) -> None:
    found = cost(resource("aws_ebs_volume", {"type": "gp3", "size": 100}, action=action))
    assert (dollars(found.before), dollars(found.after)) == (round(before, 4), round(after, 4))
    assert dollars(found.difference) == round(after - before, 4)


def test_what_is_forgotten_or_costs_twice_for_a_while_is_said() -> None:
    (forgotten,) = (
        note for note in cost(resource("aws_eip", {}, action=Action.FORGET)).notes if "goes" in note
    )
    assert forgotten.startswith("module.web.aws_eip.this goes on costing")
    side_by_side = cost(resource("aws_eip", {}, action=Action.REPLACE_CREATE_FIRST)).notes
    assert "Old and new cost side by side while they are replaced: module.web.aws_eip.this." in side_by_side


def test_one_gateway_a_zone_instead_of_one_adds_a_gateway_and_an_address_for_each_other_zone() -> None:
    kept = [
        resource("aws_nat_gateway", {}, action=Action.NO_OP),
        resource("aws_eip", {}, action=Action.NO_OP),
    ]
    new = [
        resource(kind, {}, name=f'this["{zone}"]') for kind in ("aws_nat_gateway", "aws_eip") for zone in "bc"
    ]
    found = cost(*kept, *new)
    assert dollars(found.difference) == round(2 * (NAT + EIP), 4) == 73.0
    assert dollars(found.before) == round(NAT + EIP, 4)


def test_an_update_costs_the_difference_of_both_sizes() -> None:
    values = {"instance_type": "t3.micro", "associate_public_ip_address": False,
              "root_block_device": [{"volume_type": "gp3", "volume_size": 8}]}  # fmt: skip
    grown = resource(
        "aws_instance", values | {"instance_type": "m5.large"}, action=Action.UPDATE, before=values
    )
    assert dollars(cost(grown).difference) == round(730 * (0.096 - 0.0104), 4)


def test_a_group_that_changes_nothing_itself_costs_more_when_its_template_does() -> None:
    small = {"id": "lt-1", "instance_type": "t3.micro",
             "network_interfaces": [{"associate_public_ip_address": "false"}],
             "block_device_mappings": [{"ebs": [{"volume_type": "gp3", "volume_size": 8}]}]}  # fmt: skip
    template = resource(
        "aws_launch_template", small | {"instance_type": "t3.small"}, action=Action.UPDATE, before=small
    )
    group = {"desired_capacity": 3, "launch_template": [{"id": "lt-1", "version": "$Latest"}]}
    found = cost(resource("aws_autoscaling_group", group, action=Action.NO_OP), template)
    assert dollars(found.difference) == round(730 * 3 * 0.0104, 4)


def test_counts_and_sums_by_stack() -> None:
    found = cost(
        resource("aws_vpc", {}, stack="network"),
        resource("aws_iam_role", {}, stack="network"),
        resource("aws_nat_gateway", {}, stack="network"),
        resource("aws_eip", {}, stack="web"),
        resource("aws_wafv2_web_acl", {}, stack="web"),
        replace(resource("aws_ami", {}, stack="web"), mode="data"),
    )
    assert (found.priced, found.free, found.total) == (2, 2, 5)
    assert found.unpriced == ("module.web.aws_wafv2_web_acl.this: no price is known for this type",)
    assert [(each.stack, dollars(each.after)) for each in found.stacks] == [
        ("network", round(NAT, 4)), ("web", round(EIP, 4)),
    ]  # fmt: skip
    assert not found.complete
    assert cost(resource("aws_eip", {})).complete


def test_a_price_that_is_missing_is_none_and_not_zero() -> None:
    assert line(resource("aws_wafv2_web_acl", {})).after is None
    assert line(resource("aws_wafv2_web_acl", {}, action=Action.DELETE)).before is None


def test_what_is_deleted_without_a_price_leaves_the_rest_complete() -> None:
    assert cost(resource("aws_wafv2_web_acl", {}, action=Action.DELETE), resource("aws_eip", {})).complete


def test_a_row_with_a_types_bare_name_prices_each_of_it() -> None:
    own = make_price(("aws_wafv2_web_acl", "month", "5", "us-east-1", "our bill", "2026-11-01"))
    prices = replace(context().prices, rows={**context().prices.rows, (own.key, own.region): own})
    found = cost(
        resource("aws_wafv2_web_acl", {}), resource("aws_wafv2_web_acl", {}, name="b"), prices=prices
    )
    assert (dollars(found.after), found.unpriced) == (10.0, ())


def test_in_a_stack_that_is_torn_down_things_cost_the_hours_they_live_and_elsewhere_the_month() -> None:
    found = cost(
        resource("aws_nat_gateway", {}, stack="network"),
        resource("aws_lb", {"internal": True}, stack="web"),
        resource("aws_ebs_volume", {"type": "gp3", "size": 100}, stack="web"),
        perishable=frozenset({"web"}),
        hours=282.0,
        schedule="down at '0 20 * * 1-5', up at '0 7 * * 1-5', UTC",
    )
    assert [(each.stack, dollars(each.after)) for each in found.stacks] == [
        ("network", round(NAT, 4)),
        ("web", round(282 * 0.0225 + 8 * 282 / 730, 4)),
    ]
    assert found.hours == 282.0
    assert "web: 282 of 730 hours a month (down at '0 20 * * 1-5', up at '0 7 * * 1-5', UTC)." in found.notes
    assert [dollars(each.hourly) for each in found.lines[1:]] == [0.0225, round(8 / 730, 4)]


def test_what_is_billed_by_the_month_or_by_its_use_costs_no_less_for_a_shorter_life() -> None:
    zone = resource("aws_route53_zone", {})
    assert dollars(line(zone, perishable=frozenset({"web"}), hours=10.0).after) == 0.5


def test_hours_are_a_month_where_nothing_of_the_plan_is_torn_down() -> None:
    assert cost(resource("aws_eip", {}), perishable=frozenset({"batch"}), hours=100.0).hours == 730.0


def test_final_snapshots_of_a_nightly_teardown_are_said() -> None:
    database = {"engine": "postgres", "instance_class": "db.t3.micro", "allocated_storage": 20}
    assert any("final snapshot" in note for note in cost(
        resource("aws_db_instance", database), perishable=frozenset({"web"}), hours=10.0).notes)  # fmt: skip
    assert not any("snapshot" in note for note in cost(resource("aws_db_instance", database)).notes)


def test_stacks_that_the_plan_leaves_out_are_said_and_the_cost_is_not_complete() -> None:
    found = cost(resource("aws_eip", {}), stacks=frozenset({"web", "network"}))
    assert not found.complete
    assert "Not in these figures: network, which this plan leaves out." in found.notes
    waiting = plan(resource("aws_eip", {}), deferred=(Deferred("app", "count is unknown"),))
    assert not cost_of(waiting, context()).complete


def test_old_prices_are_said_with_their_number_and_the_oldest() -> None:
    (note,) = cost(resource("aws_nat_gateway", {}), resource("aws_eip", {})).notes
    assert note.startswith(
        "1 of the 2 prices used are older than 180 days or without a date, the oldest of 2024"
    )


def test_a_plan_of_nothing_costs_nothing() -> None:
    found = cost()
    assert (found.after, found.difference, found.lines, found.complete) == (Money(), Money(), (), True)
