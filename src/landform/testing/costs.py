"""What a plan would cost in a real account, guessed too high rather than too low.

``rough_prices.csv`` holds prices for us-east-1 by type and, where it matters, size: hourly ones times 730,
storage for 10 GB (100 GB for a volume), requests by the million, an endpoint in three zones, four shards of a
stream. Its last columns say where each comes from; what is billed by the hour counts for one at least, what
costs 3 USD a month or less for the whole month.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

UNKNOWN_TYPE = 730.0
"""USD a month for a type of AWS resource that is not in the table: one an hour."""
UNKNOWN_SIZE = 7300.0
"""USD a month for a size that is not, of a type that has sizes: ten an hour."""

_HOURS = 730
_WHOLE_MONTH = 3.0
_TABLE = Path(__file__).with_name("rough_prices.csv")
_FREE_PROVIDERS = (
    "builtin/terraform",
    *(f"hashicorp/{name}" for name in ("random", "null", "local", "tls", "time", "archive", "http")),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """``usd`` for one use of a plan; ``unknown`` are the addresses whose price had to be assumed."""

    usd: float
    unknown: tuple[str, ...] = ()


def estimate(document: Mapping[str, Any], minutes: float) -> Estimate:
    """What is created by the plan ``document`` (Terraform's JSON) and stands for ``minutes``."""
    hours = max(1, math.ceil(minutes / 60))
    usd, unknown = 0.0, []
    for change in document.get("resource_changes", ()):
        if change.get("mode") != "managed" or "create" not in change["change"]["actions"]:
            continue
        monthly, is_known = _monthly(change)
        usd += monthly if monthly <= _WHOLE_MONTH else monthly * hours / _HOURS
        unknown += [] if is_known else [str(change["address"])]
    return Estimate(round(usd, 4), tuple(unknown))


def _monthly(change: Mapping[str, Any]) -> tuple[float, bool]:
    if str(change.get("provider_name", "")).endswith(_FREE_PROVIDERS):
        return 0.0, True
    prices = _prices().get(str(change["type"]))
    if prices is None:
        return UNKNOWN_TYPE, False
    after = change["change"].get("after") or {}
    for attribute, by_value in prices.items():
        found = by_value.get(str(after.get(attribute, "")) if attribute else "")
        if found is not None:
            return found, True
    return UNKNOWN_SIZE, False


@cache
def _prices() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """USD a month by type, attribute and its value; an attribute "" is for every other value."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: not row["attribute"])
    for row in rows:
        by_value = found.setdefault(row["type"], {}).setdefault(row["attribute"], {})
        by_value[row["value"]] = float(row["monthly_usd"])
    return found
