"""One command at a time changes an environment; others are told who it is, and the dead hold up nobody."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from landform.errors import Locked, RecordsUnreadable, Refused
from landform.processes import ProcessId
from landform.workflows.environment_lock import EnvironmentLock, held_lock, locked, release_lock
from landform.workflows.owners import SILENT_SECONDS, Life, Owner, life_of, this_process
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of
from workflows.place_kit import ANN, BOB, Shop

_GONE = ProcessId(2**22 - 1, "1")


def _lock(place: Place, owner: Owner) -> EnvironmentLock:
    """A lock that somebody has left."""
    with locked(place, "apply") as mine:
        found = replace(mine, id="feedfeedfeedfeed", owner=owner)
    records_of(place).put("lock", json.dumps(asdict(found)).encode())
    return found


def _beat(records: Records, seconds_ago: float) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    records.replace("alive/feedfeedfeedfeed", json.dumps({"at": at.isoformat()}).encode())


def test_it_is_held_and_free_again(shop: Shop) -> None:
    place = shop.place()
    with locked(place, "apply") as mine:
        assert held_lock(records_of(place)) == mine
        assert (mine.by.email, mine.operation) == (ANN, "apply")
    assert held_lock(records_of(place)) is None
    assert records_of(place).names("") == []


def test_it_is_free_again_after_an_error(shop: Shop) -> None:
    place = shop.place()
    with pytest.raises(ZeroDivisionError), locked(place, "apply"):
        raise ZeroDivisionError
    assert held_lock(records_of(place)) is None


def test_the_second_is_told_who_has_it(shop: Shop) -> None:
    first = shop.place(ANN)
    with locked(first, "destroy"), pytest.raises(Locked) as refused, locked(shop.place(BOB), "apply"):
        pass
    assert f"dev is locked: {ANN} on " in refused.value.what
    assert "destroy since" in refused.value.what
    assert "--lock-timeout" in refused.value.way_out


def test_who_waits_gets_it_when_it_is_free(shop: Shop) -> None:
    first, second = shop.place(ANN), shop.place(BOB)
    told, free = threading.Event(), threading.Event()

    def wait() -> str:
        with locked(second, "apply", 60, lambda _: told.set()) as mine:
            assert free.is_set()
            return mine.by.email

    with ThreadPoolExecutor(1) as pool:
        with locked(first, "apply"):
            waiting = pool.submit(wait)
            assert told.wait(30)
            free.set()
        assert waiting.result(30) == BOB


def test_of_many_at_once_one_has_it(shop: Shop) -> None:
    place = shop.place()
    together, inside, most = threading.Barrier(8), [0], [0]
    guard = threading.Lock()

    def work(_: int) -> None:
        together.wait()
        with locked(place, "apply", 60):
            with guard:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            with guard:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert most == [1]


def test_that_of_a_dead_process_of_this_machine_is_taken_over(shop: Shop) -> None:
    place = shop.place()
    left = _lock(place, replace(this_process(), pid=_GONE.pid, started=_GONE.started))
    with locked(place, "apply") as mine:
        assert mine.id != left.id
    assert held_lock(records_of(place)) is None


def test_of_many_who_find_a_dead_one_each_gets_it_in_turn(shop: Shop) -> None:
    place = shop.place()
    _lock(place, replace(this_process(), pid=_GONE.pid, started=_GONE.started))
    together, holders = threading.Barrier(6), []

    def work(_: int) -> None:
        together.wait()
        with locked(place, "apply", 60) as mine:
            holders.append(mine.id)
            assert held_lock(records_of(place)) == mine

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert len(set(holders)) == 6


def test_that_of_another_machine_is_not_taken_over_however_silent(shop: Shop) -> None:
    place = shop.place()
    _lock(place, Owner("ci-runner-7", "", 1, "1", "https://ci.example/7"))
    _beat(records_of(place), 10 * SILENT_SECONDS)
    with pytest.raises(Locked) as refused, locked(place, "apply"):
        pass
    assert "ci-runner-7" in refused.value.what
    assert "https://ci.example/7" in refused.value.what
    assert "landform state locks dev" in refused.value.way_out


@pytest.mark.parametrize(
    ("seconds_ago", "life"), [(1, Life.ALIVE), (SILENT_SECONDS * 2, Life.DEAD), (None, Life.UNKNOWN)]
)
def test_another_machine_is_known_by_its_signs_of_life(
    shop: Shop, seconds_ago: float | None, life: Life
) -> None:
    records = records_of(shop.place())
    if seconds_ago is not None:
        _beat(records, seconds_ago)
    found, why = life_of(records, "feedfeedfeedfeed", Owner("elsewhere", "", 1, "1"))
    assert found is life
    assert "sign of life" in why


def test_it_gives_signs_of_life_while_it_is_held(shop: Shop) -> None:
    place = shop.place()
    records = records_of(place)
    with locked(place, "apply") as mine:
        elsewhere = replace(mine.owner, host="elsewhere")
        for _ in range(1000):
            if life_of(records, mine.id, elsewhere)[0] is Life.ALIVE:
                break
            threading.Event().wait(0.01)
        assert life_of(records, mine.id, elsewhere)[0] is Life.ALIVE


def test_only_the_lock_that_was_looked_at_is_released(shop: Shop) -> None:
    place = shop.place()
    left = _lock(place, Owner("elsewhere", "", 1, "1"))
    records = records_of(place)
    with pytest.raises(Refused, match="it is feedfeedfeedfeed now"):
        release_lock(records, "another")
    release_lock(records, left.id)
    with pytest.raises(Refused, match="nobody has it any more"):
        release_lock(records, left.id)


def test_a_damaged_one_says_so(shop: Shop) -> None:
    place = shop.place()
    records_of(place).put("lock", b"{}")
    with pytest.raises(RecordsUnreadable, match="damaged"), locked(place, "apply"):
        pass
