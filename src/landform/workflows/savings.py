"""What it saves that an environment is down: by the price table, by its certificates, and by AWS's bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from landform.aws.spending import REGION, daily_spend
from landform.planning.former import Former
from landform.review.certificate import Certificate, Savings
from landform.review.cost.costing import CostContext
from landform.review.cost.model import Money
from landform.review.cost.standing import hourly_cost_of
from landform.workflows.certificates import all_certificates
from landform.workflows.orphans import own_tags
from landform.workflows.place import Place
from landform.workflows.prices import price_table
from landform.workflows.records import Records, records_of

_HOUR = 3600
_MONTH, _YEAR = 30, 365


@dataclass(frozen=True, slots=True)
class Night:
    """One teardown. ``day`` is that on which it began. ``hours`` and ``usd``: None where nobody knew its end.

    ``clean``: nothing was left over, so that nothing went on costing.
    """

    day: date
    run: str
    hours: float | None
    usd: float | None
    clean: bool


@dataclass(frozen=True, slots=True)
class Month:
    """The nights of one month (``2026-12``), or of all."""

    name: str
    nights: int
    hours: float
    usd: float


@dataclass(frozen=True, slots=True)
class Spend:
    """What AWS has billed for an environment, by day. ``days`` has each day that Cost Explorer told of."""

    days: Mapping[date, float]
    currency: str = "USD"

    @property
    def total(self) -> float:
        """The sum of all days."""
        return sum(self.days.values())


@dataclass(frozen=True, slots=True)
class SavingsReport:
    """What an environment has saved. ``timezone`` is that of the days.

    ``asked``: AWS's bill was asked for, and ``spend`` is None where it could not be had.
    """

    environment: str
    timezone: str
    nights: tuple[Night, ...]
    months: tuple[Month, ...]
    total: Month
    asked: bool = False
    spend: Spend | None = None


def hourly_cost(place: Place, former: Iterable[Former]) -> Money:
    """What objects cost for each hour that they live, by the price table; by use is left out.

    Raises ProjectInvalid for a bad row of a price table.
    """
    today = datetime.now(UTC).date()
    return hourly_cost_of(former, CostContext(place.environment.region, price_table(place.home), today))


def savings_of(place: Place, former: Iterable[Former], down: datetime, up: datetime | None) -> Savings:
    """What is saved from ``down`` to ``up``, in the middle of the range of prices.

    Without ``up`` nobody knows how long, so there is only what an hour saves. Raises as ``hourly_cost``.
    """
    cost = hourly_cost(place, former)
    hourly = (cost.low + cost.high) / 2
    if up is None:
        return Savings(hourly_usd=round(hourly, 4))
    # Two times of one zone differ by what a clock on the wall shows, and not by what has passed.
    hours = max(up.timestamp() - down.timestamp(), 0) / _HOUR
    return Savings(round(hours, 2), round(hourly, 4), round(hourly * hours, 2))


def saved_over_time(records: Records, timezone: str = "UTC") -> tuple[Night, ...]:
    """What each teardown with a certificate saves, the oldest first; days are those on a zone's clock.

    Raises Refused where a certificate was changed.
    """
    return tuple(_night(each, ZoneInfo(timezone)) for each in all_certificates(records))


def nights_until(place: Place, certificate: Certificate) -> tuple[Night, ...]:
    """Those up to the one of a certificate."""
    nights = saved_over_time(records_of(place), place.environment.timezone)
    runs = [each.run for each in nights]
    return nights[: runs.index(certificate.run) + 1]


def savings_report(place: Place, now: datetime, *, actual: bool = False) -> SavingsReport:
    """All nights of an environment; with ``actual`` what AWS has billed since the first of them.

    Raises Refused where a certificate was changed, and LandformError as ``actual_spend``.
    """
    zone = place.environment.timezone
    nights = saved_over_time(records_of(place), zone)
    spend = actual_spend(place, _since(nights, now.date()), now.date()) if actual else None
    return SavingsReport(
        place.environment.name, zone, nights, by_month(nights), in_all(nights), actual, spend
    )  # fmt: skip


def by_month(nights: Sequence[Night]) -> tuple[Month, ...]:
    """The sums of each month in which there was a night, the oldest first."""
    months = dict.fromkeys(f"{each.day:%Y-%m}" for each in nights)
    return tuple(in_all([each for each in nights if f"{each.day:%Y-%m}" == name], name) for name in months)


def in_all(nights: Sequence[Night], name: str = "total") -> Month:
    """The sum of nights."""
    hours, usd = sum(each.hours or 0.0 for each in nights), sum(each.usd or 0.0 for each in nights)
    return Month(name, len(nights), hours, usd)


def actual_spend(place: Place, first: date, last: date) -> Spend | None:
    """What AWS has billed for everything with the environment's tags, by day; None where that can't be had.

    Each request costs $0.01, so ask only where somebody wants it. Raises LandformError.
    """
    found = daily_spend(place.client("ce", REGION), first, last, own_tags(place))
    if found is None:
        return None
    currency = next(currency for _, currency in found.values())
    return Spend({day: amount for day, (amount, _) in found.items()}, currency)


def _since(nights: Sequence[Night], today: date) -> date:
    """The first night, but no further back than Cost Explorer has days; without any the last month."""
    first = nights[0].day if nights else today - timedelta(days=_MONTH)
    return min(max(first, today - timedelta(days=_YEAR)), today)


def _night(certificate: Certificate, zone: ZoneInfo) -> Night:
    day = datetime.fromisoformat(certificate.started).astimezone(zone).date()
    saved = certificate.savings
    return Night(day, certificate.run, saved.hours, saved.usd, certificate.sweep.is_clean)
