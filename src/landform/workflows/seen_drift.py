"""What the last plan of a whole environment saw of drift: a note beside the states, for ``status``."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from landform.errors import RecordsUnreadable
from landform.planning.drift import DriftOutcome
from landform.planning.environment_plan import EnvironmentPlan
from landform.review import Review
from landform.workflows.journal import now
from landform.workflows.records import Records

_NAME = "drift"


@dataclass(frozen=True, slots=True)
class SeenDrift:
    """``stacks`` maps each stack with drift to the addresses; ``at`` is empty where nobody looked yet.

    ``since`` maps each address to when its drift was seen first, without a look in between that saw none.
    """

    at: str = ""
    stacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many objects have drifted."""
        return sum(map(len, self.stacks.values()))


def drift_of(plan: EnvironmentPlan, review: Review) -> Mapping[str, tuple[str, ...]]:
    """The objects by stack whose drift the plan would undo, write over, or follow; ignored drift is none."""
    found = {}
    for stack in review.stacks:
        matters = plan.stack(stack.stack).drift_that_matters
        addresses = tuple(
            each.address
            for each in stack.drift
            if each.outcome is not DriftOutcome.KEPT or each.address in matters
        )
        if addresses:
            found[stack.stack] = addresses
    return found


def note_drift(records: Records, plan: EnvironmentPlan, review: Review) -> None:
    """Note what a plan of the whole environment saw. Where that can't be done, ``status`` says less."""
    keep_seen(records, drift_of(plan, review))


def keep_seen(records: Records, stacks: Mapping[str, tuple[str, ...]]) -> None:
    """Note the drift that was seen just now, by stack."""
    at, known = now(), seen_drift(records).since
    since = {address: known.get(address, at) for found in stacks.values() for address in found}
    _keep(records, SeenDrift(at, stacks, since))


def forget_drift(records: Records, addresses: Collection[str]) -> None:
    """Take objects that were mended out of the note."""
    known = seen_drift(records)
    left = {
        stack: tuple(each for each in found if each not in addresses) for stack, found in known.stacks.items()
    }
    since = {address: at for address, at in known.since.items() if address not in addresses}
    if known.at:
        _keep(records, SeenDrift(known.at, {stack: found for stack, found in left.items() if found}, since))


def _keep(records: Records, seen: SeenDrift) -> None:
    with suppress(RecordsUnreadable):
        records.replace(_NAME, json.dumps(asdict(seen)).encode())


def seen_drift(records: Records) -> SeenDrift:
    """The note; an empty one where there is none, or it can't be read."""
    with suppress(RecordsUnreadable, ValueError, TypeError, KeyError, AttributeError):
        raw = json.loads(records.get(_NAME) or b"null")
        if raw is not None:
            stacks = {str(stack): tuple(found) for stack, found in raw["stacks"].items()}
            return SeenDrift(str(raw["at"]), stacks, dict(raw["since"]))
    return SeenDrift()
