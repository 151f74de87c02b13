"""What a rule looks at, and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.marks import any_true
from landform.planning.redaction import Redactor
from landform.review.findings import Severity

_INERT = (Action.NO_OP, Action.READ, Action.MOVE)


@dataclass(frozen=True, slots=True)
class RiskContext:
    """What the plan itself does not say. What is empty is not known, and its rule is silent.

    ``previous_providers`` and ``providers`` map a provider's source address to its version;
    ``previous_modules`` and ``modules`` map an address (``module.web``) to a source, with its version or
    ``?ref=``. ``provisioners`` maps an address without index to the kinds of its provisioners.
    ``ephemeral``: the environment is made to be thrown away.
    """

    redactor: Redactor = field(default_factory=Redactor)
    ephemeral: bool = False
    previous_providers: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    previous_modules: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    provisioners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's answer; where ``severity`` or ``advice`` is None, the rule's own holds."""

    address: str
    title: str
    evidence: str = ""
    severity: Severity | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A plan, arranged so that a rule reads only the changes it is about.

    ``changes`` are those of managed objects that do something; ``standing`` are the other managed objects.
    """

    plan: EnvironmentPlan
    context: RiskContext
    changes: tuple[Change, ...]
    standing: tuple[Change, ...]
    by_type: Mapping[str, list[Change]] = field(repr=False)
    by_attribute: Mapping[str, list[Change]] = field(repr=False)

    @classmethod
    def of_plan(cls, plan: EnvironmentPlan, context: RiskContext) -> Scene:
        """The scene of a whole plan."""
        managed = [change for change in plan.changes if change.mode == "managed"]
        changes = tuple(change for change in managed if change.action not in _INERT)
        by_type: defaultdict[str, list[Change]] = defaultdict(list)
        by_attribute: defaultdict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_type[change.type].append(change)
            for name in _differing(change):
                by_attribute[name].append(change)
        standing = tuple(change for change in managed if change.action in _INERT)
        return cls(plan, context, changes, standing, dict(by_type), dict(by_attribute))

    def of_types(self, types: Iterable[str]) -> Iterator[Change]:
        """The changes of objects of these types."""
        for each in types:
            yield from self.by_type.get(each, ())

    def touching(self, attribute: str) -> Iterable[Change]:
        """The changes that leave an object with another value of a top-level attribute, or a first one."""
        return self.by_attribute.get(attribute, ())


Check = Callable[[Scene], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``severity`` is the worst it says; ``looks_for`` and ``advice`` are sentences for people."""

    id: str
    severity: Severity
    check: Check
    looks_for: str
    advice: str


def about(
    change: Change,
    says: str,
    evidence: str = "",
    severity: Severity | None = None,
    advice: str | None = None,
) -> Hit:
    """A hit whose title is the short address and what is said of it."""
    return Hit(change.address, f"{short_address(change)} {says}", evidence, severity, advice)


def short_address(change: Change) -> str:
    """``module.web.aws_lb.a`` of the stack web → ``web.aws_lb.a``."""
    return f"{change.stack}.{change.local_address}" if change.stack else change.address


def lower(severity: Severity) -> Severity:
    """One level less; low stays."""
    levels = list(Severity)
    return levels[max(severity.rank - 1, 0)]


def _differing(change: Change) -> Iterator[str]:
    after: Any = change.after.value
    unknown: Any = change.unknown
    if change.action is Action.DELETE or change.action is Action.FORGET or not isinstance(after, dict):
        return
    before = change.before.value if isinstance(change.before.value, dict) else {}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield name
    for name, marks in unknown.items() if isinstance(unknown, dict) else ():
        if before.get(name) == after.get(name) and any_true(marks):
            yield name
