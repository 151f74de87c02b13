"""What a review holds. All values are redacted JSON data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from landform.planning.annotations import ActionInvocation, CheckResult
from landform.planning.changes import Action
from landform.planning.drift import DriftOutcome
from landform.review.cost.model import CostReview
from landform.review.findings import Finding, PolicyResult, Verdict


@dataclass(frozen=True, slots=True)
class AttributeDiff:
    """One attribute that differs. ``unknown``: the new value is known after apply; ``sources`` supply it.

    ``note`` says how it differs where the values do not tell: re-ordered.
    """

    path: str
    before: Any = None
    after: Any = None
    unknown: bool = False
    sensitive: bool = False
    forces_replacement: bool = False
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeReview:
    """One object's change: a ``headline`` of what matters in it, ``why`` it happens, and its whole diff.

    ``dependents`` is its blast radius where it is replaced or deleted: what reads it, directly or not.
    ``folded`` counts differences that say nothing new: copies, time stamps, the same in another spelling.
    ``deposed`` is the key of what an earlier replacement left over. ``outcome`` is what becomes of drift.
    """

    address: str
    local_address: str
    type: str
    mode: str
    action: Action
    headline: str = ""
    why: str = ""
    caused_by: tuple[str, ...] = ()
    previous_address: str | None = None
    attributes: tuple[AttributeDiff, ...] = ()
    findings: tuple[Finding, ...] = ()
    dependents: tuple[str, ...] = ()
    folded: int = 0
    deposed: str | None = None
    outcome: DriftOutcome | None = None


@dataclass(frozen=True, slots=True)
class OutputReview:
    """One output's change."""

    name: str
    action: Action
    before: Any = None
    after: Any = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class StackReview:
    """The changes of one stack; ``caused_by`` are the stacks whose changes reach into it.

    ``drift`` begins with what the plan acts on, itself or by what reads it.
    """

    stack: str
    module: str
    upstream: tuple[str, ...] = ()
    changes: tuple[ChangeReview, ...] = ()
    outputs: tuple[OutputReview, ...] = ()
    drift: tuple[ChangeReview, ...] = ()
    unchanged: int = 0
    reads: int = 0
    caused_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeferredReview:
    """A change that Terraform puts off to a later plan, and its word for why."""

    address: str
    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many objects each thing happens to."""

    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    forget: int = 0
    move: int = 0
    imported: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        parts = (self.create, self.update, self.replace, self.delete, self.forget, self.move, self.imported)
        return sum(parts)


@dataclass(frozen=True, slots=True)
class Review:
    """An environment plan for a person's decision. ``deferred`` pairs a stack with Terraform's reason.

    ``complete``: no other plan is needed after it; ``errored``: Terraform could not finish it, and it can't
    be applied; ``refresh_only``: it only takes what has changed outside into the state.
    """

    project: str
    environment: str
    digest: str
    terraform_version: str
    destroy: bool = False
    has_changes: bool = False
    created: str = ""
    where: str = ""
    region: str = ""
    account_id: str = ""
    counts: Counts = field(default_factory=Counts)
    stacks: tuple[StackReview, ...] = ()
    deferred: tuple[tuple[str, str], ...] = ()
    failed_checks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    policies: tuple[PolicyResult, ...] = ()
    cost: CostReview | None = None
    verdict: Verdict = field(default_factory=Verdict)
    complete: bool = True
    errored: bool = False
    refresh_only: bool = False
    applyable: bool = True
    checks: tuple[CheckResult, ...] = ()
    invocations: tuple[ActionInvocation, ...] = ()
    deferred_changes: tuple[DeferredReview, ...] = ()
