"""Everything that states say they manage, by ARN and id: what else an account holds is in no state.

Only what is an object's own counts. A state also names what others manage, such as the role of a function: an
object that was taken out of its state is named there still, and must not be taken for managed. Such names are
``mentions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landform.planning.state_instances import instances_of
from landform.planning.states import StackState

_OWN = frozenset({"id", "arn", "arn_without_revision", "qualified_arn", "stream_arn", "ecs_cluster_arn"})
"""Attributes that name the object itself, or what AWS makes and ends with it."""

_OWN_IN_BLOCKS = frozenset(
    {
        ("root_block_device", "volume_id"),
        ("ebs_block_device", "volume_id"),
        ("master_user_secret", "secret_arn"),
        ("vpc_config", "cluster_security_group_id"),
    }
)
"""The same, of nested blocks: block and attribute."""

_OWN_OF_TYPES: Mapping[str, tuple[str, ...]] = {
    "aws_instance": ("primary_network_interface_id",),
    "aws_key_pair": ("key_pair_id",),
    "aws_placement_group": ("placement_group_id",),
    "aws_vpc": ("default_network_acl_id", "default_route_table_id", "default_security_group_id"),
}
"""The same, of types whose id is a name, or where others have such an attribute for what is not theirs."""

_MADE_BY = (
    "aws:autoscaling:groupName",
    "aws:cloudformation:stack-id",
    "aws:ec2launchtemplate:id",
    "aws:ecs:serviceName",
    "aws:eks:cluster-name",
)
"""Tags with which AWS says what made a resource: by ARN, id or name."""

_EC2_ID = re.compile(r"[a-z]+(?:-[a-z]+)*-[0-9a-f]{8}(?:[0-9a-f]{9})?\Z")
"""An id of EC2, unique in all accounts, such as ``vpc-0a1b2c3d4e5f60718``."""

_EC2_ARN = re.compile(r"arn:[^:]+:ec2:[^:]*:[^:]*:[^/]+/(.+)\Z")

_REVISION = re.compile(r"(:task-definition/[^:]+):\d+\Z")


@dataclass(frozen=True, slots=True)
class Inventory:
    """ARNs and ids of managed objects, and (``mentions``) addresses by the ARNs and EC2 ids they name."""

    arns: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    mentions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def knows(self, arn: str, tags: Mapping[str, str] | None = None) -> bool:
        """Whether a resource is managed, or (by its tags) made by one that is."""
        if _plain(arn) in self.arns or _ec2_id(arn) in self.ids:
            return True
        makers = [(tags or {}).get(name, "") for name in _MADE_BY]
        return any(maker in self.ids or _plain(maker) in self.arns for maker in makers if maker)

    def mentioned_by(self, arn: str) -> tuple[str, ...]:
        """Addresses of objects that name a resource without managing it."""
        found = (*self.mentions.get(_plain(arn), ()), *self.mentions.get(_ec2_id(arn), ()))
        return tuple(dict.fromkeys(found))


def inventory_of(states: Iterable[StackState]) -> Inventory:
    """What these states manage and mention."""
    arns: set[str] = set()
    ids: set[str] = set()
    mentions: dict[str, dict[str, None]] = {}
    for each in (instance for state in states for instance in instances_of(state) if instance.is_managed):
        own = set(_own(each.type, each.attributes))
        arns |= {_plain(text) for text in own if _is_arn(text)}
        ids |= {_ec2_id(text) if _is_arn(text) else text for text in own} - {""}
        for text in _texts(each.attributes):
            if _is_arn(text) or _EC2_ID.match(text):
                mentions.setdefault(_plain(text), {})[each.address] = None
    return Inventory(frozenset(arns), frozenset(ids), {name: tuple(who) for name, who in mentions.items()})


def _own(kind: str, attributes: Mapping[str, Any]) -> Iterator[str]:
    names = _OWN.union(_OWN_OF_TYPES.get(kind, ()))
    yield from (value for name, value in attributes.items() if name in names and _is_text(value))
    for block, name in _OWN_IN_BLOCKS:
        inner = attributes.get(block)
        for each in inner if isinstance(inner, list) else ():
            value = each.get(name) if isinstance(each, Mapping) else None
            if _is_text(value):
                yield str(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_arn(text: str) -> bool:
    return text.startswith("arn:") and text.count(":") >= 5


def _plain(arn: str) -> str:
    """An ARN as both the provider and the tagging API could have it.

    That of a log group ends in ``:*`` here and there; a task definition's earlier revisions are nobody's.
    """
    return _REVISION.sub(r"\1", arn.removesuffix(":*")) if _is_arn(arn) else arn


def _ec2_id(arn: str) -> str:
    """The id in an ARN of EC2, empty for any other: the provider knows much of EC2 by its id alone."""
    found = _EC2_ARN.match(arn)
    return found.group(1) if found else ""
