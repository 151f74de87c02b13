"""Records are written once, whole, and for their owner only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landform.errors import RecordsUnreadable
from landform.workflows.records import LocalRecords, read_all, records_of, secret_key
from workflows.place_kit import PROJECT, Shop


@pytest.fixture
def records(tmp_path: Path) -> LocalRecords:
    return LocalRecords(tmp_path / "records" / "dev")


def test_a_record_is_written_once(records: LocalRecords) -> None:
    assert records.put("audit/1.json", b"first")
    assert not records.put("audit/1.json", b"second")
    assert records.get("audit/1.json") == b"first"
    assert records.get("audit/2.json") is None


def test_names_are_listed_by_prefix_without_what_is_half_written(records: LocalRecords) -> None:
    assert records.names("audit/") == []
    for name in ("audit/2", "audit/1", "plans/x", "key"):
        records.put(name, b"x")
    (records.folder / "audit" / ".3.abcd").write_bytes(b"half")
    assert records.names("audit/") == ["audit/1", "audit/2"]
    assert records.names("") == ["audit/1", "audit/2", "key", "plans/x"]


def test_records_are_their_owners_alone(records: LocalRecords) -> None:
    records.put("key", b"x")
    assert (records.folder / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in records.folder.iterdir()] == ["key"]


def test_of_many_writers_one_succeeds(records: LocalRecords) -> None:
    with ThreadPoolExecutor(16) as pool:
        written = list(pool.map(lambda number: records.put("key", str(number).encode()), range(64)))
    assert written.count(True) == 1
    assert records.get("key") == str(written.index(True)).encode()


def test_all_who_make_the_key_at_once_get_the_same(records: LocalRecords) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret_key(records), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32


def test_a_damaged_key_is_an_error(records: LocalRecords) -> None:
    records.put("key", b"short")
    with pytest.raises(RecordsUnreadable, match="key"):
        secret_key(records)


def test_what_cannot_be_read_or_written_is_said(records: LocalRecords) -> None:
    records.put("plans", b"a file where a folder should be")
    with pytest.raises(RecordsUnreadable, match="could not write"):
        records.put("plans/x", b"")
    with pytest.raises(RecordsUnreadable, match="could not read"):
        records.get("plans/x")


def test_several_are_read_in_order_and_the_missing_one_is_missing(records: LocalRecords) -> None:
    for name in ("a", "c"):
        records.put(name, name.encode())
    assert read_all(records, ["c", "b", "a"]) == [b"c", None, b"a"]
    assert read_all(records, []) == []


def test_environments_have_records_of_their_own(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write(PROJECT)
    shop.write({"environments/prod/environment.yaml": "region: us-east-1\n"})
    shop.write({"environments/prod/terraform.tfvars": 'x = "y"\n'})
    dev, prod = (records_of(shop.place(environment=name)) for name in ("dev", "prod"))
    assert secret_key(dev) != secret_key(prod)
