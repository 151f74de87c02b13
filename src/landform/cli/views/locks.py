"""Locks and quarantines of an environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from landform.cli.views.ages import age
from landform.cli.views.console import console, print_json
from landform.cli.views.visible import visible

if TYPE_CHECKING:
    from landform.workflows.held_locks import HeldLock
    from landform.workflows.quarantine import Quarantine

_STYLES = {"alive": "green", "dead": "red", "unknown": "yellow"}


def show_locks(
    locks: Sequence[HeldLock],
    quarantines: Sequence[Quarantine],
    *,
    as_json: bool = False,
    no_color: bool = False,
) -> None:
    """Each lock with owner, age and what is known of its owner; then the stacks in quarantine."""
    if as_json:
        print_json(
            {"locks": [_document(each) for each in locks], "quarantine": [asdict(q) for q in quarantines]}
        )
        return
    out = console(no_color)
    if not locks:
        out.print("No locks.")
    for lock in locks:
        out.print(_table(lock))
    for each in quarantines:
        out.print(
            Text(visible(f"{each.stack} is in quarantine since {each.since}: {each.why}"), style="yellow")
        )


def _document(lock: HeldLock) -> dict[str, object]:
    return {**asdict(lock), "life": str(lock.life), "stack": lock.stack or None, "run": lock.run or None}


def _table(lock: HeldLock) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    life = Text.assemble((str(lock.life), _STYLES[str(lock.life)]), f"  {visible(lock.why)}")
    rows: list[tuple[str, Text]] = [
        ("lock of", Text(visible(lock.name), style="bold")),
        ("held by", Text(visible(lock.who))),
        ("operation", Text(visible(lock.operation))),
        ("since", Text(f"{visible(lock.created)}  {age(lock.created, datetime.now(UTC))}".rstrip())),
        ("owner", life),
        ("id", Text(visible(lock.id))),
    ]
    for name, value in rows:
        table.add_row(Text(name, style="dim"), value)
    table.add_row("", "")
    return table
