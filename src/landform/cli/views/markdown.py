"""A review as Markdown for a comment on a pull request, always within what hosts allow.

What does not fit goes by resource, the least important first: diffs, then headlines, then all but the counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from landform.cli.views import phrases
from landform.cli.views.phrases import FindingGroup
from landform.cli.views.symbols import SIGNS
from landform.cli.views.visible import visible_review
from landform.planning.changes import Action
from landform.review import AttributeDiff, ChangeReview, Review, StackReview
from landform.review.cost.model import CostReview
from landform.review.findings import PolicyResult, Result
from landform.review.review import short

LIMIT = 65_300
"""Hosts allow 65,536; who posts it may have a line of their own to add."""
_RESERVE = 600
_TABLE_SHARE = 5
_ALIKE = 3
_FRAME = 280
"""Room for what stands around the changes of a stack: the tags, and the words for what is left out."""
_VALUE = 160
_TEXT = 300
_MARKS = {Result.PASS: "✅", Result.WARN: "⚠️", Result.UNKNOWN: "❔", Result.DENY: "⛔"}
_NOTES = {Result.PASS: "IMPORTANT", Result.WARN: "WARNING", Result.UNKNOWN: "WARNING", Result.DENY: "CAUTION"}
_SPECIAL = re.compile(r"([\\`*\[\]<>~&$]|(?<![^\W_])_|_(?![^\W_]))")
_LINKS = re.compile(r"(@|://|#(?=\d)|www(?=\.))")


@dataclass(frozen=True, slots=True)
class _Block:
    """One change in its stack's fence: its ``headline``, and the lines of its ``diff``."""

    stack: int
    headline: str
    diff: str
    rank: tuple[int, bool, bool]
    action: Action


