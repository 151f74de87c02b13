"""Findings of other programs, such as Checkov and Trivy, from a SARIF 2.1 file.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from landform.errors import LandformError
from landform.planning.causes import bare_address
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.redaction import Redactor
from landform.review.findings import Finding, Severity
from landform.review.policy.sources import Sources, block_of

_BY_LEVEL = {"error": Severity.HIGH, "warning": Severity.MEDIUM}
_BY_SCORE = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
_ADDRESS = re.compile(r'(?:[\w-]+(?:\[(?:"[^"\]]*"|\d+)\])?\.)+[\w-]+(?:\[(?:"[^"\]]*"|\d+)\])?')
_LONGEST = 500
_LARGEST = 256 * 1024 * 1024


def read_sarif(
    path: Path,
    plan: EnvironmentPlan,
    folders: Mapping[str, Path] | None = None,
    redactor: Redactor | None = None,
) -> tuple[Finding, ...]:
    """The findings in a SARIF file, each at the resources of ``plan`` it is about, else at the environment.

    A resource is found by an address that the result names, or by file and line in the stacks' modules, whose
    ``folders`` are given. What another program has suppressed or passed is left out. Raises LandformError for
    a file that is no SARIF, or not all of it.
    """
    runs = _runs(path)
    addresses = [change.address for change in plan.changes]
    reader = _Reader(_by_name(addresses), Sources(folders or {}, addresses), redactor or Redactor())
    try:
        found = [each for run in runs for each in reader.findings(run)]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise _refusal(path, f"it is no SARIF 2.1: {type(error).__name__}: {error}") from error
    return tuple(dict.fromkeys(found))


def _runs(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise _refusal(path, f"it is larger than {_LARGEST // 2**20} MiB")
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(path, f"it can't be read: {error}") from error
    except (ValueError, RecursionError) as error:
        raise _refusal(path, f"it is not JSON, or not all of it: {error}") from error
    runs = document.get("runs") if isinstance(document, dict) else None
    if not isinstance(runs, list) or not str(document.get("version", "")).startswith("2."):
        raise _refusal(path, "it is no SARIF 2.1: it has no 'version' 2.1.0 with 'runs'")
    return runs


def _refusal(path: Path, why: str) -> LandformError:
    return LandformError(f"no findings from {path}: {why}", "Write the file again, or leave it out.")


def _by_name(addresses: list[str]) -> Mapping[str, tuple[str, ...]]:
    """What others may call an address → the addresses it stands for.

    With or without the keys of ``count`` and ``for_each``; without its modules too, where that is certain.
    """
    found: dict[str, dict[str, None]] = {}
    outside: dict[str, set[str]] = {}
    for address in addresses:
        bare = bare_address(address)
        outside.setdefault(block_of(address), set()).add(bare)
        for name in (address, bare):
            found.setdefault(name, {})[address] = None
    for name, several in outside.items():
        if len(several) == 1:
            found.setdefault(name, found[several.pop()])
    return {name: tuple(known) for name, known in found.items()}


class _Reader:
    """Turns results into findings."""

    def __init__(self, known: Mapping[str, tuple[str, ...]], sources: Sources, redactor: Redactor) -> None:
        self._known, self._sources, self._redactor = known, sources, redactor

    def findings(self, run: Mapping[str, Any]) -> Iterator[Finding]:
        driver = run["tool"]["driver"]
        rules = driver.get("rules") or []
        by_id = {rule.get("id"): rule for rule in rules}
        for result in run.get("results") or ():
            if _counts(result):
                index = result.get("ruleIndex", -1)
                rule = by_id.get(_rule_id(result)) or (rules[index] if 0 <= index < len(rules) else {})
                yield from self._of_result(result, rule, str(driver.get("name", "")))

    def _of_result(self, result: Mapping[str, Any], rule: Mapping[str, Any], tool: str) -> Iterator[Finding]:
        message = _text(result.get("message"))
        title = _text(rule.get("shortDescription")) or _text(rule.get("fullDescription")) or message
        locations = result.get("locations") or []
        for address in self._addresses(locations, result, message) or ("",):
            yield Finding(
                rule=self._shown(_rule_id(result) or str(rule.get("id", "")) or tool),
                severity=_severity(result, rule),
                address=address,
                title=self._shown(title or "no text"),
                evidence=self._shown(_place(locations) + (message if message != title else "")),
                advice=self._shown(_text(rule.get("help")) or str(rule.get("helpUri") or "")),
                source=self._shown(tool),
            )

    def _addresses(self, locations: list[Any], result: Mapping[str, Any], message: str) -> tuple[str, ...]:
        names = [
            str(logical.get(key) or "")
            for location in locations
            for logical in location.get("logicalLocations") or ()
            for key in ("fullyQualifiedName", "name")
        ]
        names += [value for value in (result.get("properties") or {}).values() if isinstance(value, str)]
        places = (location.get("physicalLocation") or {} for location in locations)
        found = (
            dict.fromkeys(address for text in names for address in self._named(text))
            or dict.fromkeys(address for place in places for address in self._at(place))
            or dict.fromkeys(self._named(message))
        )
        return tuple(found)

    def _named(self, text: str) -> Iterator[str]:
        for match in _ADDRESS.finditer(text):
            words = match[0]
            # An attribute may follow the address: module.web.aws_lb.this.internal
            while words:
                if words in self._known:
                    yield from self._known[words]
                    break
                words = words.rpartition(".")[0]

    def _at(self, place: Mapping[str, Any]) -> tuple[str, ...]:
        uri = str((place.get("artifactLocation") or {}).get("uri") or "")
        line = (place.get("region") or {}).get("startLine")
        return self._sources.addresses(uri, line) if uri and isinstance(line, int) else ()

    def _shown(self, text: str) -> str:
        """Text of strangers: on one line, without what would steer a terminal, without secrets, short."""
        line = " ".join(self._redactor.text(text).split())
        return "".join(character for character in line if character.isprintable())[:_LONGEST]


def _counts(result: Mapping[str, Any]) -> bool:
    """Whether somebody has to look at it: not passed, not suppressed, not gone since the last time."""
    suppressed = any(
        each.get("status", "accepted") == "accepted" for each in result.get("suppressions") or ()
    )
    passed = result.get("kind", "fail") in ("pass", "notApplicable", "informational")
    return not (suppressed or passed or result.get("baselineState") == "absent")


def _rule_id(result: Mapping[str, Any]) -> str:
    return str(result.get("ruleId") or (result.get("rule") or {}).get("id") or "")


def _severity(result: Mapping[str, Any], rule: Mapping[str, Any]) -> Severity:
    """By the score of GitHub's ``security-severity`` (0 to 10) where there is one, else by SARIF's level."""
    score = (result.get("properties") or {}).get("security-severity")
    score = (rule.get("properties") or {}).get("security-severity") if score is None else score
    if score is not None:
        return next((severity for least, severity in _BY_SCORE if float(score) >= least), Severity.LOW)
    level = result.get("level") or (rule.get("defaultConfiguration") or {}).get("level") or "warning"
    return _BY_LEVEL.get(level, Severity.LOW)


def _text(message: Any) -> str:
    return str((message or {}).get("text") or (message or {}).get("markdown") or "")


def _place(locations: list[Any]) -> str:
    """``main.tf:12: ``, of the first location."""
    physical = (locations[0].get("physicalLocation") or {}) if locations else {}
    uri = (physical.get("artifactLocation") or {}).get("uri")
    line = (physical.get("region") or {}).get("startLine")
    return f"{uri}:{line}: " if uri and line else ""
