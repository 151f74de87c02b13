"""Objects that are written once: the bucket says who was first."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.record_objects import get_record, list_records, put_record
from landform.aws.sandbox import Sandbox
from landform.aws.session import AwsClient, client
from landform.aws.state_objects import ensure_bucket
from landform.errors import RecordsUnreadable
from landform.workflows.audit import append, read_audit
from landform.workflows.records import BucketRecords, secret_key


@pytest.fixture
def s3(sandbox: Sandbox) -> AwsClient:
    found = client(emulated_access(sandbox.endpoint_url, None, "eu-west-1"), "s3")
    ensure_bucket(found, "records", "eu-west-1")
    return found


@pytest.fixture
def records(s3: AwsClient) -> BucketRecords:
    """A place of its own for each test."""
    return BucketRecords(s3, "records", f"landform/shop/{secrets.token_hex(4)}")


def test_an_object_is_written_once(s3: AwsClient) -> None:
    assert put_record(s3, "records", "a/key", b"first")
    assert not put_record(s3, "records", "a/key", b"second")
    assert get_record(s3, "records", "a/key") == b"first"
    assert get_record(s3, "records", "a/other") is None
    assert list_records(s3, "records", "a/") == ["a/key"]


def test_names_are_below_the_environment(records: BucketRecords) -> None:
    for name in ("audit/2", "audit/1", "plans/x"):
        records.put(name, b"x")
    assert records.names("audit/") == ["audit/1", "audit/2"]
    assert records.get("audit/1") == b"x"


def test_more_names_than_one_answer_holds_are_all_listed(s3: AwsClient) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: put_record(s3, "records", f"many/{number:04}", b""), range(1001)))
    assert len(list_records(s3, "records", "many/")) == 1001


def test_all_who_make_the_key_at_once_get_the_same(records: BucketRecords) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: secret_key(records), range(8)))) == 1


def test_writers_lose_nothing_and_make_no_duplicates(records: BucketRecords) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: append(records, "tested", mine=number), range(12)))
    assert sorted(each.details["mine"] for each in read_audit(records)) == list(range(12))


def test_a_missing_bucket_is_said(s3: AwsClient) -> None:
    elsewhere = BucketRecords(s3, "no-such-bucket", "landform")
    for attempt in (
        lambda: elsewhere.put("x", b""),
        lambda: elsewhere.get("x"),
        lambda: elsewhere.names(""),
    ):
        with pytest.raises(RecordsUnreadable, match="no-such-bucket"):
            attempt()


def test_denied_is_said(one_account: tuple[str, list[str]]) -> None:
    denied = client(emulated_access(one_account[0], None, "eu-west-1"), "s3")
    with pytest.raises(RecordsUnreadable, match="access denied"):
        get_record(denied, "records", "key")
