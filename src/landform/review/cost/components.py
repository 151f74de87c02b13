"""What a mapper says of a resource: quantities of prices, and what it cannot price."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from landform.planning.causes import bare_address
from landform.planning.changes import Change
from landform.review.cost.attributes import Attributes

_INDEX = re.compile(r"\[(?:\"(?:\\.|[^\"\\])*\"|\d+)\]")
_FOUND_BY: Mapping[str, tuple[str, ...]] = {
    "aws_ebs_volume": ("id",),
    "aws_ecs_task_definition": ("arn", "arn_without_revision", "family"),
    "aws_launch_configuration": ("id", "name"),
    "aws_launch_template": ("id", "name", "arn"),
    "aws_rds_cluster": ("id", "cluster_identifier"),
    "aws_subnet": ("id",),
}
"""The types that other resources' prices depend on, and the attributes that name one of them."""
RELATED = frozenset(_FOUND_BY)


@dataclass(frozen=True, slots=True)
class Component:
    """A quantity of one price: so much of it while the resource lives, or a month's use, as the unit says.

    Several ``keys`` are alternatives: the cost is from the cheapest to the dearest. ``low`` and ``high`` are
    None where the usage file does not say how much; ``usage`` is the key it would say it under. ``hours``
    is for how many hours of a month it is billed, where that is not as long as its stack lives.
    """

    keys: tuple[str, ...]
    low: Decimal | None
    high: Decimal | None
    usage: str = ""
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a resource that has a cost and no price, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a resource's cost that no figure says, in an environment that is torn down."""

    text: str


Part = Component | Gap | Note


def costs(
    key: str | Sequence[str], quantity: Decimal | int = 1, most: Decimal | int | None = None
) -> Component:
    """``quantity`` of the price ``key``, or up to ``most`` of it."""
    low = Decimal(quantity)
    keys = (key,) if isinstance(key, str) else tuple(key)
    return Component(keys, low, low if most is None else Decimal(most))


@dataclass(frozen=True, slots=True)
class Resource:
    """One side of a change, with what the usage file says of it and the resources it may refer to."""

    change: Change
    attributes: Attributes
    usage: Mapping[str, float]
    others: Others

    def used(self, key: str, name: str) -> Component:
        """As much of the price ``key`` as the usage file says under ``name``; "_hours" are a month's sum."""
        given = self.usage.get(name)
        quantity = None if given is None else Decimal(str(given))
        return Component((key,), quantity, quantity, name, Decimal(1) if name.endswith("_hours") else None)

    def related(self, kind: str, attribute: str, value: object) -> Sequence[Attributes]:
        """The resources of type ``kind`` that ``attribute`` refers to, by its value or by its source."""
        if isinstance(value, str) and value:
            return self.others.named(kind, value)
        return self.others.behind(kind, self.change, attribute)


@dataclass(frozen=True, slots=True)
class Others:
    """The resources that prices of other resources depend on, by name and by address without index."""

    by_name: dict[tuple[str, str], list[Attributes]] = field(default_factory=dict)
    by_address: dict[str, list[Attributes]] = field(default_factory=dict)
    by_index: dict[tuple[str, tuple[str, ...]], list[Attributes]] = field(default_factory=dict)

    @classmethod
    def of(cls, sides: Iterable[tuple[Change, Attributes]]) -> Others:
        """An index of those among ``sides`` that count."""
        found = cls()
        for change, attributes in sides:
            for name in _FOUND_BY.get(change.type, ()):
                value = attributes.values.get(name)
                if isinstance(value, str):
                    found.by_name.setdefault((change.type, value), []).append(attributes)
            if change.type in _FOUND_BY:
                bare, index = bare_address(change.address), tuple(_INDEX.findall(change.address))
                found.by_address.setdefault(bare, []).append(attributes)
                found.by_index.setdefault((bare, index), []).append(attributes)
        return found

    def named(self, kind: str, value: str) -> Sequence[Attributes]:
        """Those of a type with this id, ARN or name; a task definition's revision may follow its name."""
        names = (value, value.rpartition(":")[0])
        return next((self.by_name[kind, name] for name in names if (kind, name) in self.by_name), ())

    def behind(self, kind: str, change: Change, attribute: str) -> Sequence[Attributes]:
        """Those that an unknown attribute comes from; of several instances, the one with its index."""
        sources = (re.match(rf"(.*\b{kind}\.[\w-]+)", each) for each in change.causes.get(attribute, ()))
        bare = dict.fromkeys(match.group(1) for match in sources if match)
        index = tuple(_INDEX.findall(change.address))
        same = [each for address in bare for each in self.by_index.get((address, index), ())]
        return same or [each for address in bare for each in self.by_address.get(address, ())]


Map = Callable[[Resource], Iterator[Part]]
"""From a resource to its parts. May raise Unpriced: nothing that follows in it has a price."""


@dataclass(frozen=True, slots=True)
class Mapper:
    """How one type is priced; ``usage`` are the keys that the usage file may hold for it."""

    parts: Map
    usage: tuple[str, ...] = ()
