"""What is due in an environment and what comes next: its schedule, its records and a clock put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from landform.errors import LandformError
from landform.project import Environment, Project
from landform.project.times import instant_fault, instant_of
from landform.workflows.holds import Hold, current_hold
from landform.workflows.place import Place, PlaceOptions, open_place
from landform.workflows.records import records_of
from landform.workflows.slot_claims import Claim, SlotResult, claim_of, claimed_slots, slot_results
from landform.workflows.slots import Decision, Slot, SlotKind, due, next_slots

_AHEAD = 64
"""How many slots are looked through for the next of a kind, past holidays: six weeks of weekdays."""


@dataclass(frozen=True, slots=True)
class TeardownStatus:
    """One environment. ``slots`` are the next few, holidays among them; ``running`` has no result yet."""

    environment: Environment
    slots: tuple[Slot, ...]
    decision: Decision | None
    hold: Hold | None
    last: SlotResult | None
    running: Claim | None
    saved_usd: float

    def next(self, kind: SlotKind) -> Slot | None:
        """The next slot of a kind that is no holiday's."""
        return next((each for each in self.slots if each.kind is kind and not _falls_out(each)), None)


def is_scheduled(environment: Environment) -> bool:
    """Whether anything happens to an environment by itself."""
    teardown = environment.teardown
    return environment.expires_at is not None or (teardown is not None and teardown.schedule is not None)


def scheduled(project: Project, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The environments with a schedule or an expiry, of ``names`` or of all. Raises LandformError for none.

    Raises it too for a name that has neither, and ProjectInvalid for one that does not exist.
    """
    from landform.workflows.place import environment_of

    for name in names:
        if not is_scheduled(environment_of(project, name)):
            raise LandformError(
                f"{name} has no schedule", f"Add teardown.schedule to environments/{name}/environment.yaml."
            )
    found = names or tuple(name for name, each in project.environment_by_name.items() if is_scheduled(each))
    if not found:
        raise LandformError("no environment has a schedule", "Add teardown.schedule to its environment.yaml.")
    return found


def time_of(at: str) -> datetime:
    """The time that an option gives; now where it gives none. Raises LandformError."""
    if fault := instant_fault(at) if at else "":
        raise LandformError(f"--at: {fault}")
    return instant_of(at) if at else datetime.now(UTC)


def decide(place: Place, now: datetime) -> Decision | None:
    """What is due in an environment at ``now``, by its schedule, its claims and its hold."""
    records = records_of(place)
    return due(place.environment, now, claimed_slots(records), current_hold(records, now))


def teardown_status(
    project: Project, names: tuple[str, ...], options: PlaceOptions, now: datetime
) -> tuple[TeardownStatus, ...]:
    """The status of each environment of ``names``, or of all that have a schedule."""
    return tuple(_status(open_place(project, name, options), now) for name in scheduled(project, names))


def _status(place: Place, now: datetime) -> TeardownStatus:
    records = records_of(place)
    results = slot_results(records)
    return TeardownStatus(
        place.environment,
        next_slots(place.environment, now, _AHEAD),
        decide(place, now),
        current_hold(records, now),
        results[-1] if results else None,
        _running(place, results),
        sum(each.saved_usd for each in results),
    )


def _running(place: Place, results: tuple[SlotResult, ...]) -> Claim | None:
    """The newest claim that has no result."""
    records = records_of(place)
    ended = {each.slot for each in results}
    newest = max(claimed_slots(records), key=lambda id_: id_.partition("-")[2], default="")
    return claim_of(records, newest) if newest and newest not in ended else None


def _falls_out(slot: Slot) -> bool:
    return slot.holiday and slot.kind is SlotKind.REBUILD
