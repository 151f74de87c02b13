"""Where the time of a test goes, phase by phase."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """Adds up seconds and processes by phase until ``taken`` hands them over."""

    _seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _processes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @contextmanager
    def timed(self, phase: str, processes: int = 1) -> Iterator[None]:
        """Count what happens inside as ``phase``."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds[phase] += time.monotonic() - began
            self._processes[phase] += processes

    def taken(self) -> list[tuple[str, float]]:
        """JUnit properties such as ``tf.apply_seconds`` and ``tf.apply_processes`` since the last time."""
        found: list[tuple[str, float]] = []
        for phase, seconds in self._seconds.items():
            found.append((f"tf.{phase}_seconds", round(seconds, 3)))
            found.append((f"tf.{phase}_processes", self._processes[phase]))
        self._seconds.clear()
        self._processes.clear()
        return found
