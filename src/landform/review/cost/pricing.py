"""What one side of one change costs: the parts of its mapper, each times its price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from landform.planning.changes import Change
from landform.review.cost.attributes import Attributes, Unpriced
from landform.review.cost.components import Gap, Mapper, Note, Part, Resource
from landform.review.cost.free import is_free
from landform.review.cost.mappers import BY_ITS_NAME, MAPPERS
from landform.review.cost.model import Money
from landform.review.cost.prices import Price, Prices

_NOTHING = Decimal()


@dataclass(frozen=True, slots=True)
class Side:
    """The cost of one side a month, ``low`` to ``high``, and for each hour it lives; nothing where all is ().

    ``rows`` are the prices it is made of, ``gaps`` why parts have none, ``usage`` the keys nobody gave.
    """

    low: Decimal = _NOTHING
    high: Decimal = _NOTHING
    hour_low: Decimal = _NOTHING
    hour_high: Decimal = _NOTHING
    rows: tuple[Price, ...] = ()
    gaps: tuple[str, ...] = ()
    usage: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether there is nothing in it that could cost."""
        return not (self.rows or self.gaps or self.usage)

    @property
    def money(self) -> Money | None:
        """The cost a month; None where no part of it has a price."""
        if self.gaps and not self.rows:
            return None
        return Money(float(self.low), float(self.high))

    @property
    def hourly(self) -> Money | None:
        """The cost of an hour; None where no part of it has a price."""
        if self.gaps and not self.rows:
            return None
        return Money(float(self.hour_low), float(self.hour_high))

    def __add__(self, other: Side) -> Side:
        return Side(
            self.low + other.low,
            self.high + other.high,
            self.hour_low + other.hour_low,
            self.hour_high + other.hour_high,
            self.rows + other.rows,
            tuple(dict.fromkeys(self.gaps + other.gaps)),
            tuple(dict.fromkeys(self.usage + other.usage)),
            self.notes + other.notes,
        )


FREE = Side()


def mapper_of(kind: str, prices: Prices, region: str) -> Mapper | None:
    """How a type is priced; None where it is free. Raises Unpriced for a type nobody knows a price of."""
    mapper = MAPPERS.get(kind)
    if mapper is not None:
        return mapper
    if prices.find(kind, region) is not None:
        return BY_ITS_NAME
    if is_free(kind):
        return None
    raise Unpriced("no price is known for this type")


def price(resource: Resource, mapper: Mapper, prices: Prices, region: str, hours: Decimal) -> Side:
    """The cost of a resource that lives for so many ``hours`` of each month."""
    low = high = hour_low = hour_high = _NOTHING
    rows: list[Price] = []
    gaps: list[str] = []
    missing: list[str] = []
    usage: dict[str, None] = {}
    notes: list[str] = []
    for part in _parts(resource, mapper):
        if isinstance(part, Gap):
            gaps.append(part.reason)
        elif isinstance(part, Note):
            notes.append(part.text)
        elif len(found := prices.find_all(part.keys, region)) < len(part.keys):
            missing += [key for key in part.keys if prices.find(key, region) is None]
        elif part.low is None or part.high is None:
            usage[part.usage] = None
        else:
            least, most = min(found, key=_rate), max(found, key=_rate)
            lives = hours if part.hours is None else part.hours
            low += part.low * (least.hourly * lives + least.each)
            high += part.high * (most.hourly * lives + most.each)
            if part.hours is None:
                hour_low += part.low * least.hourly
                hour_high += part.high * most.hourly
            rows += found
    if missing:
        gaps.append(f"no price in {region} for {', '.join(missing)}")
    return Side(low, high, hour_low, hour_high, tuple(rows), tuple(gaps), tuple(usage), tuple(notes))


def _rate(row: Price) -> Decimal:
    return row.hourly + row.each


def _parts(resource: Resource, mapper: Mapper) -> Iterator[Part]:
    try:
        yield from mapper.parts(resource)
    except Unpriced as error:
        yield Gap(str(error))


def region_of(attributes: Attributes, default: str) -> str:
    """The region an object says it is in; before it exists, that of its environment."""
    region = attributes.values.get("region")
    if isinstance(region, str) and region:
        return region
    arn = attributes.values.get("arn")
    if isinstance(arn, str) and arn.count(":") >= 5:
        return arn.split(":", 4)[3] or default
    return default


def before(change: Change) -> Attributes:
    """The object as it is."""
    return Attributes(change.before.value or {}, False, change.before.sensitive)


def after(change: Change) -> Attributes:
    """The object as it will be."""
    value, caused = change.after.value or {}, frozenset(change.causes)
    return Attributes(value, change.unknown, change.after.sensitive, caused, left_out=change.left_out)
