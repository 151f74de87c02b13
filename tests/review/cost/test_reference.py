"""The page on prices and usage lists what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

from landform.review.cost.mappers import MAPPERS
from landform.review.cost.prices import COLUMNS, make_price

_PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "cost.md").read_text(encoding="utf-8")


def test_every_type_is_listed_with_the_usage_it_takes() -> None:
    rows = re.findall(r"(?m)^\| `(aws_\w+)` \| (.*) \|$", _PAGE)
    listed = {kind: tuple(re.findall(r"`(\w+)`", usage)) for kind, usage in rows}
    assert listed == {kind: mapper.usage for kind, mapper in MAPPERS.items()}


def test_the_example_of_an_own_price_is_one() -> None:
    header, row = re.findall(r"(?ms)^```csv\n(.*?)\n```$", _PAGE)[0].split("\n")
    assert tuple(header.split(",")) == COLUMNS
    assert make_price(row.split(",")).usd == 5
