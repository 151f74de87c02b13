"""Schedules, holds and results of environments that go by themselves, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import typer

from landform.cli.views.console import print_json
from landform.cli.views.visible import visible
from landform.workflows.holds import Hold
from landform.workflows.slot_claims import SlotResult
from landform.workflows.slots import Decision, Slot, SlotKind
from landform.workflows.teardown_status import TeardownStatus

_SOON = 6


def show_teardowns(found: Sequence[TeardownStatus], *, as_json: bool = False) -> None:
    """A block of lines for each environment."""
    if as_json:
        print_json({"format_version": "1.0", "environments": [_document(each) for each in found]})
        return
    for number, each in enumerate(found):
        if number:
            typer.echo()
        typer.echo(f"{each.environment.name} ({each.environment.timezone})")
        for name, text in _rows(each):
            typer.echo(f"  {name:<14}{visible(text)}")


def show_hold(environment: str, hold: Hold) -> None:
    """What holds now."""
    typer.echo(visible(f"{environment} is {hold.shown}"))


def show_released(environment: str, hold: Hold) -> None:
    """What does not hold any more."""
    typer.echo(visible(f"{environment} is free again; it was {hold.shown}"))


def _rows(status: TeardownStatus) -> Iterator[tuple[str, str]]:
    for kind in SlotKind:
        slot = status.next(kind)
        if slot is not None:
            yield f"next {kind}", _times(slot.at, slot.utc)
    if skipped := [f"{each.at:%Y-%m-%d}" for each in status.slots[:_SOON] if _is_left_out(each)]:
        yield "holidays", f"no rebuild on {', '.join(skipped)}"
    if status.decision is not None:
        yield "due now", _decided(status.decision)
    if status.hold is not None:
        yield "hold", status.hold.shown
    if status.running is not None:
        by = status.running.by.shown
        yield (
            "runs",
            f"{status.running.slot}, by {by} on {status.running.owner.host} since {status.running.created}",
        )
    yield "last", _ended(status.last) if status.last else "nothing yet"
    yield "saved so far", f"${status.saved_usd:,.2f}"


def _times(local: datetime, utc: datetime) -> str:
    return f"{local:%a %Y-%m-%d %H:%M %Z} = {utc:%Y-%m-%d %H:%M} UTC"


def _decided(decision: Decision) -> str:
    why = f": {decision.why}" if decision.why else ""
    return f"{decision.slot.id}, {decision.outcome}{why}"


def _ended(result: SlotResult) -> str:
    return f"{result.slot} {result.ending} at {result.at}" + (f": {result.why}" if result.why else "")


def _is_left_out(slot: Slot) -> bool:
    return slot.holiday and slot.kind is SlotKind.REBUILD


def _document(status: TeardownStatus) -> dict[str, Any]:
    hold, running, decision = status.hold, status.running, status.decision
    return {
        "environment": status.environment.name,
        "timezone": status.environment.timezone,
        "next": {str(kind): _slot(status.next(kind)) for kind in SlotKind},
        "slots": [_slot(each) for each in status.slots[:_SOON]],
        "due": _due(decision) if decision else None,
        "hold": _hold(hold) if hold else None,
        "running": asdict(running) if running else None,
        "last": asdict(status.last) if status.last else None,
        "saved_usd": round(status.saved_usd, 2),
    }


def _slot(slot: Slot | None) -> dict[str, Any] | None:
    if slot is None:
        return None
    local, utc = slot.at.isoformat(), slot.utc.isoformat()
    return {"id": slot.id, "kind": str(slot.kind), "local": local, "utc": utc, "holiday": slot.holiday}


def _due(decision: Decision) -> dict[str, Any]:
    return {
        "slot": _slot(decision.slot),
        "outcome": str(decision.outcome),
        "begins_at": decision.begins_at.isoformat(),
        "why": decision.why,
    }


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "until": hold.until.isoformat(),
        "since": hold.since.isoformat(),
        "by": asdict(hold.by),
        "reason": hold.reason,
    }
