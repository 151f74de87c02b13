"""Where the time went, at the end of a run; and reports that give no secret away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from landform.planning.redaction import Redactor
    from landform.testing.plans import PlannedModule

_PREFIX, _SECONDS, _PROCESSES = "tf.", "_seconds", "_processes"
_LINES = 40


@dataclass(slots=True)
class PhaseTable:
    """Adds up the ``tf.…`` properties of all tests, of all workers."""

    _rows: dict[str, list[tuple[float, int, str]]] = field(default_factory=dict)

    def add(self, report: pytest.TestReport) -> None:
        """Take the last report of a test."""
        given = {str(name): value for name, value in report.user_properties}
        for name, value in given.items():
            if name.startswith(_PREFIX) and name.endswith(_SECONDS):
                phase = name.removeprefix(_PREFIX).removesuffix(_SECONDS)
                processes = int(str(given.get(f"{_PREFIX}{phase}{_PROCESSES}", 1)))
                row = (float(str(value)), processes, report.nodeid)
                self._rows.setdefault(phase, []).append(row)

    def lines(self) -> list[str]:
        """One line a phase, the longest first; none when terraform was not used."""
        if not self._rows:
            return []
        rows = sorted(self._rows.items(), key=lambda row: -sum(seconds for seconds, _, _ in row[1]))
        lines = [f"{'phase':10} {'processes':>9} {'seconds':>8} {'each':>6}  slowest"]
        for phase, found in rows:
            seconds = sum(one[0] for one in found)
            processes = sum(one[1] for one in found)
            slowest = max(found)
            each = seconds / max(1, processes)
            lines.append(
                f"{phase:10} {processes:9} {seconds:8.1f} {each:6.1f}  {slowest[2]} {slowest[0]:.1f} s"
            )
        return lines


def redact(report: pytest.TestReport, redactor: Redactor) -> None:
    """Take every known secret out of what a report shows and stores."""
    report.sections = [(title, redactor.text(text)) for title, text in report.sections]
    if report.longrepr is not None and not isinstance(report.longrepr, tuple):
        text = str(report.longrepr)
        hidden = redactor.text(text)
        if hidden != text:
            report.longrepr = hidden


def add_plans(report: pytest.TestReport, plans: Sequence[PlannedModule]) -> None:
    """Show a failed test's last plan."""
    for plan in plans[-1:]:
        report.sections.append(("terraform plan", "\n".join(_cut(plan.lines()))))


def _cut(lines: list[str]) -> Iterable[str]:
    yield from lines[:_LINES]
    if len(lines) > _LINES:
        yield f"… and {len(lines) - _LINES} more lines"
