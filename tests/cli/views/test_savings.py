"""Savings say the same in every format; a chart is to scale, and nothing on a page is run."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli.views.browser import CHROMIUM, browser
from landform.cli.sweep_formats import SavingsFormat
from landform.cli.views.savings import savings_view
from landform.cli.views.savings_chart import savings_chart
from landform.workflows.savings import Night, SavingsReport, Spend, by_month, in_all

MONDAY = date(2026, 11, 30)
NIGHTS = (
    Night(MONDAY, "run-1", 11.0, 2.0, True),
    Night(MONDAY, "run-2", 1.0, 2.0, True),
    Night(MONDAY + timedelta(days=1), "run-3", 11.0, 1.0, False),
    Night(MONDAY + timedelta(days=2), "<script>\x1b\u202e", None, None, True),
)


def _report(
    nights: tuple[Night, ...] = NIGHTS, spend: Spend | None = None, *, asked: bool = False
) -> SavingsReport:
    return SavingsReport("dev", "Europe/Berlin", nights, by_month(nights), in_all(nights), asked, spend)


def _shown(report: SavingsReport, wanted: SavingsFormat) -> str:
    """The view without a page's style and footer."""
    return re.sub(r"(?s)<(style|footer)>.*?</\1>", "", savings_view(report, wanted))


def test_nights_months_and_all_are_shown_in_text_and_on_the_page() -> None:
    text = savings_view(_report(), SavingsFormat.TEXT)
    assert "dev (Europe/Berlin): $5.00 saved in 4 nights, 23.0 hours" in text
    assert re.search(r"(?m)^2026-11 +2 +12\.0 +\$4\.00$", text)
    assert re.search(r"(?m)^2026-12 +2 +11\.0 +\$1\.00$", text)
    assert re.search(r"(?m)^2026-12-01 +11\.0 +\$1\.00  run-3, leftovers$", text)
    assert re.search(r"(?m)^2026-12-02 +– +–  <script>\\x1b\\u202e$", text)
    page = savings_view(_report(), SavingsFormat.HTML)
    for word in ("$5.00 saved in 4 nights", "2026-12-01", "$1.00", "run-3", "leftovers"):
        assert word in page


def test_a_page_runs_and_loads_nothing() -> None:
    page = _shown(_report(), SavingsFormat.HTML)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not {"\x1b", "\u202e"} & set(page)
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<(?:link|img|a)\b|\s(?:href|src|style|on\w+)=", page)


def test_the_json_has_every_night_and_the_bill() -> None:
    plain = json.loads(savings_view(_report(), SavingsFormat.JSON))
    assert plain["actual"] is None
    assert plain["total"] == {"nights": 4, "hours": 23.0, "usd": 5.0}
    assert plain["months"][1] == {"name": "2026-12", "nights": 2, "hours": 11.0, "usd": 1.0}
    assert plain["nights"][2] == {
        "day": "2026-12-01", "run": "run-3", "hours": 11.0, "usd": 1.0, "clean": False,
    }  # fmt: skip
    spend = Spend({MONDAY: 1.25, MONDAY + timedelta(days=1): 2.5}, "EUR")
    billed = json.loads(savings_view(_report(spend=spend, asked=True), SavingsFormat.JSON))
    assert billed["actual"] == {
        "currency": "EUR", "total": 3.75, "days": {"2026-11-30": 1.25, "2026-12-01": 2.5},
    }  # fmt: skip


@pytest.mark.parametrize("wanted", [SavingsFormat.TEXT, SavingsFormat.HTML])
def test_the_bill_stands_beside_the_savings_or_it_is_said_why_not(wanted: SavingsFormat) -> None:
    spend = Spend({MONDAY: 1.25, MONDAY + timedelta(days=1): 2.5})
    text = _shown(_report(spend=spend, asked=True), wanted)
    assert "AWS has billed 3.75 USD from 2026-11-30 to 2026-12-01" in text
    assert text.count("1.25") == 3  # its month, and two runs of one day
    assert text.count("billed") == 3
    unknown = _shown(_report(asked=True), wanted)
    assert "bill is not known" in unknown
    assert "ce:GetCostAndUsage" in unknown
    assert "cost allocation tags" in _shown(_report(spend=Spend({MONDAY: 0.0}), asked=True), wanted)
    assert "bill" not in _shown(_report(), wanted)


@pytest.mark.parametrize("wanted", list(SavingsFormat))
def test_without_certificates_there_is_nothing_to_add_up(wanted: SavingsFormat) -> None:
    text = _shown(_report(()), wanted)
    assert "svg" not in text
    if wanted is SavingsFormat.JSON:
        assert json.loads(text)["nights"] == []
    else:
        assert "o teardown has a certificate yet" in text


def test_a_chart_is_to_scale_and_has_a_place_for_each_day() -> None:
    chart = savings_chart(NIGHTS)
    assert chart is not None
    assert (chart.days, chart.most, chart.last) == (14, 4.0, MONDAY + timedelta(days=1))
    assert [(each.x, each.height, each.clean) for each in chart.bars] == [
        (12, 100.0, True),
        (13, 25.0, False),
    ]
    assert chart.bars[1].title == "Tue 2026-12-01: $1.00, 11 hours, something was left over"
    weeks = [Night(MONDAY + timedelta(days=7 * number), "r", 1.0, 1.0, True) for number in range(9)]
    long = savings_chart(weeks)
    assert long is not None
    assert (long.days, [each.x for each in long.bars]) == (31, [2, 9, 16, 23, 30])


def test_what_saved_nothing_has_no_chart() -> None:
    assert savings_chart(()) is savings_chart(NIGHTS[3:]) is None
    assert savings_chart([Night(MONDAY, "r", 0.0, 0.0, True)]) is None


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_the_chart_is_seen_on_any_screen(tmp_path: Path, scheme: str, width: int) -> None:
    (tmp_path / "savings.html").write_text(savings_view(_report(), SavingsFormat.HTML), encoding="utf-8")
    with browser(tmp_path) as page:
        page.emulate(scheme=scheme, width=width)
        page.show(tmp_path / "savings.html")
        assert page.run("document.documentElement.scrollWidth <= innerWidth")
        boxes = page.run(
            "[...document.querySelectorAll('.nights rect')].map(e => e.getBoundingClientRect())"
            ".map(b => [b.width, b.height, b.right <= innerWidth])"
        )
        assert page.faults == []
    (one, high, _), (other, low, _) = boxes
    assert one == pytest.approx(other, rel=0.01)
    assert one > 8
    assert (high / low, [each[2] for each in boxes]) == (pytest.approx(4, rel=0.01), [True, True])
