"""The table of prices: CSV rows, each with its source and its date; a project's own rows go first."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from landform.errors import Fault, Location, ProjectInvalid

COLUMNS = ("resource", "unit", "price_usd", "region", "source", "as_of")
GLOBAL = "global"
"""The region of a price that is the same everywhere."""
RECALLED = "recalled"
"""Instead of a date: nobody looked this price up."""
STALE_DAYS = 180
HOURS_A_MONTH = Decimal(730)
"""A month of a year of 8760 hours, as AWS's own calculator has it."""

_UNIT = re.compile(r"(?:(?P<count>\d+)(?P<scale>[kM]))?(?:(?:^| )(?P<what>[A-Za-z][A-Za-z -]*))?\Z")
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\Z")
_REGION = re.compile(r"global|[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
_SCALES = {"k": 1_000, "M": 1_000_000}
_SHIPPED = Path(__file__).with_name("prices.csv")


@dataclass(frozen=True, slots=True)
class Price:
    """One row: ``usd`` for one ``unit`` of ``key`` in ``region``.

    ``hourly`` is what one costs for an hour, where the unit is an hour or a month of something. ``each`` is
    what a single use costs where it is not: a millionth of ``usd`` where the unit is "1M requests".
    ``basis`` says all of it in one line, for a person who asks where a figure comes from.
    """

    key: str
    unit: str
    usd: Decimal
    region: str
    source: str
    as_of: str
    hourly: Decimal
    each: Decimal
    basis: str

    def is_stale(self, today: date) -> bool:
        """Whether the price is older than 180 days, or has no date. "2026-05" counts from its first day."""
        found = _DATE.match(self.as_of)
        if found is None:
            return True
        year, month, day = (int(part or 1) for part in found.groups())
        return (today - date(year, month, day)).days > STALE_DAYS


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by (key, region)."""

    rows: Mapping[tuple[str, str], Price]

    def find(self, key: str, region: str) -> Price | None:
        """The price in ``region``, or the one that is the same everywhere."""
        return self.rows.get((key, region)) or self.rows.get((key, GLOBAL))

    def find_all(self, keys: Sequence[str], region: str) -> list[Price]:
        """The prices of those ``keys`` that have one."""
        return [row for key in keys if (row := self.find(key, region))]


def load_prices(files: Iterable[tuple[Path, str]] = ()) -> Prices:
    """The shipped table under the rows of ``files``, each a path and how to show it; later ones go first.

    A file that does not exist is passed over. Raises ProjectInvalid with every bad row of all files.
    """
    faults: list[Fault] = []
    rows = dict(shipped_prices().rows)
    units = {price.key: price.unit for price in rows.values()}
    for path, shown in files:
        if path.exists():
            for line, price in _read(path, shown, faults):
                if units.get(price.key, price.unit) != price.unit:
                    what = f"unit {price.unit!r}: {price.key} is priced by {units[price.key]!r}."
                    faults.append(Fault(Location(shown, line), what))
                rows[price.key, price.region] = price
    if faults:
        raise ProjectInvalid(faults)
    return Prices(rows)


@cache
def shipped_prices() -> Prices:
    """The table that comes with landform."""
    faults: list[Fault] = []
    found = Prices({(each.key, each.region): each for _, each in _read(_SHIPPED, _SHIPPED.name, faults)})
    if faults:
        raise ProjectInvalid(faults)
    return found


def as_csv(prices: Iterable[Price]) -> str:
    """Rows as a file that ``load_prices`` reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((p.key, p.unit, f"{p.usd:f}", p.region, p.source, p.as_of) for p in prices)
    return text.getvalue()


def make_price(cells: Sequence[str]) -> Price:
    """One row of the six columns. Raises ValueError with a sentence a line for all that is wrong in it."""
    key, unit, usd, region, source, as_of = (cell.strip() for cell in cells)
    wrong = list(_wrong_cells(key, unit, usd, region, source)) + _wrong_date(as_of)
    if wrong:
        raise ValueError("\n".join(wrong))
    basis = f"{key} {usd} USD per {unit} in {region}, {as_of} ({source})"
    return Price(key, unit, Decimal(usd), region, source, as_of, *_rates(Decimal(usd), unit), basis)


def _rates(usd: Decimal, unit: str) -> tuple[Decimal, Decimal]:
    """The price of an hour and of a use; one of them is 0."""
    if unit.endswith("hour"):
        return usd, Decimal()
    if unit.endswith("month"):
        return usd / HOURS_A_MONTH, Decimal()
    scale = _UNIT.match(unit)
    per = int(scale["count"]) * _SCALES[scale["scale"]] if scale and scale["count"] else 1
    return Decimal(), usd / per


def _wrong_cells(key: str, unit: str, usd: str, region: str, source: str) -> Iterator[str]:
    if not key or re.search(r"\s", key):
        yield f"resource {key!r} is empty or holds a blank."
    if not unit or _UNIT.match(unit) is None:
        yield f"unit {unit!r} is none: write hour, GB-month, GB, 1M requests …"
    if not _is_amount(usd):
        yield f"price_usd {usd!r} is not an amount of 0 or more."
    if not _REGION.fullmatch(region):
        yield f"region {region!r} is neither a region's code nor {GLOBAL!r}."
    if not source:
        yield "source is empty: say where the price comes from."


def _wrong_date(as_of: str) -> list[str]:
    found = _DATE.match(as_of)
    try:
        if found:
            date(*(int(part or 1) for part in found.groups()))
    except ValueError:
        found = None
    if found or as_of == RECALLED:
        return []
    return [f"as_of {as_of!r} is not a date: write 2026-05-31, 2026-05, 2026 or {RECALLED!r}."]


def _is_amount(text: str) -> bool:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and amount >= 0


def _read(path: Path, shown: str, faults: list[Fault]) -> Iterator[tuple[int, Price]]:
    """(line, price) of each good row; what is wrong with the others goes to ``faults``."""
    try:
        reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True)
        header = next(reader, [])
        if tuple(cell.strip() for cell in header) != COLUMNS:
            faults.append(Fault(Location(shown, 1), f"the first line has to be: {','.join(COLUMNS)}"))
            return
        seen: dict[tuple[str, str], int] = {}
        for cells in reader:
            price = _row(cells, Location(shown, reader.line_num), faults) if cells else None
            if price and (first := seen.setdefault((price.key, price.region), reader.line_num)):
                if first == reader.line_num:
                    yield first, price
                else:
                    what = f"{price.key} in {price.region} stands on line {first} already."
                    faults.append(Fault(Location(shown, reader.line_num), what))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(Fault(Location(shown), f"can't be read: {error}."))


def _row(cells: Sequence[str], where: Location, faults: list[Fault]) -> Price | None:
    if len(cells) != len(COLUMNS):
        what = f"{len(cells)} columns instead of {len(COLUMNS)}; text with a comma needs quotes."
        faults.append(Fault(where, what))
        return None
    try:
        return make_price(cells)
    except ValueError as error:
        faults += [Fault(where, sentence) for sentence in str(error).split("\n")]
        return None
