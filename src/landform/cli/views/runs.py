"""How a run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from landform.cli.views.console import console
from landform.cli.views.visible import visible, visible_lines
from landform.workflows.progress import Phase, RunResult, StackResult

if TYPE_CHECKING:
    from landform.review import Review

_WORDS = {
    Phase.FAILED: ("✗", "red", "failed"),
    Phase.REFUSED: ("✗", "red", "refused: its own plan goes beyond what was reviewed"),
    Phase.BLOCKED: ("–", "yellow", "not started"),
}


def show_run(result: RunResult, review: Review, way_on: str, *, no_color: bool = False) -> None:
    """Show each stack's end, the reasons of what did not work, and how to go on."""
    out = console(no_color)
    for stack in result.stacks:
        out.print(_line(stack, review.destroy))
        for reason in stack.reasons:
            for line in visible_lines(reason):
                out.print(Text(f"     {line}"), soft_wrap=True)
    out.print()
    if result.not_kept:
        out.print(Text(f" How it ended is not in the history: {visible(result.not_kept)}"))
    if not result.succeeded:
        out.print(f" Run {result.run_id}. Mend it, then go on with:")
        out.print(f"   {way_on}")


def _line(stack: StackResult, destroyed: bool) -> Text:
    mark, style, words = _WORDS.get(stack.phase, ("✓", "green", "destroyed" if destroyed else "applied"))
    if stack.phase is Phase.UNCHANGED:
        words = "nothing to do"
    line = Text.assemble((f" {mark} ", style), (stack.stack, "bold"), f"  {words}")
    if stack.changes:
        line.append(f", {stack.changes} change{'s' if stack.changes != 1 else ''}")
    if stack.seconds >= 1:
        line.append(f"  {stack.seconds:.0f}s", style="dim")
    return line


def run_document(result: RunResult | None, review: Review) -> dict[str, object]:
    """The review as JSON, with ``run`` where something ran."""
    from landform.review.document import to_document

    if result is None:
        return to_document(review)
    stacks = [
        {
            "stack": each.stack,
            "phase": str(each.phase),
            "changes": each.changes,
            "seconds": round(each.seconds, 1),
            "reasons": list(each.reasons),
        }
        for each in result.stacks
    ]
    run = {"id": result.run_id, "succeeded": result.succeeded, "stacks": stacks}
    return to_document(review) | {"run": run}
