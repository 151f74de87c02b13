"""Reads an environment's ``terraform.tfvars`` and ``terraform.tfvars.json``: values, their lines, faults.

Terraform reads the same files itself when it plans; this reading is for checks before that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from landform.errors import Fault, Location
from landform.project.module import hcl_fault

FILE_NAMES = ("terraform.tfvars", "terraform.tfvars.json")


@dataclass(frozen=True, slots=True)
class Values:
    """Variable values of one environment and where each stands."""

    data: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, Location] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_values(folder: Path, shown: str) -> Values:
    """Read both files of one environment's folder; a variable in both is a fault."""
    data: dict[str, object] = {}
    lines: dict[str, Location] = {}
    faults: list[Fault] = []
    files = tuple(folder / name for name in FILE_NAMES if (folder / name).is_file())
    for path in files:
        place = f"{shown}/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(Location(place), f"can't be read: {error}."))
            continue
        read = _read_json if path.suffix == ".json" else _read_hcl
        for name, value in read(text, place, faults).items():
            where = Location(place, _line_of(name, text))
            if name in data:
                what = f"duplicate variable {name!r}: {lines[name]} sets it already."
                faults.append(Fault(where, what, "Remove one of the two."))
            data[name], lines[name] = value, where
    return Values(data, lines, files, tuple(faults))


def _read_hcl(text: str, place: str, faults: list[Fault]) -> dict[str, object]:
    import pygohcl

    try:
        return cast("dict[str, object]", pygohcl.attributes_loads(text))
    except pygohcl.HCLParseError as error:
        fault = hcl_fault(Path(place), error)
        code = "Functions may not" in fault.what or "Variables may not" in fault.what
        hint = "Values are literals here; write $${ for the text ${." if code else ""
        faults.append(Fault(fault.where, fault.what, hint))
        return {}


def _read_json(text: str, place: str, faults: list[Fault]) -> dict[str, object]:
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        faults.append(Fault(Location(place, error.lineno), f"not valid JSON: {error.msg}."))
        return {}
    if not isinstance(parsed, dict):
        faults.append(Fault(Location(place, 1), "not an object of variables."))
        return {}
    return parsed


def _line_of(name: str, text: str) -> int:
    """The line where ``name`` is set; of several (attributes inside values too) the least indented."""
    pattern = rf'^([ \t{{,]*)(?:"{re.escape(name)}"\s*:|{re.escape(name)}\s*=)'
    found = min(re.finditer(pattern, text, re.MULTILINE), key=lambda each: len(each.group(1)), default=None)
    return text.count("\n", 0, found.end(1)) + 1 if found else 0
