"""A review on the terminal, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.text import Text

from landform.cli.views import phrases
from landform.cli.views.attention import apart, attention_lines, reason_lines, verdict_lines, wrapped
from landform.cli.views.changes import change_lines, column_width, diff_lines
from landform.cli.views.console import console, print_json
from landform.cli.views.visible import visible_review
from landform.planning.drift import DriftOutcome
from landform.review import Review, StackReview

_MANY = 4
_COUNTED = {
    "to create": "green",
    "to update": "yellow",
    "to replace": "red",
    "to destroy": "red",
    "to forget": "magenta",
    "to move": "cyan",
    "to import": "cyan",
}
_DRIFT = {
    DriftOutcome.REVERTED: "put back",
    DriftOutcome.OVERWRITTEN: "changed again",
    DriftOutcome.KEPT: "left as it is",
}


def show_review(review: Review, *, as_json: bool = False, diff: bool = False, no_color: bool = False) -> None:
    """Show what an environment plan would do."""
    if as_json:
        from landform.review.document import to_document

        print_json(to_document(review))
        return
    out = console(no_color)
    for line in review_lines(review, out, diff):
        out.print(line, soft_wrap=True)


def review_text(review: Review, width: int, *, diff: bool = False) -> str:
    """What ``show_review`` shows, without colours."""
    out = Console(file=StringIO(), width=width, highlight=False, emoji=False, markup=False, no_color=True)
    with out.capture() as captured:
        for line in review_lines(review, out, diff):
            out.print(line, soft_wrap=True)
    return captured.get()


def review_lines(review: Review, out: Console, diff: bool) -> Iterator[Text]:
    """The review as it stands on a terminal of the width of ``out``, in lines that fit and start nothing."""
    for line in _lines(visible_review(review), out, diff):
        for each in wrapped(line, out, 0) if line else (line,):
            yield _defused(each)


def _defused(line: Text) -> Text:
    """A line that a CI log does not take for a command to itself, such as ``::error::``."""
    text = line.plain.lstrip()
    if not text.startswith("::"):
        return line
    start = len(line.plain) - len(text)
    return line[: start + 1] + Text(" ") + line[start + 1 :]


def _lines(review: Review, out: Console, diff: bool) -> Iterator[Text]:
    yield Text()
    yield _title(review, out.width)
    yield Text()
    if phrases.has_verdict(review):
        yield from verdict_lines(review, out)
    for line in _counts(review):
        yield from wrapped(line, out, 1)
    yield from reason_lines(review.verdict, out)
    yield from attention_lines(review, out, full=diff)
    for stack in review.stacks:
        if stack.changes or stack.outputs:
            yield Text()
            yield from _stack_lines(stack, out.width, diff)
    for name, reason in review.deferred:
        yield Text()
        yield Text.assemble((f" {name}", "bold"), ("  deferred", "yellow"))
        yield from wrapped(Text(reason), out, 3)
    for caveat in phrases.caveats(review):
        yield from wrapped(Text(caveat, style="yellow"), out, 1)
    for check in review.failed_checks:
        yield Text.assemble((" check failed ", "yellow"), check)
    yield Text()


def _title(review: Review, width: int) -> Text:
    name = (f" {review.environment} ", "bold reverse")
    facts = " · ".join(filter(None, (review.project, phrases.place(review))))
    left = Text.assemble(" ", name, f"  {facts}")
    left.stylize("bold", len(left) - len(facts), len(left) - len(facts) + len(review.project))
    return apart(left, Text(f"plan {review.digest[:12]}", style="dim"), width)


def _counts(review: Review) -> Iterator[Text]:
    if not review.has_changes:
        yield Text(phrases.NO_CHANGES, style="green")
        return
    text = Text()
    for index, (number, words) in enumerate(phrases.counted(review.counts)):
        text.append(", " if index else "")
        text.append(f"{number} {words}", style=f"bold {_COUNTED[words]}")
    if not review.counts.total:
        text.append(phrases.nothing_counted(review), style="bold yellow")
    yield text.append(f"   {phrases.changed_stacks(review)}", style="dim")
    ends = phrases.ending(review)
    yield Text(ends or "Nothing that exists is destroyed.", style="red" if ends else "dim")


def _stack_lines(stack: StackReview, width: int, diff: bool) -> Iterator[Text]:
    title = Text.assemble((f" {stack.stack}", "bold"), (f"  {stack.module}", "dim"))
    if stack.caused_by:
        title.append(f"  ← changes in {', '.join(stack.caused_by)}", style="cyan")
    total = len(stack.changes)
    quiet = f", {stack.unchanged} unchanged" if stack.unchanged else ""
    yield apart(title, Text(f"{total} change{'s' if total != 1 else ''}{quiet}", style="dim"), width)
    column = column_width(stack.changes, width)
    for change in stack.changes:
        yield from change_lines(change, column, width)
        if diff:
            yield from diff_lines(change, width)
    if stack.outputs:
        names = ", ".join(output.name for output in stack.outputs[:_MANY])
        more = f" and {len(stack.outputs) - _MANY} more" if len(stack.outputs) > _MANY else ""
        line = Text(f"     outputs: {names}{more}", style="dim")
        line.truncate(width, overflow="ellipsis")
        yield line
    for outcome, words in _DRIFT.items():
        drifted = [each.local_address for each in stack.drift if each.outcome is outcome]
        if drifted:
            names = ", ".join(drifted[:_MANY]) + (" …" if len(drifted) > _MANY else "")
            yield Text(f"     changed outside Terraform, and {words}: {names}", style="yellow")
