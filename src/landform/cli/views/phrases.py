"""The words that every format of a review has for the same thing: counts, money, what ends, what is worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from landform.planning.annotations import ActionInvocation, CheckStatus
from landform.review import ChangeReview, Counts, Review
from landform.review.cost.model import CostReview, Money
from landform.review.findings import Finding, PolicyResult, Result, Verdict

_STACKS = 8

NO_CHANGES = "No changes. Everything is as the code says."


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule and severity that say the same of several places: they are read as one."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """Any of them, for what they share: rule, severity, source."""
        return self.findings[0]

    @property
    def title(self) -> str:
        """What they say, without the place."""
        return title(self.first)

    @property
    def advice(self) -> tuple[str, ...]:
        """What to do about them, each thing once."""
        return tuple(dict.fromkeys(each.advice for each in self.findings if each.advice))


def plural(number: int, word: str) -> str:
    """``1 change``, ``2 changes``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def counted(counts: Counts) -> list[tuple[int, str]]:
    """How many objects each thing happens to, in words, without zeros."""
    every = (
        (counts.create, "to create"),
        (counts.update, "to update"),
        (counts.replace, "to replace"),
        (counts.delete, "to destroy"),
        (counts.forget, "to forget"),
        (counts.move, "to move"),
        (counts.imported, "to import"),
    )
    return [entry for entry in every if entry[0]]


def nothing_counted(review: Review) -> str:
    """What to say of a review with changes where no object is counted."""
    return "Nothing yet" if review.deferred else "Outputs only"


def changed_stacks(review: Review) -> str:
    """``in 2 of 5 stacks``."""
    changed = sum(bool(stack.changes or stack.outputs) for stack in review.stacks)
    return f"in {changed} of {len(review.stacks) + len(review.deferred)} stacks"


def ending(review: Review) -> str:
    """What ends, by number and stack; empty where nothing that exists is destroyed."""
    by_stack = {stack.stack: sum(each.action.destroys for each in stack.changes) for stack in review.stacks}
    total = sum(by_stack.values())
    if not total:
        return ""
    per_stack = named([f"{number} in {stack}" for stack, number in by_stack.items() if number], _STACKS)
    objects = "1 existing object ends" if total == 1 else f"{total} existing objects end"
    return f"{objects}: {per_stack}."


def folded(change: ChangeReview) -> str:
    """How many differences are not shown, and why; empty where all are."""
    if not change.folded:
        return ""
    return f"{plural(change.folded, 'more difference')} in copies, time stamps or spelling"


def caveats(review: Review) -> list[str]:
    """What a person has to know of the plan as a whole before reading it."""
    said = []
    if review.errored:
        said.append("Terraform could not finish this plan: it shows a part, and can't be applied.")
    elif not review.complete:
        said.append("Not all of it: another plan is needed after this one.")
    if review.refresh_only:
        said.append("Refresh only: the state takes in what has changed outside, and nothing else changes.")
    runs = [_invocation(each) for each in review.invocations if not each.deferred]
    later = [_invocation(each) for each in review.invocations if each.deferred]
    later += [f"{each.address} ({each.action}, {each.reason})" for each in review.deferred_changes]
    said += [f"Runs {named(runs, _STACKS)}."] if runs else []
    said += [f"Put off to a later plan: {named(later, _STACKS)}."] if later else []
    open_checks = sum(each.status is CheckStatus.UNKNOWN for each in review.checks)
    if open_checks:
        said.append(f"{plural(open_checks, 'check')} can be known only after the apply.")
    return said


def _invocation(invocation: ActionInvocation) -> str:
    when = f" {invocation.event} of {invocation.triggered_by}" if invocation.triggered_by else ""
    return f"{invocation.address}{when}"


def place(review: Review) -> str:
    """``eu-west-1 · 123456789012 · AWS``."""
    return " · ".join(part for part in (review.region, review.account_id, review.where) if part)


def verdict_words(verdict: Verdict) -> list[str]:
    """Risk and approvals in words; the result is shown on its own."""
    words = [f"{verdict.severity} risk"] if verdict.severity is not None else []
    if verdict.approvals:
        words.append(f"{plural(verdict.approvals, 'approval')} needed")
    return words


def has_verdict(review: Review) -> bool:
    """Whether there is more to say than that nothing was found."""
    verdict = review.verdict
    return bool(verdict.result is not Result.PASS or verdict_words(verdict) or review.policies or review.cost)


def all_findings(review: Review) -> tuple[Finding, ...]:
    """Those of the environment and of each change, each once, the worst first."""
    found = [*review.findings]
    found += [finding for stack in review.stacks for change in stack.changes for finding in change.findings]
    return tuple(
        sorted(dict.fromkeys(found), key=lambda each: (-each.severity.rank, each.rule, each.address))
    )


def title(finding: Finding) -> str:
    """What a finding says, without the address that its title may begin with: that stands beside it."""
    rest = finding.title.removeprefix(f"{short_address(finding.address)} ") if finding.address else ""
    return rest[:1].upper() + rest[1:] if rest else finding.title


def grouped(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Findings that are read as one, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings:
        groups.setdefault((each.severity, each.source, each.rule, title(each)), []).append(each)
    return [FindingGroup(tuple(group)) for group in groups.values()]


def noteworthy(policies: Iterable[PolicyResult]) -> list[PolicyResult]:
    """Results that aren't a plain pass, the worst first; an exemption is noteworthy too."""
    said = [each for each in policies if each.result is not Result.PASS or each.exemption is not None]
    return sorted(said, key=lambda each: (-each.result.rank, each.policy, each.address))


def exemption(result: PolicyResult) -> str:
    """Who allowed it, until when and why; empty without an exemption."""
    given = result.exemption
    return f"exempt until {given.expires} by {given.by}: {given.reason}" if given is not None else ""


def changes_by_address(review: Review) -> dict[str, ChangeReview]:
    """Every change of every stack."""
    return {change.address: change for stack in review.stacks for change in stack.changes}


def beside(change: ChangeReview) -> str:
    """What matters in a change, to stand beside its address; of a replacement, what forces it."""
    if change.action.is_replacement and change.why:
        return change.why
    return "  ".join(filter(None, (change.headline, change.why)))


def short_address(address: str) -> str:
    """``web.aws_lb.this`` for ``module.web.aws_lb.this``: every address begins with its stack's module."""
    return address.removeprefix("module.")


def named(names: Sequence[str], limit: int = 4) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def dollars(money: Money) -> str:
    """``$52.30``, or ``$40.00 to $52.30`` where the price is a range."""
    return money.shown


def difference(money: Money) -> str:
    """``+$52.30``, ``-$4.00`` or ``$0.00``; both ends where it is a range."""
    low, high = _signed(money.low), _signed(money.high)
    return low if low == high else f"{low} to {high}"


def total(cost: CostReview) -> str:
    """What it costs afterwards; ``at least`` where something that will be there has no price."""
    return dollars(cost.after) if cost.complete else f"at least {dollars(cost.after)}"


def not_priced(cost: CostReview) -> str:
    """How many resources have no price; empty where all have."""
    return f"{len(cost.unpriced):,} not priced" if cost.unpriced else ""


def _amount(number: float) -> str:
    return f"-${-number:,.2f}" if round(number, 2) < 0 else f"${abs(number):,.2f}"


def _signed(number: float) -> str:
    return f"+{_amount(number)}" if round(number, 2) > 0 else _amount(number)
