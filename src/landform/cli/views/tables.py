"""Small tables: outputs, checks of the machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from landform.cli.views.console import console, print_json
from landform.cli.views.visible import visible

if TYPE_CHECKING:
    from landform.workflows.doctor import Check
    from landform.workflows.outputs import StackOutput

_HIDDEN = "(sensitive value)"


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
