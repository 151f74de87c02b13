"""Each way in which a security group can be open to everybody is seen in a plan document."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.open_rules import assert_only_load_balancers_are_open, groups_of, open_rules

ALB = "module.web.aws_security_group.alb"
RULE = "aws_vpc_security_group_ingress_rule"


def _attribute(path: str, after: Any = None, *, sources: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"path": path, "after": after, "unknown": after is None, "sources": list(sources)}


def _plan(kind: str, *attributes: dict[str, Any], action: str = "create") -> dict[str, Any]:
    change = {"address": f"module.web.{kind}.this", "type": kind, "action": action, "attributes": attributes}
    return {"stacks": [{"changes": [change]}]}


def _rule(*attributes: dict[str, Any], action: str = "create") -> dict[str, Any]:
    group = _attribute("security_group_id", sources=(f"{ALB}.id",))
    return _plan(RULE, group, *attributes, action=action)


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", None])
def test_a_rule_for_everybody_or_somebody_unknown_is_named(cidr: str | None) -> None:
    (found,) = open_rules(_rule(_attribute("cidr_ipv4", cidr), _attribute("from_port", 22)))
    assert (found.direction, found.groups, found.port) == ("ingress", frozenset({ALB}), None)


def test_a_rule_for_everybody_with_ipv6_is_named_with_its_port() -> None:
    ports = [_attribute("from_port", 443), _attribute("to_port", 443)]
    (found,) = open_rules(_rule(_attribute("cidr_ipv6", "::/0"), *ports))
    assert str(found) == f"module.web.{RULE}.this (ingress, port 443)"


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "203.0.113.7/32"])
def test_a_rule_for_some_is_not_named(cidr: str) -> None:
    assert open_rules(_rule(_attribute("cidr_ipv4", cidr))) == []
    assert open_rules(_rule(_attribute("referenced_security_group_id"))) == []


def test_a_rule_that_goes_is_not_named() -> None:
    assert open_rules(_rule(_attribute("cidr_ipv4", "0.0.0.0/0"), action="delete")) == []


@pytest.mark.parametrize(
    ("kind", "attribute", "directions"),
    [
        ("aws_security_group", _attribute("ingress[0].cidr_blocks[0]", "0.0.0.0/0"), ["ingress"]),
        ("aws_security_group", _attribute("egress", [{"ipv6_cidr_blocks": ["::/0"]}]), ["egress"]),
        ("aws_default_security_group", _attribute("ingress", [{"cidr_blocks": ["0.0.0.0/0"]}]), ["ingress"]),
        ("aws_security_group_rule", _attribute("cidr_blocks[0]", "0.0.0.0/0"), ["ingress", "egress"]),
        ("aws_security_group", _attribute("description", "0.0.0.0/0"), []),
    ],
)
def test_rules_inside_of_groups_and_of_the_old_kind_are_named(
    kind: str, attribute: dict[str, Any], directions: list[str]
) -> None:
    assert [rule.direction for rule in open_rules(_plan(kind, attribute))] == directions


def test_whose_groups_they_are() -> None:
    plan = _plan("aws_lb", _attribute("security_groups[0]", sources=(f"{ALB}.id",)))
    assert groups_of(plan, "aws_lb") == {ALB}
    assert groups_of(plan, "aws_db_instance") == set()


def _shop(port: int, group: str = ALB) -> dict[str, Any]:
    """A load balancer in a group, and a rule that lets everybody in at a port."""
    balancer = _plan("aws_lb", _attribute("security_groups", sources=(f"{ALB}.id",)))
    ports = [_attribute("from_port", port), _attribute("to_port", port)]
    of = _attribute("security_group_id", sources=(f"{group}.id",))
    rule = _plan(RULE, of, _attribute("cidr_ipv4", "0.0.0.0/0"), *ports)
    return {"stacks": balancer["stacks"] + rule["stacks"], "deferred": [], "complete": True}


def test_only_the_ports_of_a_load_balancer_may_be_open() -> None:
    assert_only_load_balancers_are_open(_shop(443))
    for plan in (_shop(22), _shop(443, "module.web.aws_security_group.instances"), _shop(80, "local.group")):
        everything = {**plan, "stacks": [*_shop(80)["stacks"], *plan["stacks"]]}
        with pytest.raises(AssertionError, match=f"open to everybody: module.web.{RULE}"):
            assert_only_load_balancers_are_open(everything)


def test_a_plan_that_lets_nobody_in_shows_nothing() -> None:
    with pytest.raises(AssertionError, match="nobody is let in"):
        assert_only_load_balancers_are_open({"stacks": [], "deferred": [], "complete": True})


def test_a_plan_with_a_part_missing_shows_nothing() -> None:
    with pytest.raises(AssertionError, match="may be missing"):
        assert_only_load_balancers_are_open(_shop(443) | {"deferred": [{"stack": "web"}]})
