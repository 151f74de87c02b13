"""What a person has to look at before saying yes, on the terminal: verdict, findings, policies, cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.text import Text

from landform.cli.views import phrases
from landform.cli.views.phrases import FindingGroup
from landform.review import ChangeReview, Review
from landform.review.cost.model import CostReview
from landform.review.findings import Finding, PolicyResult, Result, Severity, Verdict
from landform.review.review import short

SEVERITIES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "dim",
}
RESULTS = {
    Result.DENY: "bold white on red",
    Result.UNKNOWN: "bold black on yellow",
    Result.WARN: "bold black on yellow",
    Result.PASS: "bold black on green",
}
Changes = Mapping[str, ChangeReview]
_WORDS = {Result.DENY: "red", Result.UNKNOWN: "yellow", Result.WARN: "yellow", Result.PASS: "green"}
_INDENT = 11
_GROUPS = 12
_ALIKE = 4
_LONGEST = 400


def verdict_lines(review: Review, out: Console) -> Iterator[Text]:
    """The result with risk, approvals and cost in one line; the reasons below it."""
    verdict = review.verdict
    words = phrases.verdict_words(verdict)
    if review.cost is not None:
        words.append(f"{phrases.difference(review.cost.difference)} a month")
    line = Text.assemble(" ", (f" {str(verdict.result).upper()} ", RESULTS[verdict.result]), "  ")
    for index, word in enumerate(words):
        style = SEVERITIES[verdict.severity] if index == 0 and verdict.severity is not None else ""
        line.append(" · " if index else "").append(word, style=style)
    yield from wrapped(line, out, 0)


def reason_lines(verdict: Verdict, out: Console) -> Iterator[Text]:
    """Why the verdict is what it is."""
    for reason in verdict.reasons:
        yield from wrapped(Text(reason), out, 3, "·")


def attention_lines(review: Review, out: Console, *, full: bool) -> Iterator[Text]:
    """Findings, policies and cost. ``full``: every finding with all that is known of it."""
    findings = phrases.all_findings(review)
    if findings:
        yield Text()
        yield _heading("Needs your eyes", _by_severity(findings), out.width)
        yield from _finding_lines(findings, phrases.changes_by_address(review), out, full)
    policies = phrases.noteworthy(review.policies)
    if policies:
        yield Text()
        yield _heading("Policies", _by_result(review.policies), out.width)
        for result in policies if full else policies[:_GROUPS]:
            yield from _policy_lines(result, out)
        if len(policies) > _GROUPS and not full:
            yield Text(f"{' ' * _INDENT}and {len(policies) - _GROUPS} more: see --diff", style="dim")
    if review.cost is not None:
        yield Text()
        yield from _cost_lines(review.cost, out)


def _heading(title: str, right: str, width: int) -> Text:
    return apart(Text(f" {title}", style="bold"), Text(right, style="dim"), width)


def apart(left: Text, right: Text, width: int) -> Text:
    """``left`` at the left margin and ``right`` at the right one, if both fit."""
    gap = width - left.cell_len - right.cell_len - 1
    return left + Text(" " * gap) + right if gap > 0 else left


def wrapped(text: Text, out: Console, indent: int, mark: str = "") -> Iterator[Text]:
    """``text`` in lines that fit, all of them ``indent`` from the left; ``mark`` stands before the first."""
    for index, line in enumerate(text.wrap(out, max(out.width - indent, 20), overflow="fold")):
        line.rstrip()
        before = f"{mark} ".rjust(indent) if mark and not index else " " * indent
        yield Text(before) + line


def _by_severity(findings: Iterable[Finding]) -> str:
    counts = Counter(each.severity for each in findings)
    return ", ".join(f"{counts[severity]:,} {severity}" for severity in SEVERITIES if counts[severity])


def _by_result(policies: Iterable[PolicyResult]) -> str:
    counts = Counter(each.result for each in policies)
    return ", ".join(f"{counts[result]:,} {result}" for result in RESULTS if counts[result])


def _finding_lines(
    findings: tuple[Finding, ...], changes: Changes, out: Console, full: bool
) -> Iterator[Text]:
    groups = phrases.grouped(findings)
    detailed = [group for group in groups if full or group.first.severity is not Severity.LOW]
    shown = [
        group
        for index, group in enumerate(detailed)
        if full or index < _GROUPS or group.first.severity is Severity.CRITICAL
    ]
    for group in shown:
        yield from _group_lines(group, changes, out, full)
    folded = [group for group in groups if group not in shown]
    for group in folded[:_ALIKE]:
        times = f"{len(group.findings):,} × " if len(group.findings) > 1 else ""
        text = Text.assemble(times, group.title, (f"  {_rule(group.first)}", "dim"))
        yield from _beside(group.first.severity, SEVERITIES[group.first.severity], text, out)
    if len(folded) > _ALIKE:
        number = sum(len(group.findings) for group in folded[_ALIKE:])
        yield Text(f"{' ' * _INDENT}and {phrases.plural(number, 'finding')} more: see --diff", style="dim")


def _beside(word: str, style: str, text: Text, out: Console) -> Iterator[Text]:
    """``text`` with a word in the margin of its first line."""
    for index, line in enumerate(wrapped(text, out, _INDENT)):
        yield line if index else Text(f" {word}".ljust(_INDENT), style=style) + line[_INDENT:]


def _group_lines(group: FindingGroup, changes: Changes, out: Console, full: bool) -> Iterator[Text]:
    first = group.first
    title, rule = Text(group.title, style="bold"), Text(_rule(first), style="dim")
    fits = title.cell_len + rule.cell_len + _INDENT + 2 < out.width
    heading = apart(title, rule, out.width - _INDENT) if fits else title + Text("  ") + rule
    yield from _beside(first.severity, SEVERITIES[first.severity], heading, out)
    shown = group.findings if full else group.findings[:_ALIKE]
    for finding in shown:
        yield from _place_lines(finding, changes, out, full)
    if len(group.findings) > len(shown):
        yield Text(f"{' ' * _INDENT}and {len(group.findings) - len(shown):,} more like it", style="dim")
    for advice in group.advice if full else group.advice[:1]:
        yield from wrapped(Text(_cut(advice, full), style="cyan"), out, _INDENT + 2, "→")


def _rule(finding: Finding) -> str:
    return f"{finding.source}: {finding.rule}" if finding.source else finding.rule


def _place_lines(finding: Finding, changes: Changes, out: Console, full: bool) -> Iterator[Text]:
    """Where it is, the evidence beside it if there is room, and what else hangs on that object."""
    address, evidence = phrases.short_address(finding.address), _cut(finding.evidence, full)
    together = Text(f"{address}  {evidence}".strip())
    if together.cell_len <= out.width - _INDENT:
        yield from wrapped(together, out, _INDENT)
    else:
        yield from wrapped(Text(address), out, _INDENT)
        yield from wrapped(Text(evidence), out, _INDENT + 2)
    change = changes.get(finding.address)
    if change is not None and change.dependents:
        names = [phrases.short_address(each) for each in change.dependents]
        words = f"{len(names):,} {'depends' if len(names) == 1 else 'depend'} on it: "
        words += phrases.named(names, len(names) if full else 3)
        yield from wrapped(Text(words, style="dim"), out, _INDENT + 2)


def _cut(text: str, full: bool) -> str:
    return text if full else short(text, _LONGEST)


def _policy_lines(result: PolicyResult, out: Console) -> Iterator[Text]:
    title = Text.assemble((result.policy, "bold"), f"  {phrases.short_address(result.address)}")
    yield from _beside(result.result, _WORDS[result.result], title, out)
    for text in filter(None, (result.reason, phrases.exemption(result))):
        yield from wrapped(Text(text), out, _INDENT)


def _cost_lines(cost: CostReview, out: Console) -> Iterator[Text]:
    line = Text.assemble((" Cost  ", "bold"), f"{phrases.total(cost)} a month")
    style = "red" if cost.difference.high > 0 else "green"
    line.append(f"  {phrases.difference(cost.difference)}", style=style)
    if phrases.not_priced(cost):
        line.append(f"  {phrases.not_priced(cost)}", style="yellow")
    changed = [(each.stack, each.after - each.before) for each in cost.stacks if each.after != each.before]
    yield from wrapped(line, out, 0)
    if len(changed) > 1:
        parts = [f"{stack} {phrases.difference(money)}" for stack, money in changed]
        yield from wrapped(Text(phrases.named(parts), style="dim"), out, 7)
