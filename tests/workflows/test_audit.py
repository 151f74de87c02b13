"""What was written stays written: every edit of the history is found, and no writer loses an entry."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landform.errors import RecordsUnreadable, Refused
from landform.workflows.audit import History, append, read_audit
from landform.workflows.records import LocalRecords


@pytest.fixture
def records(tmp_path: Path) -> LocalRecords:
    """Five events."""
    found = LocalRecords(tmp_path)
    for number in range(1, 6):
        append(found, "tested", value=number)
    return found


def _path(records: LocalRecords, number: int) -> Path:
    return records.folder / "audit" / f"{number:08}.json"


def test_what_was_appended_is_read(records: LocalRecords) -> None:
    found = read_audit(records)
    assert [(each.number, each.event, each.details) for each in found] == [
        (number, "tested", {"value": number}) for number in range(1, 6)
    ]


def test_an_empty_history_is_fine(tmp_path: Path) -> None:
    assert read_audit(LocalRecords(tmp_path)) == ()


def _change(records: LocalRecords) -> None:
    path = _path(records, 3)
    document = json.loads(path.read_bytes()) | {"value": 33}
    path.write_text(json.dumps(document, sort_keys=True, separators=(",", ":")))


def _reformat(records: LocalRecords) -> None:
    path = _path(records, 5)
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=1))


def _swap(records: LocalRecords) -> None:
    second, third = _path(records, 2).read_bytes(), _path(records, 3).read_bytes()
    _path(records, 2).write_bytes(third)
    _path(records, 3).write_bytes(second)


def _move_up(records: LocalRecords) -> None:
    for number in (2, 3, 4):
        _path(records, number + 1).rename(_path(records, number))


def _insert(records: LocalRecords) -> None:
    _path(records, 6).write_bytes(_path(records, 5).read_bytes())


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_change, "entry 3 or 4"),
        (_reformat, "entry 5"),
        (_swap, "entry 2"),
        (_move_up, "entry 2"),
        (_insert, "entry 6"),
        (lambda records: _path(records, 3).unlink(), "entry 3 is missing"),
        (lambda records: _path(records, 1).unlink(), "entry 1 is missing"),
        (lambda records: _path(records, 2).write_bytes(b"{"), "entry 2"),
        (lambda records: _path(records, 2).write_bytes(b"[]"), "entry 2"),
        (lambda records: (records.folder / "audit" / "1.json").write_bytes(b"{}"), "entry"),
    ],
)
def test_damage_is_found_and_nothing_is_added_to_it(
    records: LocalRecords, damage: Callable[[LocalRecords], None], says: str
) -> None:
    damage(records)
    with pytest.raises(Refused, match=says):
        read_audit(records)
    with pytest.raises(Refused, match="not what was written"):
        append(records, "tested")


def test_a_tail_that_was_taken_away_is_not_found(records: LocalRecords) -> None:
    """So the docs say; if this ever fails they can promise more."""
    _path(records, 5).unlink()
    assert len(read_audit(records)) == 4


def _append_some(folder: Path, writer: int) -> None:
    for number in range(5):
        append(LocalRecords(folder), "tested", writer=writer, number_of_mine=number)


def test_threads_lose_nothing_and_make_no_duplicates(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda writer: _append_some(tmp_path, writer), range(4)))
    _assert_all(tmp_path, 4)


def test_processes_lose_nothing_and_make_no_duplicates(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_append_some, args=(tmp_path, writer)) for writer in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    _assert_all(tmp_path, 3)


def _assert_all(folder: Path, writers: int) -> None:
    found = [
        (each.details["writer"], each.details["number_of_mine"]) for each in read_audit(LocalRecords(folder))
    ]
    assert sorted(found) == [(writer, number) for writer in range(writers) for number in range(5)]


def test_a_check_sees_all_that_comes_before_its_own_entry(tmp_path: Path) -> None:
    """Of many that may each be the first, one is."""

    def only_first(history: History) -> None:
        if history:
            raise Refused("there is one")

    def try_it(_: int) -> bool:
        try:
            append(LocalRecords(tmp_path), "first", only_first)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, range(16))) == 1


class _AnswerLost(LocalRecords):
    """The write arrives, its answer does not, and the write that is repeated finds the first."""

    def put(self, name: str, content: bytes) -> bool:
        super().put(name, content)
        return super().put(name, content)


def test_a_write_that_was_repeated_is_one_entry(tmp_path: Path) -> None:
    append(_AnswerLost(tmp_path), "tested")
    assert len(read_audit(LocalRecords(tmp_path))) == 1


class _Full(LocalRecords):
    def put(self, name: str, content: bytes) -> bool:
        return False


def test_who_is_always_late_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordsUnreadable, match="too many others"):
        append(_Full(tmp_path), "tested")
