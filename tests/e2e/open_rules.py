"""Security group rules in a plan document that let the whole internet in or out, and whose they are."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_IN = {"aws_vpc_security_group_ingress_rule": "ingress", "aws_vpc_security_group_egress_rule": "egress"}
_INLINE = {"aws_security_group", "aws_default_security_group", "aws_security_group_rule"}
_WIDEST = {4: 8, 6: 16}
"""Wider ranges than these count as everybody: two halves of the internet are the internet."""
_HOLDS_DATA = ("aws_db_instance", "aws_rds_cluster", "aws_elasticache_replication_group")


@dataclass(frozen=True)
class OpenRule:
    """A rule that names everybody, or whom it names is unknown. ``groups`` are those that it may be of.

    ``port`` is None where it is for several, or inside a security group's own block.
    """

    address: str
    direction: str
    groups: frozenset[str]
    port: int | None

    def __str__(self) -> str:
        return f"{self.address} ({self.direction}, port {self.port or 'any'})"


def assert_only_load_balancers_are_open(plan: Mapping[str, Any]) -> None:
    """Of all rules of all stacks: in come requests to load balancers only, and no data goes out directly."""
    assert (plan["deferred"], plan["complete"]) == ([], True), "rules may be missing from the plan"
    balancers, data = groups_of(plan, "aws_lb"), groups_of(plan, *_HOLDS_DATA)
    found = open_rules(plan)
    inward = [rule for rule in found if rule.direction == "ingress"]
    allowed = {rule for rule in inward if rule.groups and rule.groups <= balancers and rule.port in (80, 443)}
    wrong = [str(rule) for rule in found if (rule in inward and rule not in allowed) or rule.groups & data]
    assert allowed, "nobody is let in"
    assert not wrong, f"open to everybody: {', '.join(wrong)}"


def open_rules(plan: Mapping[str, Any]) -> list[OpenRule]:
    """All rules of the plan's stacks that are open to everybody, or to somebody it does not know."""
    return [rule for change in _changes(plan) for rule in _of_change(change)]


def groups_of(plan: Mapping[str, Any], *types: str) -> set[str]:
    """The security groups that resources of these types are in, by address: their ids are unknown."""
    found: set[str] = set()
    for change in _changes(plan):
        if change["type"] in types:
            for each in change["attributes"]:
                if "security_group" in each["path"]:
                    found |= _groups(each)
    return found


def _groups(attribute: Mapping[str, Any]) -> frozenset[str]:
    """The security groups among what an unknown value comes from, which may be a whole map of groups."""
    sources = (source.removesuffix(".id") for source in attribute["sources"])
    return frozenset(source for source in sources if source.rpartition(".")[0].endswith("aws_security_group"))


def _changes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for stack in plan["stacks"]:
        yield from (change for change in stack["changes"] if change["action"] not in ("delete", "forget"))


def _of_change(change: Mapping[str, Any]) -> Iterator[OpenRule]:
    given = {each["path"]: each for each in change["attributes"]}
    if change["type"] in _IN and any(_is_open(given.get(name)) for name in ("cidr_ipv4", "cidr_ipv6")):
        groups = _groups(given["security_group_id"])
        yield OpenRule(change["address"], _IN[change["type"]], groups, _port(given))
    if change["type"] in _INLINE:
        for direction in ("ingress", "egress"):
            inside = [each for path, each in given.items() if _is_of(path, direction, change["type"])]
            if any(map(_names_everybody, inside)):
                yield OpenRule(change["address"], direction, frozenset({change["address"]}), None)


def _is_of(path: str, direction: str, kind: str) -> bool:
    """Whether an attribute may hold the ranges of a direction; one kind of resource does not say which."""
    return path.startswith(("cidr_blocks", "ipv6_cidr_blocks") if kind.endswith("_rule") else direction)


def _port(given: Mapping[str, Any]) -> int | None:
    ends = [given[name]["after"] if name in given else None for name in ("from_port", "to_port")]
    return ends[0] if ends[0] == ends[1] else None


def _is_open(attribute: Mapping[str, Any] | None) -> bool:
    return attribute is not None and (attribute["unknown"] or _names_everybody(attribute))


def _names_everybody(attribute: Mapping[str, Any]) -> bool:
    return any(map(_is_everybody, _texts(attribute["after"])))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _is_everybody(text: str) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return network.prefixlen < _WIDEST[network.version]
