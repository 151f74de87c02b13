"""Reads an environment's ``usage.yaml``: what a month of use is, by address or type of resource."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landform.errors import Fault, Location
from landform.project.yaml_file import Document, read_yaml

FILE_NAME = "usage.yaml"


@dataclass(frozen=True, slots=True)
class UsageFile:
    """Figures by name of the entry, where each entry and figure stands, and what is wrong in the file.

    Whether there is such a resource, and such a figure of it, only a plan can tell.
    """

    entries: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], Location] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def read_usage(folder: Path, shown: str) -> UsageFile:
    """Read the file in an environment's ``folder``; there need not be one."""
    path, shown = folder / FILE_NAME, f"{shown}/{FILE_NAME}"
    if not path.exists():
        return UsageFile()
    document = read_yaml(path, shown)
    faults = list(document.faults)
    entries = _entries(document, faults)
    lines = {names: Location(shown, line) for names, line in document.lines.items() if names}
    return UsageFile(entries, lines, tuple(faults))


def _entries(document: Document, faults: list[Fault]) -> dict[str, dict[str, float]]:
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        faults.append(Fault(document.location(), "usage is a mapping of addresses or types."))
        return {}
    entries: dict[str, dict[str, float]] = {}
    for name, figures in document.data.items():
        if not isinstance(figures, dict):
            what = f"{name!r} needs figures under it, such as requests: 1000."
            faults.append(Fault(document.location(name), what))
            continue
        entries[str(name)] = {str(key): float(each) for key, each in figures.items() if _is_figure(each)}
        for key, each in figures.items():
            if not _is_figure(each):
                what = f"{key}: {each!r} is not a number of 0 or more."
                faults.append(Fault(document.location(name, key), what))
    return entries


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
