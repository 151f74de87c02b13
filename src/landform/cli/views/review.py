"""A review on the terminal, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from landform.cli.views.changes import change_lines, column_width, diff_lines
from landform.cli.views.console import console, print_json
from landform.review import Counts, Review, StackReview

_MANY = 4


def show_review(review: Review, *, as_json: bool = False, diff: bool = False, no_color: bool = False) -> None:
    """Show what an environment plan would do."""
    if as_json:
        from landform.review.document import to_document

        print_json(to_document(review))
        return
    out = console(no_color)
    for line in _lines(review, out, diff):
        out.print(line, overflow="fold")


def _lines(review: Review, out: Console, diff: bool) -> Iterator[Text]:
    yield Text()
    yield _title(review, out.width)
    yield Text()
    yield from _verdict(review)
    for stack in review.stacks:
        if stack.changes or stack.outputs:
            yield Text()
            yield from _stack_lines(stack, out.width, diff)
    for name, reason in review.deferred:
        yield Text()
        yield Text.assemble((f" {name}", "bold"), ("  deferred", "yellow"))
        yield Text(f"   {reason}")
    for check in review.failed_checks:
        yield Text.assemble((" check failed ", "yellow"), check)
    yield Text()


def apart(left: Text, right: Text, width: int) -> Text:
    """``left`` at the left margin and ``right`` at the right one, if both fit."""
    gap = width - left.cell_len - right.cell_len - 1
    return left + Text(" " * gap) + right if gap > 0 else left


def _title(review: Review, width: int) -> Text:
    where = " · ".join(part for part in (review.region, review.account_id, review.where) if part)
    name = (f" {review.environment} ", "bold reverse")
    left = Text.assemble(" ", name, (f"  {review.project}", "bold"), f" · {where}")
    return apart(left, Text(f"plan {review.digest[:12]}", style="dim"), width)


def _verdict(review: Review) -> Iterator[Text]:
    if not review.has_changes:
        yield Text(" No changes. Everything is as the code says.", style="green")
        return
    text = Text(" ")
    for index, (number, word, style) in enumerate(_counted(review.counts)):
        text.append(", " if index else "")
        text.append(f"{number} {word}", style=f"bold {style}")
    if not review.counts.total:
        text.append("Outputs only" if not review.deferred else "Nothing yet", style="bold yellow")
    changed = sum(bool(stack.changes or stack.outputs) for stack in review.stacks)
    text.append(f"   in {changed} of {len(review.stacks) + len(review.deferred)} stacks", style="dim")
    yield text
    yield _danger(review)


def _counted(counts: Counts) -> list[tuple[int, str, str]]:
    every = (
        (counts.create, "to create", "green"),
        (counts.update, "to update", "yellow"),
        (counts.replace, "to replace", "red"),
        (counts.delete, "to destroy", "red"),
        (counts.forget, "to forget", "magenta"),
        (counts.move, "to move", "cyan"),
        (counts.imported, "to import", "cyan"),
    )
    return [entry for entry in every if entry[0]]


def _danger(review: Review) -> Text:
    """What ends, by number and stack: the line a person looks for first."""
    ending = {stack.stack: sum(each.action.destroys for each in stack.changes) for stack in review.stacks}
    total = sum(ending.values())
    if not total:
        return Text(" Nothing that exists is destroyed.", style="dim")
    per_stack = ", ".join(f"{number} in {stack}" for stack, number in ending.items() if number)
    objects = "1 existing object ends" if total == 1 else f"{total} existing objects end"
    return Text(f" {objects}: {per_stack}.", style="red")


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
    changed = {change.address for change in stack.changes}
    drifted = [each.local_address for each in stack.drift if each.address in changed]
    if drifted:
        names = ", ".join(drifted[:_MANY]) + (" …" if len(drifted) > _MANY else "")
        yield Text(f"     changed outside Terraform, and put back: {names}", style="yellow")
