"""What a review finds: risks of the change, results of policies, and the verdict that follows from both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters; ordered, so that ``max`` finds the worst."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical."""
        return list(Severity).index(self)


class Result(StrEnum):
    """What a policy says, and the verdict of all of them. ``unknown`` is not ``pass``."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    UNKNOWN = "unknown"
    DENY = "deny"

    @property
    def rank(self) -> int:
        """0 for pass to 3 for deny: the verdict is the highest of all results."""
        return list(Result).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One risk, explainable: the ``rule`` that found it, where, the ``evidence`` in the plan, what to do.

    ``address`` is empty for the environment as a whole. ``source`` names another program whose finding it is.
    All texts are redacted.
    """

    rule: str
    severity: Severity
    address: str
    title: str
    evidence: str = ""
    advice: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A recorded, expiring permission to go against a policy. ``expires`` is a date, ISO 8601."""

    policy: str
    address: str
    reason: str
    by: str
    expires: str


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """What one policy says of one address (empty: the environment), and why."""

    policy: str
    result: Result
    address: str = ""
    reason: str = ""
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sum: whether it may be applied, how risky it is, and how many people have to agree."""

    result: Result = Result.PASS
    severity: Severity | None = None
    reasons: tuple[str, ...] = ()
    approvals: int = 0
