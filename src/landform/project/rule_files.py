"""Files of rules that say why and until when: one beside ``landform.yaml``, one for an environment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from landform.errors import Fault, ProjectInvalid
from landform.project.yaml_file import Document, read_yaml

Rule = TypeVar("Rule")
ReadRule = Callable[[Any, int, Document], Rule | list[Fault]]
"""Makes a rule of an entry of the file, its index and the file; or says what is wrong with it."""


def read_rules(
    folder: Path,
    file_name: str,
    environment: str,
    begins: str,
    read: ReadRule[Rule],
    home: Path | None = None,
) -> tuple[Rule, ...]:
    """The rules of a project, and of one environment unless its name is empty.

    ``home`` is where environments are, if ``folder`` is a copy: that has none.
    ``begins`` tells how an entry begins, to whom wrote no list. Raises ProjectInvalid with all faults.
    """
    faults: list[Fault] = []
    found: list[Rule] = []
    wanted = {file_name: folder / file_name}
    if environment:
        name = f"environments/{environment}/{file_name}"
        wanted[name] = (home or folder) / name
    for name, path in wanted.items():
        if path.exists():
            _collect(read_yaml(path, name), begins, read, found, faults)
    if faults:
        raise ProjectInvalid(faults)
    return tuple(found)


def day_of(text: object) -> date | None:
    """The day that ``text`` says, None where it says none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _collect(
    document: Document, begins: str, read: ReadRule[Rule], found: list[Rule], faults: list[Fault]
) -> None:
    faults += document.faults
    if document.faults or document.data is None:
        return
    if not isinstance(document.data, list):
        faults.append(Fault(document.location(), f"it is no list: begin each {begins}."))
        return
    for index, raw in enumerate(document.data):
        entry = read(raw, index, document)
        if isinstance(entry, list):
            faults += entry
        else:
            found.append(entry)
