"""What is in the way of a destroy, and is lifted first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from landform.cli.views.console import console
from landform.cli.views.visible import visible
from landform.review.obstacles import Obstacle


def show_obstacles(obstacles: Sequence[Obstacle], *, no_color: bool = False) -> None:
    """List them under a heading."""
    out = console(no_color)
    out.print(Text.assemble((" Lifted before the destroy, by an apply of its own:", "bold")))
    for each in obstacles:
        out.print(Text(f"   {visible(each.address)}  {visible(each.why)}"), soft_wrap=True)
        out.print(Text(f"     {each.attribute} = {_literal(each.value)}", style="dim"), soft_wrap=True)
    out.print()


def obstacles_document(obstacles: Sequence[Obstacle]) -> list[dict[str, Any]]:
    """The same as JSON data."""
    return [{name: value for name, value in asdict(each).items() if name != "others"} for each in obstacles]


def _literal(value: bool | int | str) -> str:
    return f'"{visible(value)}"' if isinstance(value, str) else str(value).lower()
