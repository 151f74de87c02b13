"""Doors in security groups: what may come in from where, old rules and new ones, compared by meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from landform.planning.changes import Action, Change, Values
from landform.planning.redaction import HIDDEN
from landform.review.findings import Severity
from landform.review.risk.scene import Hit, Scene, about
from landform.review.risk.values import is_sensitive

_GROUPS = ("aws_security_group", "aws_default_security_group")
_INGRESS = "aws_vpc_security_group_ingress_rule"
_RULE = "aws_security_group_rule"
_TYPES = (*_GROUPS, _INGRESS, _RULE)
_WEB = (80, 443)
_PINGS = ("icmp", "icmpv6", "1", "58")
_NEARLY_ALL = 4
_ALL_PORTS = (0, 65535)
_ALL = "-1"


@dataclass(frozen=True, slots=True)
class Opening:
    """One range of addresses that may come in, by one protocol, to a range of ports."""

    attribute: str
    protocol: str
    first: int
    last: int
    source: IPv4Network | IPv6Network

    def covers(self, other: Opening) -> bool:
        """Whether what ``other`` lets in comes in here as well."""
        if self.source.version != other.source.version or self.protocol not in (_ALL, other.protocol):
            return False
        every = self.protocol == _ALL or self.first < 0
        within = every or (self.first <= other.first and other.last <= self.last)
        return within and other.source.subnet_of(self.source)  # type: ignore[arg-type]

    @property
    def severity(self) -> Severity:
        """Ports of a web server are opened to everyone on purpose; others hardly ever."""
        is_web = self.protocol == "tcp" and self.first == self.last and self.first in _WEB
        harmless = is_web or self.protocol in _PINGS or not self.is_for_everyone
        return Severity.MEDIUM if harmless else Severity.CRITICAL

    @property
    def is_for_everyone(self) -> bool:
        """Whether it is the internet as a whole, or nearly."""
        return self.source.prefixlen <= _NEARLY_ALL

    def __str__(self) -> str:
        ports = f"port {self.first}" if self.first == self.last else f"ports {self.first} to {self.last}"
        if (self.first, self.last) == _ALL_PORTS:
            ports = "every port"
        return f"{ports} ({'every protocol' if self.protocol == _ALL else self.protocol}) to {self.source}"


def opened_ports(scene: Scene) -> Iterator[Hit]:
    """Ingress from public addresses that nothing let in before, in the same group."""
    standing: dict[str, list[Opening]] | None = None
    for change in scene.of_types(_TYPES):
        new = [each for each in _openings(change.type, change.after) if _is_public(each.source)]
        if not new or change.action is Action.FORGET:
            continue
        if standing is None:
            standing = _standing(scene)
        old = [*_openings(change.type, change.before), *standing.get(_group(change.type, change.after), ())]
        for opening in new:
            if not any(each.covers(opening) for each in old):
                yield _hit(change, opening)


def _hit(change: Change, opening: Opening) -> Hit:
    names = tuple(opening.attribute.split("."))
    if is_sensitive(change.after, names) or is_sensitive(change.before, names):
        return about(
            change, "opens a port to public addresses", f"{opening.attribute}: {HIDDEN}", opening.severity
        )
    who = "everyone" if opening.is_for_everyone else "public addresses"
    return about(change, f"opens {opening}: {who}", f"{opening.attribute}: {opening}", opening.severity)


def _is_public(source: IPv4Network | IPv6Network) -> bool:
    """Whether the range holds any address of the internet."""
    return source.prefixlen <= _NEARLY_ALL or not (
        source.is_private or source.is_multicast or source.is_link_local
    )


def _standing(scene: Scene) -> dict[str, list[Opening]]:
    """What each existing group lets in before the change, whichever resource says so."""
    found: defaultdict[str, list[Opening]] = defaultdict(list)
    for change in (*scene.of_types(_TYPES), *(each for each in scene.standing if each.type in _TYPES)):
        found[_group(change.type, change.before)] += _openings(change.type, change.before)
    found.pop("", None)
    return found


def _group(kind: str, side: Values) -> str:
    value = side.value if isinstance(side.value, Mapping) else {}
    return str(value.get("id" if kind in _GROUPS else "security_group_id") or "")


def _openings(kind: str, side: Values) -> list[Opening]:
    value = side.value
    if not isinstance(value, Mapping):
        return []
    if kind in _GROUPS:
        blocks: Iterable[Any] = value.get("ingress") or ()
        return [each for block in blocks for each in _of_block(block, "ingress", "protocol", _LISTS)]
    if kind == _RULE:
        return _of_block(value, "", "protocol", _LISTS) if value.get("type") == "ingress" else []
    return _of_block(value, "", "ip_protocol", _SINGLE)


_LISTS = ("cidr_blocks", "ipv6_cidr_blocks")
_SINGLE = ("cidr_ipv4", "cidr_ipv6")


def _of_block(block: Any, inside: str, protocol: str, sources: tuple[str, ...]) -> list[Opening]:
    if not isinstance(block, Mapping):
        return []
    kind = {"6": "tcp", "17": "udp", "all": _ALL}.get(str(block.get(protocol)), str(block.get(protocol)))
    ports = (
        _ALL_PORTS if kind == _ALL else (_port(block.get("from_port"), 0), _port(block.get("to_port"), 65535))
    )
    if kind in ("tcp", "udp") and ports == (-1, -1):
        ports = _ALL_PORTS
    found = []
    for name in sources:
        held = block.get(name) or ()
        for text in [held] if isinstance(held, str) else held:
            network = _network(text)
            if network is not None:
                found.append(Opening(f"{inside}.{name}".lstrip("."), kind, ports[0], ports[1], network))
    return found


def _port(value: Any, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) else otherwise


def _network(text: Any) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(str(text), strict=False) if text else None
    except ValueError:
        return None
