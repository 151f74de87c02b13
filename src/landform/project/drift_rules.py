"""Drift that is known and taken: ``drift.yaml``, each entry with a reason and an end.

One file lies beside ``landform.yaml``, for every environment; one may lie in an environment's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from landform.errors import Fault
from landform.project.names import did_you_mean
from landform.project.rule_files import day_of, read_rules
from landform.project.yaml_file import Document

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
    return read_rules(folder, FILE_NAME, environment, "rule with '- address: PATTERN'", _rule)


def _rule(raw: Any, index: int, document: Document) -> DriftRule | list[Fault]:
    where = document.location(str(index))
    if not isinstance(raw, dict):
        return [Fault(where, f"a rule has the keys {', '.join(_KEYS)}.")]
    faults = [
        Fault(where, f"unknown key {key!r}.", did_you_mean(str(key), _KEYS))
        for key in raw
        if key not in _KEYS
    ]
    for key in (*_NEEDED, *(["attribute"] if "attribute" in raw else [])):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            faults.append(Fault(where, f"{key!r} is missing, or no text: a rule says what, why, until when."))
    expires = day_of(raw.get("expires"))
    if expires is None and not faults:
        faults.append(Fault(where, f"expires: {raw['expires']!r} is no date such as 2027-03-31."))
    if faults or expires is None:
        return faults
    return DriftRule(raw["address"], raw["reason"], expires, raw.get("attribute", "*"))
