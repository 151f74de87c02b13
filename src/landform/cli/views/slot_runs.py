"""What ``teardown run`` says of an environment."""

from __future__ import annotations

from typing import Any

from landform.cli.views.sweeps import sweep_text
from landform.cli.views.visible import visible
from landform.review.certificate import to_document
from landform.workflows.slots import Decision, Slot
from landform.workflows.teardown_run import Came, SlotRun


def slot_run_text(found: SlotRun) -> str:
    """For people: what was due, what was done, what is left."""
    lines = [f"{found.environment}: {_headline(found)}"]
    if found.certificate:
        lines.append(sweep_text(found.certificate.sweep).rstrip("\n"))
        saved = found.certificate.savings.usd
        lines += [f"Saves ${saved:.2f} until it is back."] if saved else []
        lines.append(f"Certificate {found.certificate.run}, digest {found.certificate.digest[:12]}.")
    lines += [f"  {each}" for each in found.not_told]
    return "\n".join(line if "\n" in line else visible(line) for line in lines)


def slot_run_document(found: SlotRun) -> dict[str, Any]:
    """The same as JSON data."""
    return {
        "environment": found.environment,
        "came": str(found.came),
        "slot": found.slot.id if found.slot else None,
        "why": found.why,
        "certificate": to_document(found.certificate) if found.certificate else None,
        "not_told": list(found.not_told),
    }


def due_text(environment: str, decision: Decision | None) -> str:
    """What would be done now."""
    if decision is None:
        return f"{environment}: nothing is due"
    why = f" ({decision.why})" if decision.why else ""
    return visible(f"{environment}: {_shown(decision.slot)}: {decision.outcome}{why}")


def _headline(found: SlotRun) -> str:
    if found.slot is None:
        return f"{found.came}{f': {found.why}' if found.why else ''}"
    after = f": {found.why}" if found.why else ""
    words = "" if found.came is Came.DONE and not found.why else f" {found.came}"
    return f"{_shown(found.slot)}{words or ' done'}{after}"


def _shown(slot: Slot) -> str:
    return f"{slot.kind} of {slot.at:%Y-%m-%d %H:%M %Z}"
