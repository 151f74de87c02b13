"""A run as it goes on: rows on a terminal, lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from landform.cli.views.visible import visible
from landform.workflows.progress import Phase, StackProgress

if TYPE_CHECKING:
    from rich.table import Table

    from landform.review import Review

_MARKS = {
    Phase.WAITING: ("·", "dim"),
    Phase.DONE: ("✓", "green"),
    Phase.UNCHANGED: ("✓", "dim"),
    Phase.FAILED: ("✗", "red"),
    Phase.REFUSED: ("✗", "red"),
    Phase.BLOCKED: ("–", "yellow"),
    Phase.INTERRUPTED: ("!", "yellow"),
}


class LiveRun:
    """Redraws a table of the stacks: mark, phase, progress, current resource, seconds."""

    def __init__(self, review: Review, no_color: bool) -> None:
        from rich.live import Live

        from landform.cli.views.console import console

        changing = [stack.stack for stack in review.stacks if stack.changes or stack.outputs]
        self._rows = {name: StackProgress(name, Phase.WAITING) for name in changing}
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._live = Live(
            get_renderable=self._table, console=console(no_color), refresh_per_second=8, transient=True
        )

    def __enter__(self) -> LiveRun:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def hear(self, news: StackProgress) -> None:
        """Take a stack's news."""
        self._began.setdefault(news.stack, time.monotonic())
        if news.phase.is_final:
            self._took[news.stack] = time.monotonic() - self._began[news.stack]
        before = self._rows.get(news.stack)
        total = news.total or (before.total if before is not None else 0)
        finished = max(news.finished, before.finished if before is not None else 0)
        finished = total if news.phase is Phase.DONE else finished
        self._rows[news.stack] = StackProgress(news.stack, news.phase, news.resource, finished, total)

    def _table(self) -> Table:
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2), expand=True)
        for width in (1, None, 11, 7):
            table.add_column(width=width, no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", width=6, no_wrap=True)
        for name, row in self._rows.items():
            mark = _MARKS.get(row.phase)
            sign = Text(mark[0], style=mark[1]) if mark else Spinner("dots", style="cyan")
            progress = f"{row.finished}/{row.total}" if row.total else ""
            style = mark[1] if mark else ""
            table.add_row(
                sign, Text(name, style="bold"), Text(str(row.phase), style=style), progress,
                Text(visible(row.resource), style="dim"), self._seconds(name),
            )  # fmt: skip
        return table

    def _seconds(self, name: str) -> str:
        if name not in self._began:
            return ""
        took = self._took.get(name, time.monotonic() - self._began[name])
        return f"{took:.0f}s"


class PlainRun:
    """One line for each phase and each finished resource, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: dict[str, Phase] = {}

    def hear(self, news: StackProgress) -> None:
        """Take a stack's news."""
        if self._last.get(news.stack) is news.phase and not news.completed:
            return
        self._last[news.stack] = news.phase
        progress = f" {news.finished}/{news.total}" if news.total else ""
        resource = f" {news.completed}" if news.completed else ""
        line = f"{news.stack}: {news.phase}{progress}{resource}{news.detail and ': ' + news.detail}"
        self._stream.write(f"{visible(line)}\n")
        self._stream.flush()
