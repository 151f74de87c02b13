"""Does what is due in one environment, once: tears it down, sweeps and certifies, or brings it back."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from landform.errors import LandformError, Locked, Refused
from landform.planning.changes import Action
from landform.review.certificate import Certificate, Destroyed
from landform.review.obstacles import final_snapshots
from landform.workflows.certificates import certify
from landform.workflows.destroy import check_dependents, check_protection
from landform.workflows.environment_lock import held_lock, locked
from landform.workflows.health import wait_until_well
from landform.workflows.holds import current_hold
from landform.workflows.identity import whoami
from landform.workflows.journal import now as rfc3339_now
from landform.workflows.notices import NoticeKind
from landform.workflows.place import Place
from landform.workflows.progress import Phase
from landform.workflows.rebuilding import rebuild
from landform.workflows.records import records_of
from landform.workflows.releasing import open_current_release
from landform.workflows.reviewing import Reviewed
from landform.workflows.savings import savings_of
from landform.workflows.slot_claims import Claim, Ending, claimed, skip, write_result
from landform.workflows.slots import Decision, Outcome, Slot, SlotKind, next_slots
from landform.workflows.sweeping import SweepRequest, inventory_before, patient_sweep
from landform.workflows.teardown_notices import Teller
from landform.workflows.teardown_shape import check_teardown
from landform.workflows.teardown_status import decide
from landform.workflows.unattended import Carried, Standing, Watch, destroy_unattended
from landform.workflows.unfinished import wait_for_unfinished
from landform.workflows.whereabouts import prove_whereabouts

_TICK = 5.0
_AHEAD = 64


class Came(StrEnum):
    """What became of an environment when it was asked what is due."""

    NOTHING = "nothing is due"
    HELD = "held"
    LATE = "too late"
    BUSY = "busy"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SlotRun:
    """One environment. ``why`` explains what was not done; ``not_told`` are receivers without a notice."""

    environment: str
    came: Came
    slot: Slot | None = None
    why: str = ""
    certificate: Certificate | None = None
    not_told: tuple[str, ...] = ()


def run_due(place: Place, now: datetime, watch: Watch) -> SlotRun:
    """Do what is due at ``now``, if anything is. Raises LandformError only before a slot is claimed."""
    name, records = place.environment.name, records_of(place)
    decision = decide(place, now)
    if decision is None:
        return SlotRun(name, Came.NOTHING)
    tell, slot = Teller(place, decision), decision.slot
    if decision.outcome is Outcome.HELD:
        told = tell(NoticeKind.HELD, decision.why)
        return SlotRun(name, Came.HELD, slot, decision.why, not_told=told)
    if decision.outcome is Outcome.LATE:
        skip(records, slot, whoami(place), decision.why)
        told = tell(NoticeKind.SKIPPED, decision.why)
        return SlotRun(name, Came.LATE, slot, decision.why, not_told=told)
    held = held_lock(records)
    if held is not None and (held.owner.runs_here or not held.owner.is_here):
        return SlotRun(name, Came.BUSY, slot, f"locked: {held.shown}; the next job tries again")
    with claimed(records, slot, whoami(place)) as claim:
        if claim is None:
            return SlotRun(name, Came.BUSY, slot, "somebody else has it")
        return _Run(place, claim, decision, now, watch, tell).carry_out()


@dataclass(slots=True)
class _Run:
    """One claimed slot, from its notice to its result."""

    place: Place
    claim: Claim
    decision: Decision
    now: datetime
    watch: Watch
    tell: Teller
    run: str = ""

    @property
    def name(self) -> str:
        return self.place.environment.name

    def carry_out(self) -> SlotRun:
        """Every expected failure is a result; what ends this process leaves the slot to the next job."""
        try:
            if hold := self._grace():
                return SlotRun(self.name, Came.HELD, self.decision.slot, hold)
            with locked(self.place, str(self.decision.slot.kind)):
                prove_whereabouts(self.place)
                wait_for_unfinished(self.place, self._waits)
                return self._rebuild() if self.decision.slot.kind is SlotKind.REBUILD else self._tear_down()
        except Locked as error:
            return SlotRun(
                self.name, Came.BUSY, self.decision.slot, f"{error.what}; the next job tries again"
            )
        except LandformError as error:
            return self._failed(error.whole)

    def _grace(self) -> str:
        """Warn, and wait. Returns the hold that somebody has put on it meanwhile."""
        begins = self.decision.begins_at.timestamp() - self.now.timestamp()
        if begins <= 0:
            return ""
        self.tell(NoticeKind.COMING, f"begins at {self.decision.begins_at:%H:%M} UTC")
        self.watch.say(f"{self.name}: waits {begins:.0f} s, as its grace says")
        end = time.monotonic() + begins
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(_TICK, left))
            if hold := current_hold(records_of(self.place), self.decision.begins_at):
                return hold.shown
        return ""

    def _waits(self, run: str, stack: str) -> None:
        self.watch.say(f"{self.name}: waits for {run} to end its work on {stack}")

    def _tear_down(self) -> SlotRun:
        check_protection(self.place.project, self.name)
        where = open_current_release(self.place)
        stacks = _going(where, self.decision.slot)
        check_dependents(where, stacks)
        former, started = inventory_before(where, stacks), rfc3339_now()
        chosen = () if self.decision.slot.kind is SlotKind.EXPIRY else stacks  # what goes whole is forgotten
        carried = destroy_unattended(where, chosen, self._standing(where, stacks), self.watch)
        self.run = carried.result.run_id if carried.result else f"{self.decision.slot.id}"
        swept = patient_sweep(
            where, SweepRequest(former, stacks, retained=final_snapshots(carried.planned.plan))
        )
        gone = former if carried.succeeded else ()
        saved = savings_of(where, gone, self.now, self._comes_back())
        made = Certificate(self.run, whoami(where), started, rfc3339_now(), swept, _destroyed(carried), saved)
        made = certify(records_of(where), made)
        if not carried.succeeded:
            return self._failed(_reasons(carried), made)
        return self._ended(made)

    def _standing(self, where: Place, stacks: tuple[str, ...]) -> Standing:
        teardown = where.environment.teardown

        def check(reviewed: Reviewed) -> None:
            check_teardown(reviewed.planned.plan, stacks, teardown.max_changes if teardown else None)

        return Standing(self.decision.slot.id, check)

    def _comes_back(self) -> datetime | None:
        """When the environment is rebuilt, as far as its schedule says."""
        slots = next_slots(self.place.environment, self.now, _AHEAD)
        if self.decision.slot.kind is not SlotKind.TEARDOWN:
            return None
        return next((each.utc for each in slots if each.kind is SlotKind.REBUILD and not each.holiday), None)

    def _ended(self, made: Certificate) -> SlotRun:
        left = len(made.sweep.leftovers)
        why = "" if made.sweep.is_clean else f"{left} left over, at {made.sweep.monthly.shown} a month"
        self._write(Ending.DONE, why, made.savings.usd or 0.0)
        told = self.tell(NoticeKind.DONE if made.sweep.is_clean else NoticeKind.LEFTOVERS, why, made)
        return SlotRun(self.name, Came.DONE, self.decision.slot, why, made, told)

    def _rebuild(self) -> SlotRun:
        carried = rebuild(self.place, self.watch)
        self.run = carried.result.run_id if carried.result else ""
        if not carried.succeeded:
            return self._failed(_reasons(carried))
        if unwell := wait_until_well(self.place):
            return self._failed(f"it is back, and not well: {'; '.join(unwell)}")
        self._write(Ending.DONE)
        told = self.tell(NoticeKind.REBUILT)
        return SlotRun(self.name, Came.DONE, self.decision.slot, not_told=told)

    def _failed(self, why: str, made: Certificate | None = None) -> SlotRun:
        self._write(Ending.FAILED, why)
        told = self.tell(NoticeKind.FAILED, why, made)
        return SlotRun(self.name, Came.FAILED, self.decision.slot, why, made, told)

    def _write(self, ending: Ending, why: str = "", saved_usd: float = 0.0) -> None:
        claim = replace(self.claim, run=self.run)
        write_result(records_of(self.place), claim, ending, why=why, saved_usd=saved_usd)


def _going(place: Place, slot: Slot) -> tuple[str, ...]:
    """The stacks that go: those that are marked, or all of an environment that has come to its end."""
    stacks = place.project.stack_by_name
    every = slot.kind is SlotKind.EXPIRY
    found = tuple(name for name in place.project.order if every or stacks[name].teardown)
    if not found:
        raise Refused("no stack has teardown: true", "Add it to the stacks that may go.")
    return found


def _destroyed(carried: Carried) -> tuple[Destroyed, ...]:
    ended = carried.result.in_phase(Phase.DONE) if carried.result else ()
    return tuple(
        Destroyed(each.stack, change.address, change.type)
        for each in ended
        for change in carried.planned.plan.stack(each.stack).effective
        if change.action is Action.DELETE
    )


def _reasons(carried: Carried) -> str:
    failed = (
        [each for each in carried.result.stacks if each.phase is not Phase.DONE] if carried.result else []
    )
    return "; ".join(f"{each.stack} {each.phase}: {' '.join(each.reasons)[:500]}" for each in failed)
