"""A kept plan is the plan: an edited one is noticed, and what it binds is what lies there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landform.errors import Refused
from landform.planning.states import StackState
from landform.review.approval import Person
from landform.workflows.approving import approve, standing_of
from landform.workflows.frozen import frozen
from landform.workflows.plan_records import (
    PlanRecord,
    find_digest,
    make_record,
    manifest_of,
    read_record,
    save_record,
)
from landform.workflows.rechecking import check_sources
from landform.workflows.records import LocalRecords, records_of, secret_key
from workflows.place_kit import BOB, Shop


@pytest.fixture
def records(shop: Shop) -> LocalRecords:
    found = records_of(shop.place())
    assert isinstance(found, LocalRecords)
    return found


def _path(records: LocalRecords, record: PlanRecord) -> Path:
    return records.folder / "plans" / f"{record.digest}.json"


def test_a_record_is_read_as_it_was_kept(shop: Shop, records: LocalRecords) -> None:
    record = shop.record()
    again = read_record(records, record.digest)
    assert (again, again.seal, again.planner.email) == (record, record.seal, "ann@example.org")


def test_of_equal_plans_the_first_stays_with_its_planner(shop: Shop) -> None:
    first, second = shop.record(), shop.record(planner=BOB)
    assert second.seal == first.seal
    assert second.planner.email == "ann@example.org"


def _action(document: dict[str, Any]) -> None:
    document["prints"][0][2] = "delete"


def _value(document: dict[str, Any]) -> None:
    document["prints"][0][3]["v"] = "s00"


def _state(document: dict[str, Any]) -> None:
    document["manifest"]["states"]["net"] = "lineage/9"


def _environment(document: dict[str, Any]) -> None:
    document["manifest"]["environment"] = "prod"


@pytest.mark.parametrize("edit", [_action, _value, _state, _environment, dict.clear])
def test_an_edited_plan_is_refused(
    shop: Shop, records: LocalRecords, edit: Callable[[dict[str, Any]], None]
) -> None:
    record = shop.record()
    document = json.loads(record.content)
    edit(document)
    _path(records, record).write_text(json.dumps(document))
    with pytest.raises(Refused, match="not what was written"):
        read_record(records, record.digest)


def test_a_record_under_another_name_is_refused(shop: Shop, records: LocalRecords) -> None:
    this, that = shop.record(value="this"), shop.record(value="that")
    _path(records, that).write_bytes(this.content)
    with pytest.raises(Refused, match="not what was written"):
        read_record(records, that.digest)


def test_a_review_that_hides_a_change_is_found_when_the_plan_is_made_again(
    shop: Shop, records: LocalRecords
) -> None:
    """An apply plans again; what people saw has to be what that shows."""
    record = shop.record()
    _path(records, record).unlink()
    harmless = replace(record.review, stacks=(), counts=type(record.review.counts)())
    save_record(records, make_record(record.manifest, record.prints, harmless, Person(email=BOB)))
    with pytest.raises(Refused, match="not what was written"):
        save_record(records, record)


def test_a_plan_is_found_by_the_start_of_its_digest(shop: Shop, records: LocalRecords) -> None:
    digest = shop.record().digest
    assert find_digest(records, digest[:6]) == digest
    for start in (digest[:5], "", "ffffffffffff"):
        with pytest.raises(Refused, match="no plan"):
            find_digest(records, start)
    records.put(f"plans/{digest[:6]}{'0' * 58}.json", b"")
    with pytest.raises(Refused, match="2 plans begin"):
        find_digest(records, digest[:6])


def test_a_plan_that_is_not_kept_is_refused(records: LocalRecords) -> None:
    with pytest.raises(Refused, match="not kept"):
        read_record(records, "0" * 64)


def test_a_record_that_was_edited_after_its_approval_has_none(shop: Shop, records: LocalRecords) -> None:
    record = shop.record()
    there = shop.place(BOB)
    assert approve(there, records, record).is_enough
    document = json.loads(record.content)
    document["planner"]["email"] = "cat@example.org"
    _path(records, record).write_text(json.dumps(document))
    ((_, why),) = standing_of(there, records, read_record(records, record.digest)).void
    assert "not the one that was approved" in why


# --- what a manifest binds --------------------------------------------------------------------------------


def _refusal(shop: Shop, record: PlanRecord, **env: str) -> str:
    place = replace(shop.place(), env=env)
    with frozen(place) as where, pytest.raises(Refused) as refused:
        check_sources(where, record, secret_key(records_of(place)))
    return refused.value.what


def test_what_nobody_touched_is_the_same(shop: Shop) -> None:
    record = shop.record()
    shop.write({"README.md": "new", "terraform.tfstate.d/x": "x"})
    with frozen(shop.place()) as where:
        check_sources(where, record, secret_key(records_of(where)))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("modules/m/run.sh", "modules/m/run.sh has changed"),
        ("modules/m/more.tf", "modules/m/more.tf is new"),
        ("environments/dev/terraform.tfvars", "environments/dev/terraform.tfvars has changed"),
        ("environments/dev/usage.yaml", "environments/dev/usage.yaml is new"),
        ("generated/net/.terraform.lock.hcl", "provider lock generated/net/.terraform.lock.hcl is new"),
        ("allowed_signers", "allowed_signers is new"),
    ],
)
def test_what_moved_since_is_named(shop: Shop, path: str, says: str) -> None:
    record = shop.record()
    text = 'x = "another"\n' if path.endswith("tfvars") else ""
    shop.write({path: text})
    assert says in _refusal(shop, record)


def test_rules_are_bound_too(shop: Shop) -> None:
    record = shop.record()
    shop.rules("{required: 0}")
    assert "environments/dev/environment.yaml has changed" in _refusal(shop, record)


def test_a_value_of_the_shell_is_a_value(shop: Shop) -> None:
    assert "TF_VAR_x is new" in _refusal(shop, shop.record(), TF_VAR_x="secret")


def test_a_lost_key_is_named(shop: Shop, records: LocalRecords) -> None:
    record = shop.record()
    (records.folder / "key").unlink()
    assert "the key of the records has changed" in _refusal(shop, record)


def test_a_state_is_bound_by_lineage_and_serial(shop: Shop) -> None:
    place = shop.place()
    documents = ({"lineage": "l", "serial": 1}, {"lineage": "l", "serial": 2}, {"lineage": "m", "serial": 1})
    states = [StackState("net"), *(StackState("net", document) for document in documents)]
    digests = {manifest_of(place, {"net": state}, "apply", (), b"k").digest for state in states}
    assert len(digests) == 4


def test_a_manifest_gives_no_value_away(shop: Shop) -> None:
    assert b"hunter2" not in shop.record().content
