"""A slot is run by one, of however many at once; after a process that died, by one more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from landform.errors import RecordsUnreadable, Refused
from landform.processes import ProcessId
from landform.review.approval import Person
from landform.workflows.journal import now as rfc3339_now
from landform.workflows.owners import SILENT_SECONDS, Owner, this_process
from landform.workflows.records import LocalRecords, Records, records_of
from landform.workflows.slot_claims import (
    Claim,
    Ending,
    claim_of,
    claimed,
    claimed_slots,
    skip,
    slot_results,
    write_result,
)
from landform.workflows.slots import Slot, SlotKind, due
from landform.workflows.teardown_status import decide
from workflows.place_kit import Shop
from workflows.schedule_kit import environment, local, scheduled_shop

SLOT = Slot(SlotKind.TEARDOWN, local("2026-12-01T20:00"))
ANN, BOB = Person(email="ann@example.org"), Person(email="bob@example.org")
_GONE = ProcessId(2**22 - 1, "1")


@dataclass(frozen=True)
class _Together(LocalRecords):
    """Records whose readers go on when all have read: each has seen the same."""

    barrier: Barrier

    def names(self, prefix: str) -> Sequence[str]:
        """See ``Records``."""
        found = LocalRecords.names(self, prefix)
        self.barrier.wait()
        return found


@pytest.fixture
def records(shop: Shop) -> Records:
    """Those of dev."""
    return records_of(shop.place())


def _left(records: Records, owner: Owner, created: str = "", taken: str = "") -> None:
    """A claim without a result."""
    claim = Claim(SLOT.id, ANN, owner, created or rfc3339_now(), taken=bool(taken))
    records.put(f"slots/{SLOT.id}{taken}.json", json.dumps(asdict(claim)).encode())


def _dead() -> Owner:
    return replace(this_process(), pid=_GONE.pid, started=_GONE.started)


def _ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def test_of_many_at_once_one_has_it(records: Records) -> None:
    barrier = Barrier(8)

    def run(number: int) -> bool:
        barrier.wait()
        with claimed(records, SLOT, Person(git=str(number))) as mine:
            if mine is None:
                return False
            write_result(records, mine, Ending.DONE, saved_usd=1)
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(run, range(8))) == [False] * 7 + [True]
    assert len(slot_results(records)) == 1


def test_it_is_kept_who_has_it_and_what_came_of_it(records: Records) -> None:
    with claimed(records, SLOT, ANN, "run-1") as mine:
        assert mine is not None
        assert claim_of(records, SLOT.id) == mine
        result = write_result(records, mine, Ending.DONE, saved_usd=12.5)
    assert slot_results(records) == (result,)
    assert (result.run, result.ending, result.saved_usd) == ("run-1", Ending.DONE, 12.5)
    assert records.names("alive/") == []
    with claimed(records, SLOT, BOB) as second:
        assert second is None
    with pytest.raises(Refused):
        write_result(records, mine, Ending.FAILED)


def test_what_runs_or_has_ended_is_not_due(records: Records) -> None:
    at = local("2026-12-01T20:01")
    with claimed(records, SLOT, ANN):
        assert due(environment(), at, claimed_slots(records)) is None
    assert due(environment(), at, claimed_slots(records)) is None  # this process lives: it may still be at it


def test_who_died_is_taken_over_by_exactly_one(records: Records) -> None:
    _left(records, _dead())
    at = local("2026-12-01T20:16")
    assert due(environment(), at, claimed_slots(records)) is not None
    assert isinstance(records, LocalRecords)
    together = _Together(records.folder, Barrier(6))

    def run(number: int) -> bool:
        with claimed(together, SLOT, Person(git=str(number))) as mine:
            return mine is not None and mine.taken

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(run, range(6))) == [False] * 5 + [True]
    assert due(environment(), at, claimed_slots(records)) is None


def test_what_ended_two_processes_is_left_alone(records: Records) -> None:
    _left(records, _dead())
    _left(records, _dead(), taken="-taken")
    with claimed(records, SLOT, BOB) as mine:
        assert mine is None
    assert SLOT.id in claimed_slots(records)


def test_who_died_after_the_result_is_not_taken_over(records: Records) -> None:
    with claimed(records, SLOT, ANN) as mine:
        assert mine is not None
        write_result(records, replace(mine, owner=_dead()), Ending.FAILED, why="no credentials")
    with claimed(records, SLOT, BOB) as second:
        assert second is None


@pytest.mark.parametrize(
    ("beat", "created", "free"),
    [
        (10.0, SILENT_SECONDS + 60, False),
        (SILENT_SECONDS + 10, SILENT_SECONDS + 60, True),
        (None, 5.0, False),
        (None, SILENT_SECONDS + 5, True),
    ],
)
def test_another_machine_is_dead_when_it_is_silent(
    records: Records, beat: float | None, created: float, free: bool
) -> None:
    _left(records, replace(this_process(), host="elsewhere"), _ago(created))
    if beat is not None:
        records.replace(f"alive/slot-{SLOT.id}", json.dumps({"at": _ago(beat)}).encode())
    with claimed(records, SLOT, BOB) as mine:
        assert (mine is not None) is free


def test_what_is_too_late_is_skipped_once_and_says_why(shop: Shop) -> None:
    place = scheduled_shop(shop).place()
    now = local("2026-12-02T01:00", "Europe/Berlin")
    decision = decide(place, now)
    assert decision is not None
    records = records_of(place)
    assert skip(records, decision.slot, ANN, decision.why) is not None
    assert skip(records, decision.slot, BOB, decision.why) is None
    assert decide(place, now) is None
    (result,) = slot_results(records)
    assert (result.ending, result.why) == (Ending.SKIPPED, "it would begin 5 h late, and max_late is 3 h")


def test_a_damaged_record_is_named(records: Records) -> None:
    records.put(f"slots/{SLOT.id}.json", b"{}")
    with pytest.raises(RecordsUnreadable, match=SLOT.id), claimed(records, SLOT, BOB):
        pass
    records.put("slots/x-result.json", b"[]")
    with pytest.raises(RecordsUnreadable, match=r"slots/x-result\.json"):
        slot_results(records)
