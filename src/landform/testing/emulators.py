"""Hands out emulators: whoever holds one has it alone, and gives it back empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from landform.testing.emulator import Emulator, start_emulator


@dataclass(slots=True)
class Emulators:
    """The emulators of one pytest process: one as a rule, one more for each stack that outlives its test.

    ``reset`` would otherwise end a session's stack together with a function's.
    """

    folder: Path
    start: Callable[[Path], Emulator] = start_emulator
    _free: list[Emulator] = field(default_factory=list)
    _held: dict[str, Emulator] = field(default_factory=dict)

    def held_by(self, owner: str) -> Emulator | None:
        """The emulator that ``owner`` has, None where it has none."""
        return self._held.get(owner)

    def lease(self, owner: str) -> Emulator:
        """An emulator for ``owner`` alone; the same one until it is released. Raises ``SandboxFailed``."""
        if owner not in self._held:
            number = len(self._held) + len(self._free)
            found = self._free.pop() if self._free else self.start(self.folder / f"emulator{number}")
            self._held[owner] = found
        return self._held[owner]

    def release(self, owner: str) -> None:
        """Empty the emulator that ``owner`` had, for the next one."""
        emulator = self._held.pop(owner, None)
        if emulator is not None:
            emulator.reset()
            self._free.append(emulator)

    def stop(self) -> None:
        """End them all."""
        for emulator in (*self._held.values(), *self._free):
            emulator.stop()
        self._held.clear()
        self._free.clear()
