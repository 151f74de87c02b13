"""The price table, and how its refresh went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from landform.cli.views.console import console, print_json

if TYPE_CHECKING:
    from landform.review.cost.prices import Prices
    from landform.workflows.prices import Refreshed

_NAMED = 6


def show_price_table(
    prices: Prices, beginning: str, *, as_json: bool = False, no_color: bool = False
) -> None:
    """The rows whose resource begins so, in the order of the alphabet."""
    rows = [prices.rows[name] for name in sorted(prices.rows) if name[0].startswith(beginning)]
    if as_json:
        print_json(
            [
                {"resource": each.key, "unit": each.unit, "price_usd": str(each.usd), "region": each.region,
                 "source": each.source, "as_of": each.as_of}
                for each in rows
            ]
        )  # fmt: skip
        return
    out = console(no_color)
    for each in rows:
        out.print(Text(f"{each.key}  {each.usd:f} USD per {each.unit}  {each.region}"))
        out.print(Text(f"    {each.as_of}  {each.source}", style="dim"))
    if not rows:
        out.print(Text(f"No row begins with {beginning!r}."))


def show_refreshed(done: Refreshed, *, no_color: bool = False) -> None:
    """How many prices are new, and which rows are not."""
    out = console(no_color)
    out.print(Text(f"{done.found} prices of {', '.join(done.regions)} in {done.path}"))
    for what, names in (
        ("AWS does not sell", done.missing),
        ("AWS gives several prices for", done.ambiguous),
        ("not asked, as no query gives them alone:", done.unasked),
    ):
        if names:
            out.print(Text(f"{what} {_some(names)}", style="dim"))


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
