"""Small tables: outputs, status, checks of the machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from landform.cli.views.console import console, print_json
from landform.cli.views.visible import visible
from landform.workflows.status import Standing

if TYPE_CHECKING:
    from landform.workflows.doctor import Check
    from landform.workflows.outputs import StackOutput
    from landform.workflows.status import StackStatus

_HIDDEN = "(sensitive value)"
_STYLES = {
    Standing.NEVER: "dim",
    Standing.APPLIED: "green",
    Standing.CHANGED: "yellow",
    Standing.ELSEWHERE: "cyan",
}


def show_outputs(
    outputs: Sequence[StackOutput], *, show_sensitive: bool, as_json: bool = False, no_color: bool = False
) -> None:
    """Outputs by stack; sensitive ones are hidden unless asked for."""

    def value(output: StackOutput) -> object:
        return output.value if show_sensitive or not output.sensitive else _HIDDEN

    if as_json:
        found: dict[str, dict[str, object]] = {}
        for output in outputs:
            found.setdefault(output.stack, {})[output.name] = value(output)
        print_json(found)
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    last = ""
    for output in outputs:
        shown = value(output)
        text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
        table.add_row(
            Text(output.stack if output.stack != last else "", style="bold"),
            output.name,
            Text(visible(text, "\n\t")),
        )
        last = output.stack
    console(no_color).print(table if outputs else Text("No outputs: nothing is applied."))


def show_status(found: Sequence[StackStatus], *, as_json: bool = False, no_color: bool = False) -> None:
    """Stacks as rows, environments as columns."""
    if as_json:
        print_json(
            [
                {"environment": each.environment, "stack": each.stack, "standing": str(each.standing),
                 "resources": each.resources, "serial": each.serial, "applied_at": each.at or None}
                for each in found
            ]
        )  # fmt: skip
        return
    environments = list(dict.fromkeys(each.environment for each in found))
    cells = {(each.stack, each.environment): each for each in found}
    table = Table(box=None, padding=(0, 2), header_style="bold")
    table.add_column("stack", style="bold", no_wrap=True)
    for name in environments:
        table.add_column(name, no_wrap=True)
    for stack in dict.fromkeys(each.stack for each in found):
        table.add_row(stack, *(_cell(cells[(stack, name)]) for name in environments))
    console(no_color).print(table)


def _cell(status: StackStatus) -> Text:
    count = f", {status.resources} resource{'s' if status.resources != 1 else ''}" if status.resources else ""
    return Text.assemble((str(status.standing), _STYLES[status.standing]), (count, "dim"))


def show_checks(checks: Sequence[Check], *, as_json: bool = False, no_color: bool = False) -> None:
    """What ``doctor`` found."""
    if as_json:
        print_json([{"name": each.name, "ok": each.ok, "detail": each.detail} for each in checks])
        return
    table = Table.grid(padding=(0, 2))
    for each in checks:
        mark = Text("✓", style="green") if each.ok else Text("✗", style="red")
        table.add_row(mark, Text(each.name, style="bold"), Text(each.detail))
    console(no_color).print(table)
