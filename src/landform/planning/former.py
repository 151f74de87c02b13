"""The objects that states manage, one by one, as AWS knows them: what a teardown has to make go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landform.planning.state_instances import Instance, instances_of
from landform.planning.states import StackState

_ALIAS = re.compile(r"\]\.([\w-]+)\Z")
_ONLY_IN_STATE = re.compile(r"(?:terraform_data|null_resource|(?:random|time|tls)_\w+)\Z")


@dataclass(frozen=True, slots=True)
class Former:
    """One managed object. ``id`` and ``arn`` are the state's, empty where it has none.

    ``attributes`` are what the state says of it, for its cost; they may hold secrets and are never shown.
    ``only_in_state``: it is nothing outside of its state, such as a random number.
    """

    stack: str
    address: str
    type: str
    id: str
    arn: str = ""
    region: str = ""
    only_in_state: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


def former_objects(
    states: Iterable[StackState], region: str, aliases: Mapping[tuple[str, str], str | None] | None = None
) -> tuple[Former, ...]:
    """Every object that these states manage, in their order.

    An object is in the region that it says itself, else that of its provider: ``aliases`` by stack and alias,
    else ``region``.
    """
    return tuple(_former(states, region, aliases or {}))


def _former(
    states: Iterable[StackState], region: str, aliases: Mapping[tuple[str, str], str | None]
) -> Iterator[Former]:
    for state in states:
        for each in instances_of(state):
            if each.is_managed:
                values = each.attributes
                arn = _text(values.get("arn"))
                yield Former(
                    state.stack, each.address, each.type, _text(values.get("id")), arn,
                    _region(each, arn) or aliases.get((state.stack, _alias(each))) or region,
                    bool(_ONLY_IN_STATE.match(each.type)), values,
                )  # fmt: skip


def _region(instance: Instance, arn: str) -> str:
    """By its own word (provider 6 and later), or by its ARN; empty for what has none, such as IAM."""
    own = _text(instance.attributes.get("region"))
    return own or (arn.split(":", 4)[3] if arn.count(":") >= 5 else "")


def _alias(instance: Instance) -> str:
    found = _ALIAS.search(instance.provider)
    return found.group(1) if found else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
