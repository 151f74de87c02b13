"""What an environment costs, in USD, before and after the change."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Money:
    """A range in USD; ``low`` and ``high`` are equal where the price is pinned."""

    low: float = 0.0
    high: float = 0.0

    @property
    def shown(self) -> str:
        """``$52.30``, or ``$40.00 to $52.30`` where the price is a range."""
        low, high = (
            f"{'-' if round(each, 2) < 0 else ''}${abs(each):,.2f}" for each in (self.low, self.high)
        )
        return low if low == high else f"{low} to {high}"

    def __add__(self, other: Money) -> Money:
        return Money(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Money) -> Money:
        """The difference, where each side is as likely low as high together: ends are subtracted in pairs."""
        ends = (self.low - other.low, self.high - other.high)
        return Money(min(ends), max(ends))


@dataclass(frozen=True, slots=True)
class CostLine:
    """One resource's cost a month. None: it does not exist on that side, or has no price (see ``unpriced``).

    ``hourly`` is what it costs for each hour it lives, on the side that it will be. ``basis`` names the rows
    of the table, each with its source and date.
    """

    address: str
    stack: str
    type: str
    before: Money | None = None
    after: Money | None = None
    hourly: Money | None = None
    basis: tuple[str, ...] = ()
    unpriced: str = ""
    usage: str = ""


@dataclass(frozen=True, slots=True)
class StackCost:
    """The sum of one stack a month."""

    stack: str
    before: Money = Money()
    after: Money = Money()


@dataclass(frozen=True, slots=True)
class CostReview:
    """The cost of an environment a month. ``hours`` is how long its perishable parts live in a month.

    ``free`` counts resources that cost nothing by themselves; ``unpriced`` lines are never counted as zero.
    ``complete``: all that will be there has a price, though use that nobody stated is left out.
    """

    before: Money = Money()
    after: Money = Money()
    hours: float = 730.0
    priced: int = 0
    free: int = 0
    total: int = 0
    lines: tuple[CostLine, ...] = ()
    stacks: tuple[StackCost, ...] = ()
    unpriced: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    complete: bool = True

    @property
    def difference(self) -> Money:
        """What the change adds a month."""
        return self.after - self.before
