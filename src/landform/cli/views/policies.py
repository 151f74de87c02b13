"""What policies say, and the sum of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from landform.cli.views.console import console, print_json
from landform.cli.views.visible import visible
from landform.review.document import FORMAT_VERSION
from landform.review.findings import PolicyResult, Result, Verdict

_MARKS = {
    Result.PASS: ("✓", "green"),
    Result.WARN: ("!", "yellow"),
    Result.UNKNOWN: ("?", "magenta"),
    Result.DENY: ("✗", "red"),
}
_SHOWN = 20


def show_policies(
    results: Sequence[PolicyResult], verdict: Verdict, *, as_json: bool = False, no_color: bool = False
) -> None:
    """Each policy with what it says and of which resources, and the verdict last."""
    if as_json:
        policies = [asdict(each) for each in results]
        print_json({"format_version": FORMAT_VERSION, "policies": policies, "verdict": asdict(verdict)})
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for (policy, result, reason), addresses in _grouped(results).items():
        mark, style = _MARKS[result]
        table.add_row(Text(mark, style=style), Text(visible(policy), style="bold"), Text(visible(reason)))
        for line in _lines(addresses):
            table.add_row("", "", Text(f"  {line}", style="dim"))
    screen = console(no_color)
    screen.print(table if results else Text("The project has no policies."))
    sum_of_all = (str(verdict.result), f"bold {_MARKS[verdict.result][1]}")
    needs = f", approvals needed: {verdict.approvals}" if verdict.approvals else ""
    screen.print(Text.assemble("Verdict: ", sum_of_all, needs))


def _grouped(results: Sequence[PolicyResult]) -> dict[tuple[str, Result, str], list[str]]:
    """The addresses of which a policy says the same."""
    found: dict[tuple[str, Result, str], list[str]] = {}
    for each in results:
        addresses = found.setdefault((each.policy, each.result, each.reason), [])
        if each.address:
            addresses.append(each.address)
    return found


def _lines(addresses: Sequence[str]) -> list[str]:
    shown = [visible(address) for address in addresses[:_SHOWN]]
    left = len(addresses) - len(shown)
    return [*shown, f"… and {left} more; --json has all of them"] if left else shown
