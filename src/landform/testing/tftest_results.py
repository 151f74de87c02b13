"""What ``terraform test -json`` tells of one test file, sorted by its runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from landform.engine.events import Diagnostic, Severity, parse_diagnostic

_SCHEMAS = ',"provider_format_version":'
_ENDED = ("pass", "fail", "error", "skip")


@dataclass(slots=True)
class RunResult:
    """One run: its status in Terraform's words, its errors, and the plan or state it made."""

    status: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    plan: Mapping[str, Any] | None = None
    state: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Results:
    """Hears the lines of one process. ``common`` are diagnostics that belong to no run."""

    runs: dict[str, RunResult] = field(default_factory=dict)
    common: list[Diagnostic] = field(default_factory=list)
    status: str = ""

    def hear(self, line: str) -> None:
        """Take one line. The schemas that come with a plan or a state are cut off before it is parsed."""
        cut = line.rfind(_SCHEMAS)
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            self._take(json.loads(f"{line[:cut]}}}}}" if cut > 0 else line))

    def _take(self, event: Mapping[str, Any]) -> None:
        name = event.get("@testrun")
        result = self.runs.setdefault(str(name), RunResult()) if name else RunResult()
        if "test_plan" in event:
            result.plan = event["test_plan"]
        elif "test_state" in event:
            result.state = event["test_state"]
        elif "diagnostic" in event:
            (result.diagnostics if name else self.common).append(parse_diagnostic(event["diagnostic"]))
        elif event.get("test_run", {}).get("status") in _ENDED:
            if result.status not in ("fail", "error"):  # nothing that comes later makes it good
                result.status = event["test_run"]["status"]
        elif "test_file" in event:
            self.status = str(event["test_file"].get("status") or self.status)
        elif "test_cleanup" in event:
            self.common.append(_left(event["test_cleanup"]))

    def errors_of(self, name: str) -> list[Diagnostic]:
        """The errors of a run; those of the file as a whole where it has none of its own."""
        own = _errors(self.run(name).diagnostics)
        return own or _errors(self.common)

    def run(self, name: str) -> RunResult:
        """The result of a run; one without a status where Terraform told nothing of it."""
        return self.runs.get(name, RunResult())

    def broke_off_before(self, name: str, order: Sequence[str]) -> str:
        """The run because of whose error Terraform skipped ``name``, an empty text where there is none."""
        earlier = order[: list(order).index(name)]
        return next((one for one in reversed(earlier) if self.run(one).status == "error"), "")

    @property
    def failed_outside(self) -> bool:
        """Whether the file failed though no run did: its resources could not be destroyed, for example."""
        fine = all(one.status in ("pass", "skip") for one in self.runs.values())
        return fine and self.status not in ("", "pass", "skip")


def _errors(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [one for one in found if one.severity is Severity.ERROR]


def _left(event: Mapping[str, Any]) -> Diagnostic:
    """What a clean-up could not destroy."""
    left = [str(one.get("instance", one)) for one in event.get("failed_resources", ())]
    return Diagnostic(Severity.ERROR, "The resources of the test were not destroyed", "\n".join(left))
