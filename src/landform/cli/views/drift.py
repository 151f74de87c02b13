"""Drift: relevant first, by cause where several environments share one; what nothing acts on is folded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from landform.cli.views.ages import age, lasting
from landform.cli.views.console import console, print_json
from landform.cli.views.visible import visible, visible_lines
from landform.workflows.drifting import Drifted, EnvironmentDrift, StackDrift, Standing

_STYLES = {
    Standing.IN_SYNC: "green",
    Standing.PENDING: "yellow",
    Standing.DRIFT: "red",
    Standing.BOTH: "red",
    Standing.IGNORED: "dim",
}
_SHOWN = 8
_UNMANAGED_SHOWN = 10


def show_drift(found: Sequence[EnvironmentDrift], *, as_json: bool = False, no_color: bool = False) -> None:
    """Each environment: what has drifted, attribute by attribute, and how its stacks stand."""
    if as_json:
        print_json({"format_version": "1.0", "environments": [_document(each) for each in found]})
        return
    out = console(no_color)
    for environment in found:
        _environment(out, environment)
    _shared(out, found)


def show_left(left: Sequence[Drifted], *, nothing: bool, no_color: bool = False) -> None:
    """What can't be put back; ``nothing``: there is nothing else."""
    out = console(no_color)
    if nothing and not left:
        out.print("Nothing has drifted that can be put back.")
    for each in left:
        what = "the code does not say what it should be; landform apply follows it"
        out.print(Text(f"  {visible(each.address)} is not put back: {what}."), soft_wrap=True)


def _document(found: EnvironmentDrift) -> dict[str, object]:
    return {
        "environment": found.environment,
        "release": found.release or None,
        "error": found.error or None,
        "drift": found.has_drift,
        "unmanaged": [each.arn for each in found.unmanaged],
        "notes": list(found.notes),
        "stacks": [
            {
                "stack": stack.stack,
                "standing": str(stack.standing),
                "pending": list(stack.pending),
                "drifted": [_object_document(each) for each in stack.drifted],
            }
            for stack in found.stacks
        ],
    }


def _object_document(drifted: Drifted) -> dict[str, object]:
    attributes = [{"path": path, "state": old, "now": new} for path, old, new in drifted.attributes]
    hidden = ("environment", "stack", "names")
    known = {name: value for name, value in asdict(drifted).items() if name not in hidden}
    return {**known, "attributes": attributes, "rule": drifted.rule or None}


def _environment(out: Console, found: EnvironmentDrift) -> None:
    out.print(Text.assemble(("  " + found.environment, "bold")))
    if found.error:
        for line in visible_lines(f"could not be planned: {found.error}"):
            out.print(Text(f"    {line}", style="red"), soft_wrap=True)
    for stack in found.stacks:
        _stack(out, stack)
    _unmanaged(out, found)
    for note in found.notes:
        out.print(Text(f"    {visible(note)}", style="dim"), soft_wrap=True)
    out.print()


def _unmanaged(out: Console, found: EnvironmentDrift) -> None:
    """What has the environment's tags and is in no state, the first ones by name."""
    if not found.unmanaged:
        return
    sweep = f"landform sweep {found.environment}{found.flags}"
    out.print(Text(f"    tagged, and in no state: {len(found.unmanaged)}; see {sweep}"), soft_wrap=True)
    for each in found.unmanaged[:_UNMANAGED_SHOWN]:
        out.print(Text(f"      {visible(each.arn)}"), soft_wrap=True)
    if len(found.unmanaged) > _UNMANAGED_SHOWN:
        out.print(Text(f"      and {len(found.unmanaged) - _UNMANAGED_SHOWN} more", style="dim"))


def _stack(out: Console, stack: StackDrift) -> None:
    out.print(
        Text.assemble("    ", (stack.stack, "bold"), "  ", (str(stack.standing), _STYLES[stack.standing]))
    )
    real = [each for each in stack.drifted if each.is_real]
    for each in real:
        _object(out, each)
    folded = len(stack.drifted) - len(real)
    if folded:
        out.print(Text(f"      {folded} more that nothing acts on, or that a rule takes", style="dim"))
    if stack.pending:
        out.print(Text(f"      {len(stack.pending)} changes of code wait for an apply", style="yellow"))


def _object(out: Console, drifted: Drifted) -> None:
    seen = lasting(drifted.first_seen, datetime.now(UTC))
    what = "is gone" if drifted.deleted else f"would be {drifted.outcome}"
    name = drifted.address.removeprefix(f"module.{drifted.stack}.")
    line = Text.assemble(("      ~ ", "red"), visible(name), f"  {what}")
    line.append(f"  drifted {seen}" if seen else "", style="dim")
    out.print(line, soft_wrap=True)
    if drifted.changed:
        by, when = drifted.changed.by, age(drifted.changed.at, datetime.now(UTC))
        out.print(
            Text(f"          by {visible(by)}, {when}, {visible(drifted.changed.event)}"), soft_wrap=True
        )
    for path, old, new in drifted.attributes[:_SHOWN]:
        out.print(Text(f"          {visible(path)}  {short(old)} → {short(new)}"), soft_wrap=True)


def _shared(out: Console, found: Sequence[EnvironmentDrift]) -> None:
    """One cause in several environments is one thing to mend."""
    groups: dict[str, list[Drifted]] = {}
    for environment in found:
        for each in environment.drifted:
            if each.relevant:
                groups.setdefault(each.cause, []).append(each)
    for group in groups.values():
        names = dict.fromkeys(each.environment for each in group)
        if len(names) > 1:
            out.print(f"  The same in {', '.join(names)}: {visible(group[0].type)}, {_paths(group[0])}")


def _paths(drifted: Drifted) -> str:
    return "gone" if drifted.deleted else ", ".join(visible(path) for path, _, _ in drifted.attributes[:3])


def short(value: object) -> str:
    """A value on one line, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = visible(text)
    return text if len(text) <= 60 else f"{text[:59]}…"
