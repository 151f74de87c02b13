"""One stage of an apply: a frozen place, what was approved of it if anything was, and what it may rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from landform.engine.events import Event
from landform.errors import Refused
from landform.planning.manifest import APPLY, DESTROY, DISARM
from landform.workflows.approving import (
    Mandate,
    approved_record,
    check_glass,
    mandate_for,
    record_of_run,
    standing_mandate,
)
from landform.workflows.frozen import frozen
from landform.workflows.overriding import overridden
from landform.workflows.place import Place
from landform.workflows.plan_records import PlanRecord, command_of, find_digest, prints_of, read_record
from landform.workflows.quarantine import look_and_lift
from landform.workflows.rechecking import check_same, check_sources, check_within
from landform.workflows.records import Records, records_of, secret_key
from landform.workflows.release_store import planned_release, read_release
from landform.workflows.releasing import freeze_release, open_release
from landform.workflows.reviewing import Reviewed, ReviewRequest, prepared, review_environment
from landform.workflows.run_log import note_unchanged


@dataclass(frozen=True, slots=True)
class Stage:
    """``approved`` is the plan that was chosen before; None: this stage's own plan is what people see now.

    ``resumed`` names the run that this one goes on with.
    """

    place: Place
    request: ReviewRequest
    records: Records
    key: bytes = field(repr=False)
    approved: PlanRecord | None = None
    resumed: str = ""

    def review(self, on_event: Callable[[Event], None]) -> Reviewed:
        """Plan and review. Raises Refused where that is no longer what was approved.

        It ends the quarantine of stacks, or raises Refused where something is found outside their states.
        """
        reviewed = review_environment(self.place, replace(self.request, on_event=on_event))
        if self.approved is not None and self.resumed:
            check_within(self.approved, prints_of(reviewed.planned.plan, self.key))
        elif self.approved is not None:
            check_same(self.approved, reviewed.record.manifest)
        look_and_lift(self.place, self.records, [each.stack for each in reviewed.planned.plan.stacks])
        return reviewed

    def mandate(self, reviewed: Reviewed, break_glass: str = "", lock_timeout: int = 0) -> Mandate:
        """What the apply rests on. Raises Refused with what is missing."""
        if not break_glass:
            check_glass(self.place, self.records)
        if reviewed.not_kept and reviewed.review.verdict.approvals:
            raise Refused(f"this plan can't be approved, because it is not kept: {reviewed.not_kept}")
        record = self.approved or reviewed.record
        found = mandate_for(
            self.place,
            self.records,
            record,
            break_glass=break_glass,
            run=self.resumed,
            verdict=reviewed.review.verdict,
        )
        return replace(found, lock_timeout=lock_timeout)

    def standing_mandate(self, reviewed: Reviewed, standing: str, lock_timeout: int) -> Mandate:
        """What an apply rests on that was agreed to before. Raises Refused by its verdict."""
        check_glass(self.place, self.records)
        found = standing_mandate(self.records, reviewed.record, reviewed.review.verdict, standing)
        return replace(found, lock_timeout=lock_timeout)

    def note_unchanged(self, reviewed: Reviewed) -> None:
        """Note, where it is news, that the environment is as the release of this stage says."""
        planned = reviewed.planned
        if self.request.operation == APPLY and not reviewed.not_kept:
            place = freeze_release(self.place, self.records, planned)
            note_unchanged(place, self.records, planned, self.key)


@contextmanager
def opened(
    place: Place, request: ReviewRequest, plan: str = "", resume: str = "", *, standing: bool = False
) -> Iterator[Stage]:
    """A stage, in a frozen place. ``plan`` is the start of a digest, ``resume`` a run's name.

    ``standing``: it rests on what was agreed to before, so no approved plan is looked for.
    With an approved plan nothing is generated anew: what lies there has to be what was approved; where that
    was a kept release, it is opened again. Raises Refused, which names what has moved since.
    """
    records = records_of(place)
    key = secret_key(records)
    approved = None if standing else _approved(place, records, request, plan, resume)
    if approved is not None and not place.opened:
        place = _of_its_release(place, records, approved)
    with frozen(place) if approved else prepared(place) as where:
        if approved is not None:
            check_sources(where, approved, key, resumed=bool(resume))
        with overridden(where, request.settings) as ready:
            yield Stage(ready, request, records, key, approved, resume)


def _of_its_release(place: Place, records: Records, approved: PlanRecord) -> Place:
    """The place of the release that was approved, where the plan was one of a kept release."""
    digest = planned_release(records, approved.digest)
    return open_release(place, records, read_release(records, digest))[0] if digest else place


def _approved(
    place: Place, records: Records, request: ReviewRequest, plan: str, resume: str
) -> PlanRecord | None:
    record: PlanRecord | None
    if resume:
        record = record_of_run(records, resume)
    elif plan:
        record = read_record(records, find_digest(records, plan))
    else:
        record = approved_record(place, records, request.operation, request.stacks, request.targets)
    if record is not None and (record.manifest.operation, request.operation) == (DISARM, DESTROY):
        return None  # it is for the stage before the destroy
    if record is not None and record.manifest.operation != request.operation:
        raise Refused(f"the plan {record.digest[:12]} is one to {record.manifest.operation}")
    if record is not None and record.manifest.targets != tuple(sorted(request.targets)):
        what = (
            f"the plan {record.digest[:12]} is {'' if record.manifest.targets else 'not '}of single objects"
        )
        raise Refused(what, f"It is for: {command_of(record, place.flags)}")
    return record
