"""The price table of a project: what it says, and how it is refreshed from AWS."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from landform.aws.credentials import Access, real_environment
from landform.aws.prices import REGION, PriceQuery, ask_prices, price_list, query_of
from landform.errors import LandformError
from landform.generator.files import write_text
from landform.project import Project
from landform.review.cost.prices import GLOBAL, Price, Prices, as_csv, load_prices, make_price, shipped_prices
from landform.workflows.place import WORK

FILE = "prices.csv"
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How a refresh went: how many prices lie in ``path`` now, and which rows kept their old ones.

    ``missing``: AWS does not sell it there. ``ambiguous``: it gave several. ``unasked``: no query fits.
    """

    path: Path
    found: int
    regions: tuple[str, ...]
    missing: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


def price_table(folder: Path) -> Prices:
    """The shipped prices, under those of the last refresh, under the project's own. Raises ProjectInvalid."""
    return load_prices([(folder / WORK / FILE, f"{WORK}/{FILE}"), (folder / FILE, FILE)])


def refresh_prices(project: Project, endpoint_url: str | None = None) -> Refreshed:
    """Ask AWS for the table's rows in every region of the project, and keep all answers or none.

    Uses the shell's own credentials; they need ``pricing:GetProducts``. Raises LandformError.
    """
    regions = tuple(sorted({each.region for each in project.environment_by_name.values()}))
    rows = {price.key: price for price in shipped_prices().rows.values() if price.region != GLOBAL}
    queries = {key: query for key in rows if (query := query_of(key)) is not None}
    wanted = [(rows[key], query, region) for region in regions for key, query in queries.items()]
    answers = _ask(wanted, endpoint_url)
    today = datetime.now(UTC).date().isoformat()
    found: list[Price] = []
    missing: list[str] = []
    ambiguous: list[str] = []
    for (row, _, region), usd in zip(wanted, answers, strict=True):
        if len(usd) == 1:
            cells = (row.key, row.unit, f"{usd[0]:f}", region, "AWS Price List", today)
            found.append(make_price(cells))
        else:
            (ambiguous if usd else missing).append(f"{row.key} in {region}")
    if not found:
        raise LandformError("AWS has none of the table's prices", "Check the regions of the environments.")
    path = project.folder / WORK / FILE
    write_text(path, as_csv(found))
    unasked = tuple(sorted(set(rows) - set(queries)))
    return Refreshed(path, len(found), regions, tuple(missing), tuple(ambiguous), unasked)


def _ask(
    wanted: Iterable[tuple[Price, PriceQuery, str]], endpoint_url: str | None
) -> Sequence[tuple[Decimal, ...]]:
    pricing = price_list(_access(endpoint_url))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = [pool.submit(ask_prices, pricing, query, region) for _, query, region in wanted]
        try:
            return [each.result() for each in asked]
        except LandformError:
            pool.shutdown(cancel_futures=True)
            raise


def _access(endpoint_url: str | None) -> Access:
    if endpoint_url is None:
        return Access(real_environment(os.environ, REGION), REGION)
    from landform.aws.emulator import emulated_access

    return emulated_access(endpoint_url, None, REGION)
