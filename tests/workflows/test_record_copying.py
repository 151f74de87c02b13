"""History and approvals move along; two histories are never mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.workflows.audit import append, read_audit
from landform.workflows.record_copying import copy_records
from landform.workflows.records import LocalRecords, secret_key


@pytest.fixture
def old(tmp_path: Path) -> LocalRecords:
    """A place with a key, a plan and a history of two entries."""
    found = LocalRecords(tmp_path / "old")
    secret_key(found)
    found.put("plans/abc.json", b"{}")
    for number in range(2):
        append(found, "approved", number_of=number)
    return found


@pytest.fixture
def new(tmp_path: Path) -> LocalRecords:
    """A place with nothing."""
    return LocalRecords(tmp_path / "new")


def test_everything_is_taken_along_and_the_history_still_holds(old: LocalRecords, new: LocalRecords) -> None:
    assert copy_records(old, new) == ""
    assert read_audit(new) == read_audit(old)
    assert secret_key(new) == secret_key(old)
    append(new, "states moved")
    assert copy_records(old, new) == "", "again, after the history went on in the new place"
    assert [each.event for each in read_audit(new)] == ["approved", "approved", "states moved"]


def test_what_was_half_copied_is_completed(old: LocalRecords, new: LocalRecords) -> None:
    new.put("audit/00000001.json", old.get("audit/00000001.json") or b"")
    assert copy_records(old, new) == ""
    assert read_audit(new) == read_audit(old)


def test_another_history_stays_alone(old: LocalRecords, new: LocalRecords) -> None:
    append(new, "approved")
    before = new.names("")
    assert "a history of its own" in copy_records(old, new)
    assert new.names("") == before


def test_a_key_that_is_there_is_kept(old: LocalRecords, new: LocalRecords) -> None:
    key = secret_key(new)
    assert copy_records(old, new) == ""
    assert secret_key(new) == key != secret_key(old)
