"""What each night saves as bars, for a page: as wide as there is room, with the words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from landform.cli.views.phrases import plural
from landform.workflows.savings import Night

_LEAST, _DAYS = 14, 31
_HEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A day on which something was torn down, ``x`` days after the first; ``height`` is of 100."""

    x: int
    height: float
    title: str
    clean: bool


@dataclass(frozen=True, slots=True)
class SavingsChart:
    """The last ``days`` up to the newest night. ``most`` is what a bar of 100 saves, in USD."""

    first: date
    last: date
    days: int
    most: float
    bars: tuple[Bar, ...]

    @property
    def label(self) -> str:
        """What it shows, for who can't see it."""
        usd = sum(1 for each in self.bars if each.height)
        return f"Savings of {plural(usd, 'day')} from {self.first} to {self.last}, ${self.most:,.2f} at most"


def savings_chart(nights: Sequence[Night]) -> SavingsChart | None:
    """The chart; None where no night is known to save anything."""
    by_day: dict[date, list[Night]] = {}
    for each in nights:
        if each.usd is not None:
            by_day.setdefault(each.day, []).append(each)
    if not by_day:
        return None
    last = max(by_day)
    days = min(max((last - min(by_day)).days + 1, _LEAST), _DAYS)
    first = last - timedelta(days=days - 1)
    shown = {day: every for day, every in sorted(by_day.items()) if day >= first}
    most = max(map(_usd, shown.values()))
    if not most:
        return None
    bars = tuple(_bar(day, every, first, most) for day, every in shown.items())
    return SavingsChart(first, last, days, most, bars)


def _bar(day: date, nights: Sequence[Night], first: date, most: float) -> Bar:
    usd, hours = _usd(nights), sum(each.hours or 0.0 for each in nights)
    clean = all(each.clean for each in nights)
    left = "" if clean else ", something was left over"
    title = f"{day:%a %Y-%m-%d}: ${usd:,.2f}, {hours:g} hours{left}"
    return Bar((day - first).days, round(_HEIGHT * usd / most, 2), title, clean)


def _usd(nights: Sequence[Night]) -> float:
    return sum(each.usd or 0.0 for each in nights)
