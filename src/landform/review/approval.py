"""Whether enough people have approved exactly this plan: facts and rules go in, a standing comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from landform.project import ApprovalRules

_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, as far as anybody can tell. ``key`` is proven by a signature, the rest is said."""

    git: str = ""
    email: str = ""
    aws: str = ""
    key: str = ""

    @property
    def shown(self) -> str:
        """For people: the most reliable name."""
        return self.key or self.email or self.git or self.aws or "somebody"

    @property
    def names(self) -> frozenset[str]:
        """Every name by which ``approvers`` may list them, that of their role or user in AWS included.

        The session's name, the last part of an assumed role's ARN, is not: who assumes a role chooses it.
        """
        kind, *rest = self.aws.rpartition(":")[2].split("/")
        aws = rest[0] if kind == "assumed-role" and rest else rest[-1] if rest else ""
        return frozenset({self.git, self.email, self.aws, self.key, aws} - {""})

    @property
    def is_known(self) -> bool:
        """Whether there is any name."""
        return bool(self._own)

    def is_same(self, other: Person) -> bool:
        """Whether both are one person: any name that is theirs alone is the same."""
        return not self._own.isdisjoint(other._own)

    @property
    def _own(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in (self.git, self.email, self.aws, self.key) if name)


@dataclass(frozen=True, slots=True)
class Approval:
    """One yes. ``number`` is its entry in the history, ``at`` what it says of its time (RFC 3339).

    ``used``: an apply has begun with it since. ``fault`` says why it can't be one of this plan.
    """

    number: int
    by: Person
    at: str
    used: bool = False
    signed: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an approval stands: the yeses that count, why others don't, and how many it takes."""

    needed: int
    valid: tuple[Approval, ...] = ()
    void: tuple[tuple[Approval, str], ...] = ()

    @property
    def is_enough(self) -> bool:
        """Whether it may be applied."""
        return len(self.valid) >= self.needed


def standing(
    approvals: Iterable[Approval], planner: Person, rules: ApprovalRules, needed: int, now: datetime
) -> Standing:
    """Count the approvals of one plan. One person counts once, and only while the rules allow it."""
    valid: list[Approval] = []
    void: list[tuple[Approval, str]] = []
    for each in approvals:
        why = _why_void(each, planner, rules, now) or _why_again(each, valid)
        if why:
            void.append((each, why))
        else:
            valid.append(each)
    return Standing(needed, tuple(valid), tuple(void))


def _why_void(approval: Approval, planner: Person, rules: ApprovalRules, now: datetime) -> str:
    if approval.fault:
        return approval.fault
    if approval.used:
        return "it was used: an approval is for one apply"
    age = now - datetime.fromisoformat(approval.at)
    if age > timedelta(seconds=rules.expire_after):
        return "it has expired"
    if age < -_CLOCKS_DIFFER:
        return "it comes from the future: a clock is wrong"
    return why_may_not(approval.by, planner, rules, signed=approval.signed)


def _why_again(approval: Approval, valid: Sequence[Approval]) -> str:
    return (
        "the same person has approved already" if any(each.by.is_same(approval.by) for each in valid) else ""
    )


def why_may_not(person: Person, planner: Person, rules: ApprovalRules, *, signed: bool) -> str:
    """Why somebody may not approve; empty where they may."""
    if rules.signed and not signed:
        return "approvals of this environment need a signature by an allowed key"
    if why := why_unlisted(person, rules, proven=rules.signed):
        return why
    if rules.planner_may_approve:
        return ""
    if not planner.is_known:
        return "nobody knows who made the plan, and a planner may not approve"
    return f"{person.shown} made the plan, and a planner may not approve" if person.is_same(planner) else ""


def why_unlisted(person: Person, rules: ApprovalRules, *, proven: bool = False) -> str:
    """Why somebody is none of the approvers, by their key alone where it has to be ``proven``; or empty."""
    names = frozenset({person.key} - {""}) if proven else person.names
    if not names:
        return "nobody knows who this is: there is no name in git, and none in AWS"
    approvers = rules.approvers or ("*",)
    if any(fnmatchcase(name, pattern) for name in names for pattern in approvers):
        return ""
    return f"{person.shown} is none of the approvers ({', '.join(approvers)})"
