"""What an environment's nights have saved: on a terminal, as a page, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from landform.cli.sweep_formats import SavingsFormat
from landform.cli.views.console import json_text
from landform.cli.views.phrases import plural
from landform.cli.views.savings_chart import savings_chart
from landform.cli.views.visible import visible, visible_parts
from landform.workflows.savings import Month, Night, SavingsReport, Spend

NO_BILL = (
    "AWS's bill is not known: Cost Explorer has nothing for the tags Project and Environment, "
    "or ce:GetCostAndUsage is not allowed."
)
UNTAGGED = (
    "AWS has billed nothing for the tags Project and Environment: are they cost allocation tags of the payer?"
)
_NIGHTS = 31


def savings_view(report: SavingsReport, wanted: SavingsFormat) -> str:
    """The report in a format."""
    match wanted:
        case SavingsFormat.HTML:
            return savings_html(report)
        case SavingsFormat.JSON:
            return json_text(_document(report))
        case SavingsFormat.TEXT:
            return "".join(f"{visible(line)}\n" for line in _lines(report))


def savings_html(report: SavingsReport) -> str:
    """The page: nothing in it is run or loaded, and everything is escaped."""
    from landform.cli.views.html import page_environment

    shown: SavingsReport = visible_parts(report)
    page = page_environment().get_template("savings.html.j2")
    return page.render(
        report=shown, chart=savings_chart(report.nights), billed=billed(report), headline=headline(report),
        nights=shown.nights[::-1], says_bill=bill_words(report),
    )  # fmt: skip


def headline(report: SavingsReport) -> str:
    """In one sentence: what was saved."""
    total = report.total
    if not total.nights:
        return "no teardown has a certificate yet"
    return f"${total.usd:,.2f} saved in {plural(total.nights, 'night')}, {total.hours:,.1f} hours"


def billed(report: SavingsReport) -> dict[str, float]:
    """What AWS has billed, by day and by month; empty where that is not known."""
    found: dict[str, float] = {}
    for day, amount in report.spend.days.items() if report.spend else ():
        found[day.isoformat()] = amount
        found[f"{day:%Y-%m}"] = found.get(f"{day:%Y-%m}", 0.0) + amount
    return found


def bill_words(report: SavingsReport) -> str:
    """A sentence about AWS's bill; empty where nobody asked."""
    if not report.asked:
        return ""
    if report.spend is None:
        return NO_BILL
    return _bill_total(report.spend) if report.spend.total else UNTAGGED


def _bill_total(spend: Spend) -> str:
    first, last = min(spend.days), max(spend.days)
    return (
        f"AWS has billed {spend.total:,.2f} {spend.currency} from {first} to {last} "
        "for everything with the environment's tags, stacks that stay included; the last days may grow."
    )


def _lines(report: SavingsReport) -> Iterator[str]:
    yield f"{report.environment} ({report.timezone}): {headline(report)}"
    if report.months:
        amounts, known = billed(report), report.spend is not None
        yield from ("", _row("month", "nights", "hours", "saved", "billed" if known else ""))
        yield from (_month(each, amounts, known=known) for each in report.months)
        yield from ("", _row("night", "", "hours", "saved", "billed" if known else ""))
        yield from (_night(each, amounts, known=known) for each in report.nights[-_NIGHTS:])
        if len(report.nights) > _NIGHTS:
            yield f"the last {_NIGHTS} of {len(report.nights)}; --format json has all"
    if words := bill_words(report):
        yield from ("", words)


def _row(*cells: str) -> str:
    first, *rest = cells
    return (f"{first:<10}" + "".join(f"{each:>12}" for each in rest)).rstrip()


def _month(month: Month, amounts: dict[str, float], *, known: bool) -> str:
    spent = _amount(amounts.get(month.name)) if known else ""
    return _row(month.name, str(month.nights), f"{month.hours:,.1f}", f"${month.usd:,.2f}", spent)


def _night(night: Night, amounts: dict[str, float], *, known: bool) -> str:
    day = night.day.isoformat()
    hours = f"{night.hours:,.1f}" if night.hours is not None else "–"
    usd = f"${night.usd:,.2f}" if night.usd is not None else "–"
    row = _row(day, "", hours, usd, _amount(amounts.get(day)) if known else "")
    return f"{row}  {night.run}{'' if night.clean else ', leftovers'}"


def _amount(amount: float | None) -> str:
    return "–" if amount is None else f"{amount:,.2f}"


def _document(report: SavingsReport) -> dict[str, Any]:
    spend = report.spend
    return {
        "format_version": "1.0",
        "environment": report.environment,
        "timezone": report.timezone,
        "nights": [asdict(each) | {"day": each.day.isoformat()} for each in report.nights],
        "months": [asdict(each) for each in report.months],
        "total": {name: value for name, value in asdict(report.total).items() if name != "name"},
        "actual": None if spend is None else {
            "currency": spend.currency,
            "total": round(spend.total, 2),
            "days": {day.isoformat(): amount for day, amount in spend.days.items()},
        },
    }  # fmt: skip
