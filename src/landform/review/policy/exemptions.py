"""Recorded, expiring permissions to go against a policy: ``exemptions.yaml``.

One file lies beside ``landform.yaml``, for every environment; one may lie in an environment's folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from landform.errors import Fault
from landform.project.names import did_you_mean
from landform.project.rule_files import day_of, read_rules
from landform.project.yaml_file import Document
from landform.review.findings import Exemption, PolicyResult, Result
from landform.review.policy.patterns import matches

FILE_NAME = "exemptions.yaml"
_KEYS = ("policy", "address", "reason", "by", "expires")


def read_exemptions(folder: Path, environment: str = "", home: Path | None = None) -> tuple[Exemption, ...]:
    """The exemptions of a project and of one environment. Raises ProjectInvalid with all faults.

    ``home`` is where environments are, if ``folder`` is a copy.
    """
    return read_rules(folder, FILE_NAME, environment, "exemption with '- policy: NAME'", _entry, home)


def _entry(raw: Any, index: int, document: Document) -> Exemption | list[Fault]:
    where = document.location(str(index))
    if not isinstance(raw, dict):
        return [Fault(where, "an exemption has the keys policy, address, reason, by and expires.")]
    faults = [
        Fault(document.location(str(index), key), f"unknown key {key!r}.", did_you_mean(str(key), _KEYS))
        for key in raw
        if key not in _KEYS
    ]
    for key in _KEYS:
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            what = f"{key!r} is missing, or no text: an exemption says what, where, why, who and until when."
            faults.append(Fault(document.location(str(index), key), what))
    if not faults and day_of(raw["expires"]) is None:
        what = f"expires: {raw['expires']!r} is no date such as 2027-03-31."
        faults.append(Fault(document.location(str(index), "expires"), what))
    return faults or Exemption(**raw)


def exempt(
    results: Iterable[PolicyResult], exemptions: Sequence[Exemption], today: date
) -> tuple[PolicyResult, ...]:
    """``results`` with each objection that an exemption covers as a warning; it holds to the end of its day.

    What is said of the exemptions themselves follows: a warning for each that has expired, a note for each
    that matches nothing.
    """
    valid = [each for each in exemptions if date.fromisoformat(each.expires) >= today]
    expired = [each for each in exemptions if each not in valid]
    used: set[Exemption] = set()
    found: list[PolicyResult] = []
    for result in results:
        objects = result.result in (Result.DENY, Result.UNKNOWN)
        exemption = next((each for each in valid if objects and _covers(each, result)), None)
        if exemption is not None:
            used.add(exemption)
        found.append(result if exemption is None else _exempted(result, exemption))
    notes = [_about(each, Result.WARN, f"expired on {each.expires} and holds no more") for each in expired]
    idle = [each for each in valid if each not in used]
    notes += [_about(each, Result.PASS, "matches nothing in this plan") for each in idle]
    return (*found, *notes)


def _covers(exemption: Exemption, result: PolicyResult) -> bool:
    return exemption.policy == result.policy and matches(exemption.address, result.address)


def _exempted(result: PolicyResult, exemption: Exemption) -> PolicyResult:
    why = f"exempted until {exemption.expires} by {exemption.by}: {exemption.reason}"
    return replace(result, result=Result.WARN, reason=f"{result.reason}; {why}", exemption=exemption)


def _about(exemption: Exemption, result: Result, what: str) -> PolicyResult:
    reason = f"the exemption from {exemption.policy} by {exemption.by} {what}"
    return PolicyResult("exemptions", result, exemption.address, reason, exemption)
