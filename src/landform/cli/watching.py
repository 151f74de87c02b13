"""Shows what goes on while a plan is made or a run works; on standard error, so that output stays clean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from landform.cli.views.visible import visible, visible_lines
from landform.engine.events import Diagnostic, Event, Message, ResourceEvent, Severity

if TYPE_CHECKING:
    from landform.review import Review
    from landform.workflows.place import Place
    from landform.workflows.progress import Observer

_EXPECTED_WARNINGS = frozenset({"Value for undeclared variable", "Values for undeclared variables"})


@contextmanager
def watch_planning(
    place: Place, verbose: bool = False, quiet: bool = False, no_color: bool = False
) -> Iterator[Callable[[Event], None]]:
    """A spinner with what Terraform looks at; with ``verbose``, its own lines."""
    if verbose or not sys.stderr.isatty() or quiet:
        yield _say if verbose else _ignore
        return
    from landform.cli.views.console import console

    title = f"Planning {place.environment.name} as a whole"
    with console(no_color, stderr=True).status(f"{title} …") as spinner:

        def hear(event: Event) -> None:
            if isinstance(event, ResourceEvent):
                spinner.update(visible(f"{title}: {event.address}")[:100].replace("[", "\\["))

        yield hear


@contextmanager
def watch_run(review: Review, quiet: bool, no_color: bool, verbose: bool) -> Iterator[Observer]:
    """Stacks as rows on a terminal, one line an event elsewhere."""
    from landform.cli.views.live import LiveRun, PlainRun

    if not quiet and not verbose and sys.stdout.isatty():
        with LiveRun(review, no_color) as live:
            yield live.hear
    else:
        yield PlainRun(sys.stderr if quiet else sys.stdout).hear


def _ignore(_: Event) -> None:
    """Terraform's diagnostics come back with the result; nothing else is needed."""


def _say(event: Event) -> None:
    if isinstance(event, Diagnostic):
        expected = event.severity is Severity.WARNING and event.summary in _EXPECTED_WARNINGS
        text = "" if expected else event.render()
    elif isinstance(event, Message):
        text = event.text
    elif isinstance(event, ResourceEvent):
        text = f"{event.address}: {event.operation.value} {event.phase.value}"
    else:
        text = ""
    if text:
        sys.stderr.write("\n".join(visible_lines(text)) + "\n")
