"""Drift that is known and taken: ``drift.yaml``, each entry with a reason and an end.

One file lies beside ``landform.yaml``, for every environment; one may lie in an environment's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from landform.errors import Fault, ProjectInvalid
from landform.project.names import did_you_mean
from landform.project.yaml_file import Document, read_yaml

FILE_NAME = "drift.yaml"
_NEEDED = ("address", "reason", "expires")
_KEYS = (*_NEEDED, "attribute")


@dataclass(frozen=True, slots=True)
class DriftRule:
    """Drift at addresses, and of attributes, that fit these patterns (``*`` stands for anything) is noise.

    ``expires`` is the last day on which that holds.
    """

    address: str
    reason: str
    expires: date
    attribute: str = "*"


def read_drift_rules(folder: Path, environment: str) -> tuple[DriftRule, ...]:
    """The rules of a project and of one environment. Raises ProjectInvalid with all faults."""
    faults: list[Fault] = []
    found: list[DriftRule] = []
    for name in (FILE_NAME, f"environments/{environment}/{FILE_NAME}"):
        if (folder / name).exists():
            found += _read(read_yaml(folder / name, name), faults)
    if faults:
        raise ProjectInvalid(faults)
    return tuple(found)


def _read(document: Document, faults: list[Fault]) -> list[DriftRule]:
    faults += document.faults
    if document.faults or document.data is None:
        return []
    if not isinstance(document.data, list):
        faults.append(Fault(document.location(), "it is no list: begin each rule with '- address: PATTERN'."))
        return []
    return [rule for index, raw in enumerate(document.data) if (rule := _rule(raw, index, document, faults))]


def _rule(raw: Any, index: int, document: Document, faults: list[Fault]) -> DriftRule | None:
    where = document.location(str(index))
    if not isinstance(raw, dict):
        faults.append(Fault(where, f"a rule has the keys {', '.join(_KEYS)}."))
        return None
    before = len(faults)
    for key in (each for each in raw if each not in _KEYS):
        faults.append(Fault(where, f"unknown key {key!r}.", did_you_mean(str(key), _KEYS)))
    for key in (*_NEEDED, *(["attribute"] if "attribute" in raw else [])):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            faults.append(Fault(where, f"{key!r} is missing, or no text: a rule says what, why, until when."))
    expires = _day(raw.get("expires"))
    if expires is None and len(faults) == before:
        faults.append(Fault(where, f"expires: {raw['expires']!r} is no date such as 2027-03-31."))
    if len(faults) > before or expires is None:
        return None
    return DriftRule(raw["address"], raw["reason"], expires, raw.get("attribute", "*"))


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
