"""What tests have left standing, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from landform.workflows.live import LiveStack
    from landform.workflows.sweep import Swept


def show_left(stacks: Iterable[LiveStack]) -> int:
    """Say where each stands; returns how many there are."""
    lines = [f"{stack.test}: in {stack.where}, from {stack.folder}" for stack in stacks]
    return _show(lines)


def show_swept(swept: Iterable[Swept]) -> int:
    """Say what became of each, as it happens; returns how many still stand."""
    from landform.workflows.sweep import Ending

    left = 0
    for each in swept:
        typer.echo(f"{each.stack.test}: {each.ending} ({each.stack.where})")
        for line in filter(None, (each.why, each.command)):
            typer.echo(f"  {line}")
        left += each.ending is Ending.KEPT
    return left


def show_foreign(paths: Iterable[Path]) -> int:
    """Name files in the journal that are no entries; returns how many there are."""
    return _show([f"{path}: not an entry of the journal; look at it, then remove it" for path in paths])


def _show(lines: list[str]) -> int:
    for line in lines:
        typer.echo(line)
    return len(lines)