def markdown(review: Review, limit: int = LIMIT) -> str:
    """The comment. Text from outside is a code span or has its Markdown escaped; it can mention nobody."""
    review = visible_review(review)
    head = list(_head(review))
    share = limit // _TABLE_SHARE
    head += _table(
        "Needs your eyes",
        _FINDINGS,
        [_finding(each) for each in phrases.grouped(phrases.all_findings(review))],
        share,
    )
    head += _table(
        "Policies", _POLICIES, [_policy(each) for each in phrases.noteworthy(review.policies)], share
    )
    head += _cost(review.cost, share)
    tail = _fitting(_tail(review), limit // 10)
    left = limit - _RESERVE - _length(head) - _length(tail)
    stacks = _stacks(review, left)
    return "\n".join([*head, *stacks, *tail])


def code(text: str, longest: int = _TEXT) -> str:
    """A code span of any text: more backticks around it than are in it."""
    text = short(text, longest)
    if not text:
        return ""
    if "\\|" in text:  # a table would take it for an escaped pipe, even in a code span
        return f"<code>{''.join(each if each.isalnum() else f'&#{ord(each)};' for each in text)}</code>"
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def plain(text: str, longest: int = _TEXT) -> str:
    """Text as text: no markup of Markdown or HTML, no link, no mention of a person or of an issue."""
    return _LINKS.sub(r"\1<!-- -->", _SPECIAL.sub(r"\\\1", short(text, longest)))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _length(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _head(review: Review) -> Iterator[str]:
    verdict = review.verdict
    mark = _MARKS[verdict.result]
    yield f"### {mark} {code(review.environment, 60)} {plain(review.project, 60)} — {verdict.result}"
    yield ""
    parts = [f"**{number:,}** {words}" for number, words in phrases.counted(review.counts)]
    if review.has_changes:
        counts = ", ".join(parts) or phrases.nothing_counted(review)
        facts = [f"{counts} {phrases.changed_stacks(review)}"]
    else:
        facts = [phrases.NO_CHANGES]
    facts += phrases.verdict_words(verdict)
    if review.cost is not None:
        facts.append(_dollars(f"{phrases.difference(review.cost.difference)} a month"))
    yield " · ".join([*facts, f"plan {code(review.digest[:12])}"])
    yield ""
    yield f"<sub>{plain(phrases.place(review), 120)} · Terraform {plain(review.terraform_version, 20)}</sub>"
    if phrases.ending(review) or verdict.reasons:
        yield ""
        yield f"> [!{_NOTES[verdict.result]}]"
        yield f"> {plain(phrases.ending(review)) or 'Nothing that exists is destroyed.'}"
        yield from (f"> - {plain(reason)}" for reason in verdict.reasons[:10])


_FINDINGS = ("severity", "where", "what", "evidence", "what to do")
_POLICIES = ("result", "policy", "where", "why")


def _finding(group: FindingGroup) -> tuple[str, ...]:
    first, places = group.first, group.findings[:_ALIKE]
    rule = code(f"{first.source}: {first.rule}" if first.source else first.rule, 80)
    where = [code(phrases.short_address(each.address)) or "the environment" for each in places]
    if len(group.findings) > _ALIKE:
        where.append(f"and {len(group.findings) - _ALIKE:,} more")
    return (
        f"**{first.severity}**",
        "<br>".join(where),
        f"{plain(group.title)}<br>{rule}",
        "<br>".join(dict.fromkeys(code(each.evidence) for each in places if each.evidence)),
        plain(group.advice[0]) if group.advice else "",
    )


def _policy(result: PolicyResult) -> tuple[str, ...]:
    where = code(phrases.short_address(result.address)) or "the environment"
    why = "<br>".join(plain(text) for text in (result.reason, phrases.exemption(result)) if text)
    return (f"{_MARKS[result.result]} {result.result}", code(result.policy, 80), where, why)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """A table of as many rows as there is room for, and how many are left out."""
    if not rows:
        return []
    lines = ["", f"#### {title}", "", table_row(columns), table_row(["---"] * len(columns))]
    body = _fitting([table_row(row) for row in rows], room - _length(lines))
    missing = len(rows) - len(body)
    return [*lines, *body, *(["", f"…and {missing:,} more."] if missing else [])]


def table_row(cells: Iterable[str]) -> str:
    """A row of a table; what would end a cell is escaped."""
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    fit: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fit.append(line)
    return fit


def _cost(cost: CostReview | None, room: int) -> list[str]:
    if cost is None:
        return []
    summary = _dollars(f"**Cost** {phrases.total(cost)} a month, {phrases.difference(cost.difference)}")
    summary += f" · {phrases.not_priced(cost)}" if cost.unpriced else ""
    changed = [line for line in cost.lines if line.before != line.after]
    rows = [
        (
            code(phrases.short_address(line.address)),
            _dollars(phrases.dollars(line.before)) if line.before is not None else "–",
            _dollars(phrases.dollars(line.after)) if line.after is not None else "–",
        )
        for line in changed
    ]
    lines = ["", summary]
    if rows:
        table = _table("", ("resource", "before", "after"), rows, room - 200)[2:]
        lines += ["", "<details><summary>Prices that change</summary>", *table, "", "</details>"]
    return lines


def _dollars(text: str) -> str:
    """Two bare dollar signs in one line would be the ends of a formula."""
    return text.replace("$", "\\$")


def _stacks(review: Review, room: int) -> list[str]:
    """The stacks with their counts; headlines where there is room, then diffs, what matters most first."""
    shown = [stack for stack in review.stacks if stack.changes or stack.outputs]
    openings = [_opening(stack) for stack in shown]
    blocks = [block for index, stack in enumerate(shown) for block in _blocks(index, stack)]
    fence = "`" * max([3, *(_longest_run(block.headline + block.diff) + 1 for block in blocks)])
    frames = sum(len(opening) + 2 * len(fence) + _FRAME for opening in openings)
    if frames > room:
        return _only_counts(openings, room)
    order = sorted(range(len(blocks)), key=lambda index: blocks[index].rank)
    left, headlines = _taken(order, [len(block.headline) + 1 for block in blocks], room - frames)
    with_headline = [index for index in order if index in headlines]
    _, diffs = _taken(with_headline, [len(block.diff) + 1 for block in blocks], left)
    lines: list[str] = []
    for index, opening in enumerate(openings):
        own = [number for number, block in enumerate(blocks) if block.stack == index]
        shown_blocks = [(blocks[number], number in headlines, number in diffs) for number in own]
        lines += _stack(opening, fence, shown_blocks)
    return lines


def _taken(order: Iterable[int], costs: Sequence[int], room: int) -> tuple[int, set[int]]:
    """What fits, taken in order, and the room that is left."""
    taken: set[int] = set()
    for index in order:
        if costs[index] <= room:
            room -= costs[index]
            taken.add(index)
    return room, taken


def _only_counts(openings: Sequence[str], room: int) -> list[str]:
    fit = _fitting([f"- {opening}" for opening in openings], room - 100)
    missing = len(openings) - len(fit)
    return ["", *fit, *([f"- …and {missing:,} stacks more."] if missing else [])]


def _opening(stack: StackReview) -> str:
    """The name of a stack with its counts, as HTML: it stands in a ``<summary>``."""
    counts = _counts(change.action for change in stack.changes)
    parts = [f"<b>{escape(short(stack.stack, 60))}</b>", counts or "outputs only"]
    if stack.caused_by:
        parts.append(f"← changes in {escape(phrases.named([short(each, 40) for each in stack.caused_by]))}")
    return " · ".join(parts).replace("@", "@<!-- -->")


def _counts(actions: Iterable[Action]) -> str:
    counted = Counter("replace" if action.is_replacement else str(action) for action in actions)
    return ", ".join(f"{number:,} {word}" for word, number in counted.items())


def _stack(opening: str, fence: str, blocks: Sequence[tuple[_Block, bool, bool]]) -> list[str]:
    lines = ["", f"<details><summary>{opening}</summary>", ""]
    text = "\n".join(
        f"{block.headline}\n{block.diff}" if full and block.diff else block.headline
        for block, headline, full in blocks
        if headline
    )
    if text:
        lines += [f"{fence}diff", text, fence]
    missing = [block.action for block, headline, _ in blocks if not headline]
    if missing:
        lines += ["", f"…and {len(missing):,} more: {_counts(missing)}."]
    cut = sum(bool(headline and block.diff and not full) for block, headline, full in blocks)
    if cut:
        lines += ["", f"{phrases.plural(cut, 'diff')} left out."]
    return [*lines, "", "</details>"]


def _blocks(index: int, stack: StackReview) -> Iterator[_Block]:
    for change in stack.changes:
        sign, _ = SIGNS[change.action]
        marker = {"+": "+", "-": "-"}.get(sign, "-" if change.action.destroys else "!")
        text = short(f"{change.local_address}  {phrases.beside(change)}".rstrip(), _TEXT)
        worst = max((finding.severity.rank for finding in change.findings), default=-1)
        rank = (-worst, not change.action.destroys, change.action is Action.CREATE)
        headline = f"{marker} {sign.rjust(3)} {text}" if marker != sign else f"{sign}     {text}"
        yield _Block(index, headline, "\n".join(_diff(change)), rank, change.action)


def _diff(change: ChangeReview) -> Iterator[str]:
    for each in change.attributes:
        path = short(each.path, _VALUE)
        if each.before is not None:
            yield f"-         {path} = {short(each.before, _VALUE)}"
        if each.unknown or each.after is not None:
            yield f"+         {path} = {_after(each)}"
        if each.note:
            yield f"!         {path}: {each.note}"
    if change.folded:
        yield f"          ({phrases.folded(change)})"


def _after(each: AttributeDiff) -> str:
    text = "(known after apply)" if each.unknown else short(each.after, _VALUE)
    if each.unknown and each.sources:
        text += f" ← {short(phrases.short_address(each.sources[0]), _VALUE)}"
    return f"{text}  # forces replacement" if each.forces_replacement else text


def _tail(review: Review) -> Iterator[str]:
    for name, reason in review.deferred:
        yield ""
        yield f"⏳ {code(name, 60)} is deferred: {plain(reason)}"
    for caveat in phrases.caveats(review):
        yield ""
        yield f"⚠️ {plain(caveat, 1_000)}"
    for check in review.failed_checks:
        yield ""
        yield f"⚠️ check failed: {plain(check)}"
    drifted = [phrases.short_address(each.address) for stack in review.stacks for each in stack.drift]
    if drifted:
        yield ""
        yield f"Changed outside Terraform: {', '.join(code(each, 120) for each in drifted[:20])}" + (
            f" and {len(drifted) - 20:,} more" if len(drifted) > 20 else ""
        )
    yield ""
    yield f"<sub>All of it: <code>landform show {escape(review.digest[:12])} --diff</code></sub>"
    yield ""
