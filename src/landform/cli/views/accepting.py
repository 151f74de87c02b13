"""What states are about to say of what has drifted, and how that ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from landform.cli.views.console import console
from landform.cli.views.drift import short
from landform.cli.views.visible import visible, visible_lines
from landform.workflows.accepting import Acceptance, Accepted, TakenObject
from landform.workflows.place import Place

_SHOWN = 20


def show_acceptances(taken: Sequence[Acceptance], *, no_color: bool = False) -> None:
    """Each object, attribute by attribute: what the state says, and what it will say."""
    out = console(no_color)
    if not taken:
        out.print("Nothing has drifted that an apply would act on; no state has to say anything else.")
        return
    for each in taken:
        out.print(Text.assemble("  ", (each.stack, "bold"), "  the state will say:"))
        for one in each.objects:
            _object(out, each.stack, one)
        for name in each.outputs:
            out.print(Text(f"      ~ output {visible(name)}"))
    out.print()
    out.print(
        "  Nothing in AWS is touched. The code stays as it is: the next plan says what it would change."
    )


def _object(out: Console, stack: str, taken: TakenObject) -> None:
    name = visible(taken.address.removeprefix(f"module.{stack}."))
    if taken.deleted:
        out.print(Text.assemble(("      - ", "red"), name, "  is gone, and leaves the state"), soft_wrap=True)
        return
    more = f"  and {taken.folded} that follow" if taken.folded else ""
    out.print(Text.assemble(("      ~ ", "yellow"), name, (more, "dim")), soft_wrap=True)
    for path, old, new in taken.attributes[:_SHOWN]:
        out.print(Text(f"          {visible(path)}  {short(old)} → {short(new)}"), soft_wrap=True)
    if len(taken.attributes) > _SHOWN:
        out.print(Text(f"          and {len(taken.attributes) - _SHOWN} more", style="dim"))


def show_accepted(place: Place, done: Accepted, *, no_color: bool = False) -> None:
    """Show how each stack ended, and what is next."""
    out = console(no_color)
    for stack, phase in done.phases.items():
        ended = phase == "done"
        words = "the state says what stands" if ended else phase
        out.print(
            Text.assemble((" ✓ " if ended else " ✗ ", "green" if ended else "red"), f"{stack}  {words}")
        )
        for reason in done.reasons.get(stack, ()):
            for line in visible_lines(reason):
                out.print(Text(f"     {line}"), soft_wrap=True)
    out.print()
    out.print(f" See what the code still asks for: landform plan {place.environment.name}{place.flags}")


def accepted_document(taken: Sequence[Acceptance], done: Accepted | None) -> dict[str, Any]:
    """What was taken into the states, as JSON data."""
    return {
        "format_version": "1.0",
        "run": done.run if done else None,
        "stacks": [
            {
                "stack": each.stack,
                "phase": done.phases.get(each.stack) if done else None,
                "reasons": list(done.reasons.get(each.stack, ())) if done else [],
                "objects": [_document(one) for one in each.objects],
                "outputs": list(each.outputs),
            }
            for each in taken
        ],
    }


def _document(taken: TakenObject) -> dict[str, Any]:
    return {
        "address": taken.address,
        "deleted": taken.deleted,
        "attributes": [{"path": path, "was": old, "now": new} for path, old, new in taken.attributes],
        "folded": taken.folded,
    }
