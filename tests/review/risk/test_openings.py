"""Ports opened to the internet: by old rules and new ones, and only where nothing let them in before."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.changes import Action, Change
from review.risk.plans import change, of_rule, severities

_WORLD, _WORLD6, _OFFICE, _INSIDE = "0.0.0.0/0", "::/0", "203.0.113.0/24", "10.0.0.0/8"


def _block(port: int | tuple[int, int], *sources: str, protocol: str = "tcp") -> dict[str, Any]:
    ports = port if isinstance(port, tuple) else (port, port)
    split = {"cidr_blocks": [each for each in sources if ":" not in each]}
    split["ipv6_cidr_blocks"] = [each for each in sources if ":" in each]
    return {"from_port": ports[0], "to_port": ports[1], "protocol": protocol, **split}


def _group(before: list[Any] | None, after: list[Any], **more: Any) -> Change:
    old = None if before is None else {"id": "sg-1", "ingress": before}
    return change("aws_security_group", old, {"id": "sg-1", "ingress": after}, **more)


def _old_style(before: Any, after: Any, kind: str = "ingress") -> Change:
    sides = [each and {"type": kind, "security_group_id": "sg-1", **each} for each in (before, after)]
    return change("aws_security_group_rule", *sides)


def _new_style(before: Any, after: Any, **more: Any) -> Change:
    sides = [each and {"security_group_id": "sg-1", **each} for each in (before, after)]
    return change("aws_vpc_security_group_ingress_rule", *sides, **more)


def _rule(port: int, source: str, protocol: str = "tcp") -> dict[str, Any]:
    name = "cidr_ipv6" if ":" in source else "cidr_ipv4"
    return {"from_port": port, "to_port": port, "ip_protocol": protocol, name: source}


@pytest.mark.parametrize(
    ("opened", "severity"),
    [
        (_new_style(None, _rule(22, _WORLD)), "critical"),
        (_new_style(None, _rule(22, _WORLD6)), "critical"),
        (_new_style(None, _rule(443, _WORLD)), "medium"),
        (_new_style(None, {"ip_protocol": "-1", "cidr_ipv4": _WORLD}), "critical"),
        (_new_style(None, _rule(22, "0.0.0.0/1")), "critical"),
        (_new_style(None, _rule(22, "52.0.0.0/16")), "medium"),
        (_new_style(_rule(22, _INSIDE), _rule(22, _WORLD)), "critical"),
        (_new_style(_rule(443, _WORLD), _rule(5432, _WORLD)), "critical"),
        (_new_style(None, _rule(-1, _WORLD, "icmp")), "medium"),
        (_old_style(None, _block(3306, _WORLD)), "critical"),
        (_old_style(_block(3306, _INSIDE), _block(3306, _INSIDE, _WORLD6)), "critical"),
        (_group([_block(22, _INSIDE)], [_block(22, _INSIDE), _block(22, _WORLD)]), "critical"),
        (_group([_block(443, _WORLD)], [_block((443, 9000), _WORLD)]), "critical"),
        (_group([_block(443, _WORLD)], [_block(443, _WORLD, protocol="udp")]), "critical"),
        (_group(None, [_block(0, _WORLD, protocol="-1")]), "critical"),
    ],
)
def test_a_port_that_is_open_to_more_of_the_internet_is_a_finding(opened: Change, severity: str) -> None:
    assert severities("exposure-widened", opened) == [severity]


@pytest.mark.parametrize(
    "quiet",
    [
        _new_style(_rule(22, _WORLD), _rule(22, "52.0.0.0/16")),
        _new_style(_rule(22, _WORLD), _rule(22, _INSIDE)),
        _new_style(_rule(22, _WORLD), {**_rule(22, _WORLD), "description": "new"}),
        _new_style(_rule(22, _WORLD), None),
        _new_style(_rule(-1, _WORLD, "icmp"), _rule(8, _WORLD, "icmp")),
        _new_style({"ip_protocol": "-1", "cidr_ipv4": _WORLD}, _rule(-1, _WORLD, "icmp")),
        _new_style(None, _rule(22, _INSIDE)),
        _new_style(None, {"ip_protocol": "tcp", "referenced_security_group_id": "sg-2"}),
        _new_style(_rule(22, _WORLD), None, action=Action.FORGET),
        _old_style(_block((0, 65535), _WORLD), _block(22, _WORLD)),
        _old_style(None, _block(443, _WORLD), kind="egress"),
        _group([_block(0, _WORLD, protocol="-1")], [_block(22, _WORLD)]),
        _group([_block(22, _INSIDE), _block(443, _WORLD)], [_block(443, _WORLD), _block(22, _INSIDE)]),
        _group([_block(22, _WORLD)], [], unknown={"ingress": True}),
        change("aws_vpc_security_group_egress_rule", None, _rule(443, _WORLD)),
    ],
)
def test_what_narrows_or_stays_is_none(quiet: Change) -> None:
    assert of_rule("exposure-widened", quiet) == []


def test_a_rule_that_only_moves_to_another_resource_opens_nothing() -> None:
    inline = _group([_block(22, _WORLD)], [])
    assert of_rule("exposure-widened", inline, _new_style(None, _rule(22, _WORLD))) == []
    elsewhere = change(
        "aws_vpc_security_group_ingress_rule", None, {"security_group_id": "sg-9", **_rule(22, _WORLD)}
    )
    assert len(of_rule("exposure-widened", inline, elsewhere)) == 1


def test_the_finding_says_what_is_open_to_whom() -> None:
    (found,) = of_rule("exposure-widened", _group([], [_block((8000, 8100), _WORLD, _OFFICE)]))
    assert found.title == "app.aws_security_group.this opens ports 8000 to 8100 (tcp) to 0.0.0.0/0: everyone"
    assert found.evidence.startswith("ingress.cidr_blocks: ")
