"""Data that ends with the object it is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landform.planning.changes import Change
from landform.review.risk.scene import Hit, Scene, about, lower
from landform.review.risk.stateful import STATEFUL, Kept, Stateful
from landform.review.risk.values import first, is_sensitive, reasons, shown

_DISPOSABLE = {
    "force_destroy": True,
    "force_delete": True,
    "skip_final_snapshot": True,
    "skip_final_backup": True,
    "recovery_window_in_days": 0,
}


def data_loss(scene: Scene) -> Iterator[Hit]:
    """Each object that holds data and is deleted or replaced, and whether anything of it is kept."""
    for change in scene.of_types(STATEFUL):
        if change.action.destroys:
            yield _loss(scene, change, STATEFUL[change.type])


def _loss(scene: Scene, change: Change, row: Stateful) -> Hit:
    before = change.before.value
    kept = next((each for each in row.kept if each.when(first(before, each.path))), None)
    severity = lower(row.severity) if kept else row.severity
    if scene.context.ephemeral and is_disposable(before):
        severity = lower(severity)
    return about(change, _title(change, row, kept), _evidence(scene, change, kept, row), severity, row.advice)


def is_disposable(before: Any) -> bool:
    """Whether the object itself says that it may be thrown away with its data."""
    return any(first(before, name) == value for name, value in _DISPOSABLE.items())


def _title(change: Change, row: Stateful, kept: Kept | None) -> str:
    ends = "a left-over of it will be deleted" if change.deposed else "it will be deleted"
    tail = f"; {kept.says}" if kept else f" {row.bare}".rstrip()
    successor = "; its successor is empty" if change.action.is_replacement else ""
    return f"holds data ({row.lost}): {ends}{tail}{successor}"


def _evidence(scene: Scene, change: Change, kept: Kept | None, row: Stateful) -> str:
    """The flag that decides how bad it is, as the state has it, and what forces a replacement."""
    redactor = scene.context.redactor
    told = reasons(change, redactor)
    for each in [kept] if kept else row.kept:
        secret = is_sensitive(change.before, tuple(each.path.split(".")))
        told.append(
            f"{each.path}: {shown(first(change.before.value, each.path), redactor, sensitive=secret)}"
        )
    return ", ".join(told)
