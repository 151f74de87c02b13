"""The price table: the shipped one is sound, and a user's own rows go first or say what is wrong."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.review.cost.prices import COLUMNS, as_csv, load_prices, make_price, shipped_prices

_HEADER = ",".join(COLUMNS)
_NAT = "aws_nat_gateway:hours"


def _file(folder: Path, *rows: str, name: str = "prices.csv") -> tuple[Path, str]:
    path = folder / name
    path.write_text("\n".join((_HEADER, *rows)) + "\n", encoding="utf-8")
    return path, name


def _faults(*files: tuple[Path, str]) -> list[str]:
    with pytest.raises(ProjectInvalid) as caught:
        load_prices(files)
    return [str(fault) for fault in caught.value.faults]


def test_each_shipped_price_has_a_source_and_is_of_the_right_size() -> None:
    rows = shipped_prices().rows.values()
    assert len(rows) > 200
    assert [row.key for row in rows if not row.source or row.usd < 0 or row.usd > 70] == []
    assert {row.region for row in rows} == {"us-east-1", "global"}
    hourly = [row for row in rows if row.unit in ("hour", "node-hour")]
    assert [row.key for row in hourly if row.usd > 1] == []


def test_larger_machines_of_a_family_cost_in_proportion() -> None:
    """A slipped digit in a row would show here: each size costs twice the one below."""
    sizes = ("medium", "large", "xlarge", "2xlarge", "4xlarge")
    prices = {
        key.split(":")[1]: row.usd for (key, _), row in shipped_prices().rows.items() if ":linux:" in key
    }
    checked = 0
    for family in {name.split(".")[0] for name in prices}:
        for small, big in pairwise(sizes):
            if {f"{family}.{small}", f"{family}.{big}"} <= set(prices):
                checked += 1
                ratio = prices[f"{family}.{big}"] / prices[f"{family}.{small}"]
                assert float(ratio) == pytest.approx(2, rel=0.01), (family, big)
    assert checked > 25


def test_the_projects_rows_go_before_the_refreshed_ones_and_those_before_the_shipped(tmp_path: Path) -> None:
    refreshed = _file(
        tmp_path, f"{_NAT},hour,0.05,us-east-1,AWS,2026-11-20", "aws_eip:x,hour,1,eu-west-1,AWS,2026-11-20",
        name="refreshed.csv",
    )  # fmt: skip
    own = _file(tmp_path, f'{_NAT},hour,0.03,us-east-1,"our contract, 2026",2026-01')
    found = load_prices([refreshed, own])
    price = found.find(_NAT, "us-east-1")
    assert price is not None
    assert (float(price.usd), price.source) == (0.03, "our contract, 2026")
    assert found.find("aws_eip:x", "eu-west-1") is not None
    assert found.find("aws_kms_key:customer_managed", "us-east-1") is not None
    assert "0.03 USD per hour in us-east-1, 2026-01 (our contract, 2026)" in price.basis


def test_every_bad_row_of_every_file_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    first = _file(
        tmp_path,
        f"{_NAT},hour,free,us-east-1,me,2026-01-01",
        f"{_NAT},GB,1,us-east-1,me,2026-01-01",
        "aws x,hour,-1,Ireland,,yesterday",
        "aws_x,hour,1",
        "aws_y,hour,NaN,us-east-1,me,2026-02-30",
        "aws_z,hour,1,us-east-1,me,2026",
        "aws_z,hour,2,us-east-1,me,2026",
        name="a.csv",
    )
    second = tmp_path / "b.csv"
    second.write_text("resource,price\n", encoding="utf-8")
    found = _faults(first, (second, "b.csv"))
    expected = [
        "a.csv:2: price_usd 'free'", "a.csv:3: unit 'GB': aws_nat_gateway:hours is priced by 'hour'",
        "a.csv:4: resource 'aws x'", "a.csv:4: price_usd '-1'", "a.csv:4: region 'Ireland'",
        "a.csv:4: source is empty", "a.csv:4: as_of 'yesterday'", "a.csv:5: 3 columns instead of 6",
        "a.csv:6: price_usd 'NaN'", "a.csv:6: as_of '2026-02-30'",
        "a.csv:8: aws_z in us-east-1 stands on line 7",
        "b.csv:1: the first line has to be: resource,",
    ]  # fmt: skip
    assert all(any(fault.startswith(each) for fault in found) for each in expected), found
    assert len(found) == len(expected)


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    assert "can't be read" in _faults((tmp_path / "x.csv", "x.csv"))[0]


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert load_prices([(tmp_path / "none.csv", "none.csv")]).rows == shipped_prices().rows


def test_a_spreadsheets_mark_at_the_start_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"\ufeff{_HEADER}\n{_NAT},hour,1,us-east-1,me,2026\n", encoding="utf-8")
    price = load_prices([(tmp_path / "x.csv", "x.csv")]).find(_NAT, "us-east-1")
    assert price is not None
    assert price.usd == 1


def test_what_is_written_reads_as_the_same_prices(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(as_csv(shipped_prices().rows.values()), encoding="utf-8")
    assert load_prices([(tmp_path / "x.csv", "x.csv")]).rows == shipped_prices().rows


@pytest.mark.parametrize(
    ("unit", "hourly", "each"),
    [
        ("hour", 1, 0), ("LCU-hour", 1, 0), ("GB-month", 1 / 730, 0), ("GB", 0, 1), ("1M requests", 0, 1e-6),
        ("10k requests", 0, 1e-4), ("1M", 0, 1e-6),
    ],
)  # fmt: skip
def test_a_unit_says_what_is_counted(unit: str, hourly: float, each: float) -> None:
    price = make_price(("x", unit, "1", "us-east-1", "me", "2026"))
    assert float(price.hourly) == pytest.approx(hourly)
    assert float(price.each) == pytest.approx(each)


@pytest.mark.parametrize(
    ("as_of", "stale"),
    [
        ("2026-06-01", False),
        ("2026-05", True),
        ("2026-05-25", False),
        ("2026-05-24", True),
        ("recalled", True),
    ],
)
def test_a_price_is_stale_after_180_days(as_of: str, stale: bool) -> None:
    price = make_price(("x", "hour", "1", "us-east-1", "me", as_of))
    assert price.is_stale(date(2026, 11, 21)) is stale
