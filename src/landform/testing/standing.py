"""Joins in where stacks are applied and end: what stands is in the journal, on disk before it is made."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from landform.testing.stacks import Stack
    from landform.workflows.live import Journal, LiveStack


def left_by(config: pytest.Config, run: str) -> tuple[LiveStack, ...]:
    """The stacks of a run that are still in the journal: their destroy failed."""
    from landform.workflows.live import FOLDER, read_journal

    return tuple(one for one in read_journal(config.rootpath / FOLDER) if one.run == run)


def lines_about(left: Iterable[LiveStack]) -> list[str]:
    """What to do about stacks that could not be destroyed, for the end of a run."""
    from landform.workflows.live import destroy_command

    lines = []
    for stack in left:
        where = stack.where if stack.emulator is None else f"{stack.where}, which has ended with this run"
        lines += [f"not destroyed: {stack.test}, in {where}", f"  {destroy_command(stack)}"]
    return [*lines, "All that is left goes with: landform test sweep"] if lines else []


def remove_all_but(folder: Path, kept: Iterable[str]) -> None:
    """Remove a run's folder, save the working folders of stacks that could not be destroyed."""
    keep = {Path(top).resolve() for top in kept}
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.glob("*/*"):
        if path.resolve() not in keep:
            shutil.rmtree(path, ignore_errors=True)


@dataclass(slots=True)
class Standing:
    """Keeps the journal of one pytest process. ``account`` tells the real account that it may use."""

    run: str
    worker: str
    account: Callable[[], str | None]
    _entries: dict[int, LiveStack] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_landform_applying(self, config: pytest.Config, stack: Stack) -> None:
        """Write it down, once for each stack."""
        if id(stack) in self._entries:
            return
        emulator = stack.origin.emulator
        self._entries[id(stack)] = self._journal(config).open(
            stack.origin.test,
            stack.terraform,
            stack.access,
            top=stack.work.top,
            account_id=None if stack.access.is_emulated else self.account(),
            emulator=emulator.process if emulator else None,
        )

    def pytest_landform_gone(self, config: pytest.Config, stack: Stack) -> None:
        """Forget it."""
        entry = self._entries.pop(id(stack), None)
        if entry is not None:
            self._journal(config).close(entry)

    def _journal(self, config: pytest.Config) -> Journal:
        from landform.workflows.live import FOLDER, Journal

        return Journal(config.rootpath / FOLDER, self.run, self.worker)
