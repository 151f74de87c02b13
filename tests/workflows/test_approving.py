"""An approval is for one plan, one environment, one apply; and the way around leaves a mark."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from landform.errors import LandformError, Refused
from landform.review.findings import Result, Severity, Verdict
from landform.workflows.approving import (
    APPROVED,
    STARTED,
    approve,
    approved_record,
    check_glass,
    mandate_for,
    mend_glass,
    note_end,
    record_of_run,
    standing_of,
    use_up,
)
from landform.workflows.audit import append, read_audit
from landform.workflows.plan_records import PlanRecord
from landform.workflows.records import LocalRecords, Records, records_of
from workflows.place_kit import ANN, BOB, CAT, DAN, Shop

_PROD = {
    "environments/prod/environment.yaml": "region: us-east-1\napprovals: {required: 1}\n",
    "environments/prod/terraform.tfvars": 'x = "p"\n',
    "generated/environments/prod.tfvars": "",
}


@pytest.fixture
def records(shop: Shop) -> Records:
    return records_of(shop.place())


def _approve(shop: Shop, record: PlanRecord, who: str = BOB, key: Path | None = None) -> None:
    place = shop.place(who)
    approve(place, records_of(place), record, key)


def _apply(shop: Shop, record: PlanRecord, name: str, **more: Any) -> None:
    """As an apply begins."""
    place = shop.place()
    use_up(place, mandate_for(place, records_of(place), record, **more), name)


def _refusal(shop: Shop, record: PlanRecord, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        _apply(shop, record, "refused", **more)
    return refused.value.what


def _copied(records: Records, number: int, **changes: Any) -> None:
    """Somebody with access to the records adds an entry again, changed."""
    entry = next(each for each in read_audit(records) if each.number == number)
    append(records, entry.event, **{**entry.details, **changes})


def test_an_approved_plan_is_applied_once(shop: Shop) -> None:
    record = shop.record()
    assert "0 of 1 approvals" in _refusal(shop, record)
    _approve(shop, record)
    _apply(shop, record, "run-1")
    assert "it was used" in _refusal(shop, record)


def test_an_approval_is_of_one_plan(shop: Shop) -> None:
    _approve(shop, shop.record(value="this"))
    assert "0 of 1 approvals" in _refusal(shop, shop.record(value="that"))


def test_an_approval_is_of_one_environment(shop: Shop, records: Records) -> None:
    """Neither by the command, nor by a copy of the record and of the approval."""
    shop.write(_PROD)
    dev, prod = shop.record(), shop.record(environment="prod")
    there = shop.place(BOB, "prod")
    with pytest.raises(Refused, match="is of dev"):
        approve(there, records_of(there), dev)
    _approve(shop, dev)
    append(records_of(there), APPROVED, **read_audit(records)[0].details)
    assert not standing_of(there, records_of(there), prod).is_enough
    append(records_of(there), APPROVED, **{**read_audit(records)[0].details, "digest": prod.digest})
    ((_, why),) = standing_of(there, records_of(there), prod).void
    assert "not the one that was approved" in why


def test_the_planner_does_not_approve(shop: Shop) -> None:
    with pytest.raises(Refused, match="made the plan"):
        _approve(shop, shop.record(), ANN)
    shop.rules("{required: 1, planner_may_approve: true}")
    _approve(shop, shop.record(), ANN)


def test_one_person_counts_once(shop: Shop, records: Records) -> None:
    shop.rules("{required: 2}")
    record = shop.record()
    _approve(shop, record)
    _approve(shop, record)
    assert "1 of 2 approvals; that of bob@example.org does not count" in _refusal(shop, record)
    _approve(shop, record, CAT)
    _apply(shop, record, "run-1")
    assert read_audit(records)[-1].details["approvals"] == [1, 3]


def test_only_approvers_approve(shop: Shop) -> None:
    shop.rules(f"{{required: 1, approvers: [{BOB}]}}")
    record = shop.record()
    with pytest.raises(Refused, match="none of the approvers"):
        _approve(shop, record, CAT)
    _approve(shop, record)
    shop.rules(f"{{required: 1, approvers: [{CAT}]}}")
    assert "none of the approvers" in _refusal(shop, record)


def test_an_approval_expires(shop: Shop, records: Records) -> None:
    record = shop.record()
    _approve(shop, record)
    _copied(records, 1, signed_at="2020-01-01T00:00:00+00:00", by={"email": CAT})
    _copied(records, 1, signed_at="2090-01-01T00:00:00+00:00", by={"email": DAN})
    _copied(records, 1, signed_at="never", by={"email": DAN})
    void = [why for _, why in standing_of(shop.place(), records, record).void]
    assert [why.split()[-1] for why in void] == ["expired", "wrong", "given"]


def test_a_copy_of_a_used_approval_is_used(shop: Shop, records: Records) -> None:
    record = shop.record()
    _approve(shop, record)
    _apply(shop, record, "run-1")
    _copied(records, 1)
    assert "it was used" in _refusal(shop, record)


def test_a_second_approval_of_the_same_person_serves_a_second_apply(shop: Shop) -> None:
    record = shop.record()
    for run in ("run-1", "run-2"):
        _approve(shop, record)
        _apply(shop, record, run)


def test_of_two_applies_at_once_one_gets_the_approvals(shop: Shop, records: Records) -> None:
    record = shop.record()
    _approve(shop, record)
    place = shop.place()
    mandate = mandate_for(place, records, record)

    def begin(number: int) -> bool:
        try:
            use_up(place, mandate, f"run-{number}")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, range(4))) == 1
    assert [each.event for each in read_audit(records)].count(STARTED) == 1


def test_more_approvals_for_what_is_critical_now_or_was_then(shop: Shop, records: Records) -> None:
    record = shop.record(severity=Severity.CRITICAL)
    assert standing_of(shop.place(), records, record).needed == 2
    harmless = shop.record(value="other")
    fresh = Verdict(severity=Severity.CRITICAL)
    assert standing_of(shop.place(), records, harmless, verdict=fresh).needed == 2


def test_a_record_that_asks_for_fewer_approvals_than_the_rules_does_not_decide(shop: Shop) -> None:
    assert "0 of 1 approvals" in _refusal(shop, shop.record(approvals=0))


@pytest.mark.parametrize("result", [Result.DENY, Result.UNKNOWN])
def test_the_verdict_of_a_review_made_just_now_decides(shop: Shop, result: Result) -> None:
    record = shop.record()
    _approve(shop, record)
    verdict = Verdict(result, reasons=("deny: budget: too much",))
    assert "too much" in _refusal(shop, record, verdict=verdict)
    _apply(shop, record, "run-1", verdict=Verdict())


def test_the_last_plan_with_approvals_is_found(shop: Shop, records: Records) -> None:
    place = shop.place()
    assert approved_record(place, records, "apply", ()) is None
    first, second, third = (shop.record(value=value) for value in "abc")
    for record in (first, second):
        _approve(shop, record)
    found = approved_record(place, records, "apply", ())
    assert found is not None
    assert found.digest == second.digest != third.digest
    assert approved_record(place, records, "destroy", ()) is None
    assert approved_record(place, records, "apply", ("net",)) is None
    _apply(shop, second, "run-1")
    found = approved_record(place, records, "apply", ())
    assert found is not None
    assert found.digest == first.digest


def test_an_old_plan_that_is_not_kept_any_more_blocks_nothing(shop: Shop, records: LocalRecords) -> None:
    gone, kept = shop.record(value="a"), shop.record(value="b")
    for record in (kept, gone):
        _approve(shop, record)
    (records.folder / "plans" / f"{gone.digest}.json").unlink()
    found = approved_record(shop.place(), records, "apply", ())
    assert found is not None
    assert found.digest == kept.digest


# --- resuming ---------------------------------------------------------------------------------------------


def test_a_resumed_run_goes_on_with_its_own_approvals(shop: Shop, records: Records) -> None:
    """After a kill there is no end in the history; after that of the second run, two beginnings."""
    record = shop.record()
    _approve(shop, record)
    _apply(shop, record, "run-1")
    assert record_of_run(records, "run-1").digest == record.digest
    _apply(shop, record, "run-2", run="run-1")
    _apply(shop, record, "run-3", run="run-2")
    assert "it was used" in _refusal(shop, record, run="run-1")
    with pytest.raises(Refused, match="another run, run-3, has begun"):
        record_of_run(records, "run-1")


def test_nothing_is_resumed_twice_at_once(shop: Shop) -> None:
    record = shop.record()
    _approve(shop, record)
    _apply(shop, record, "run-1")
    place = shop.place()
    mandates = [mandate_for(place, records_of(place), record, run="run-1") for _ in range(2)]
    use_up(place, mandates[0], "run-2")
    with pytest.raises(Refused, match="run-2, has begun"):
        use_up(place, mandates[1], "run-3")


def test_only_a_run_that_did_not_end_well_is_resumed(shop: Shop, records: Records) -> None:
    """Else the approval of a deletion would delete again what was made since."""
    record = shop.record()
    _approve(shop, record)
    _apply(shop, record, "run-1")
    mandate = mandate_for(shop.place(), records, record, run="run-1")
    assert note_end(mandate, "run-1", {"net": "failed"}) == ""
    use_up(shop.place(), mandate, "run-2")
    note_end(mandate, "run-2", {"net": "done"})
    with pytest.raises(Refused, match="was finished"):
        record_of_run(records, "run-2")
    with pytest.raises(Refused, match="no run 'run-9'"):
        record_of_run(records, "run-9")


def test_nobody_else_uses_the_approvals_of_a_run(shop: Shop) -> None:
    record = shop.record()
    _approve(shop, record)
    _apply(shop, record, "run-1")
    assert "it was used" in _refusal(shop, record, run="run-0")


def test_the_end_of_an_apply_is_told_even_if_it_cannot_be_kept(shop: Shop, records: LocalRecords) -> None:
    record = shop.record()
    _approve(shop, record)
    mandate = mandate_for(shop.place(), records, record)
    (records.folder / "audit" / "00000001.json").write_bytes(b"{}")
    assert "not what was written" in note_end(mandate, "run-1", {})


# --- the way around ---------------------------------------------------------------------------------------


def test_a_broken_glass_blocks_the_next_apply_until_somebody_else_has_looked(
    shop: Shop, records: Records
) -> None:
    record = shop.record()
    _apply(shop, record, "run-1", break_glass="the site is down")
    with pytest.raises(Refused, match="the site is down"):
        check_glass(shop.place(), records)
    _approve(shop, record)
    assert "nobody has reviewed it yet" in _refusal(shop, record)
    _apply(shop, record, "run-2", break_glass="still down")
    for number in (1, 4):
        with pytest.raises(Refused, match="may not review"):
            mend_glass(shop.place(ANN), records, number, "fine")
        mend_glass(shop.place(BOB), records, number, "the certificate had expired")
    check_glass(shop.place(), records)
    _approve(shop, record)
    _apply(shop, record, "run-3")


def test_only_approvers_review_a_broken_glass(shop: Shop, records: Records) -> None:
    shop.rules(f"{{required: 1, approvers: [{BOB}]}}")
    _apply(shop, shop.record(), "run-1", break_glass="down")
    with pytest.raises(Refused, match="none of the approvers"):
        mend_glass(shop.place(CAT), records, 1, "fine")
    with pytest.raises(Refused, match="went around nothing"):
        mend_glass(shop.place(BOB), records, 2, "fine")
    mend_glass(shop.place(BOB), records, 1, "fine")


def test_a_broken_glass_does_not_change_a_verdict_but_goes_around_it(shop: Shop) -> None:
    record = shop.record(result=Result.DENY)
    assert "the verdict is deny" in _refusal(shop, record)
    _apply(shop, record, "run-1", break_glass="down")


# --- what is proven ---------------------------------------------------------------------------------------


@pytest.fixture
def signed(shop: Shop, keys: dict[str, Path]) -> Shop:
    """Signatures are needed; Bob's and Cat's keys are allowed."""
    shop.rules("{required: 1, signed: true}")
    lines = [f"{name}@example.org {keys[name].with_suffix('.pub').read_text()}" for name in ("bob", "cat")]
    shop.write({"allowed_signers": "".join(lines)})
    return shop


def test_a_signature_of_an_allowed_key_counts(signed: Shop, keys: dict[str, Path], records: Records) -> None:
    record = signed.record()
    with pytest.raises(Refused, match="need a signature"):
        _approve(signed, record)
    _approve(signed, record, "whoever@example.org", keys["bob"])
    ((approval,), needed) = (standing_of(signed.place(), records, record).valid, 1)
    assert (approval.by.key, approval.signed, needed) == (BOB, True, 1)
    _apply(signed, record, "run-1")


def test_another_key_does_not(signed: Shop, keys: dict[str, Path]) -> None:
    with pytest.raises(Refused, match="not allowed"):
        _approve(signed, signed.record(), BOB, keys["mallory"])


def test_a_key_that_was_lost_counts_no_more(signed: Shop, keys: dict[str, Path]) -> None:
    record = signed.record()
    _approve(signed, record, BOB, keys["bob"])
    signed.write({"allowed_signers": f"{CAT} {keys['cat'].with_suffix('.pub').read_text()}"})
    assert "not allowed" in _refusal(signed, record)
    (signed.folder / "allowed_signers").unlink()
    assert "no file allowed_signers" in _refusal(signed, record)


@pytest.mark.parametrize(
    "change",
    [
        {"signed_at": "2026-11-21T00:00:00+00:00"},
        {"by": {"email": CAT}},
        {"planner": {"email": "x"}},
        {"nonce": "0" * 16},
        {"signature": ""},
        {"signature": "-----BEGIN SSH SIGNATURE-----\nx\n-----END SSH SIGNATURE-----\n"},
        {"more": 1},
    ],
)
def test_a_changed_statement_under_a_valid_signature_does_not_count(
    signed: Shop, keys: dict[str, Path], records: LocalRecords, change: dict[str, Any]
) -> None:
    record = signed.record()
    _approve(signed, record, BOB, keys["bob"])
    details = {**read_audit(records)[0].details, **change}
    (records.folder / "audit" / "00000001.json").unlink()
    append(records, APPROVED, **details)
    assert "0 of 1 approvals" in _refusal(signed, record)


def test_a_signature_does_not_move_to_another_plan(
    signed: Shop, keys: dict[str, Path], records: Records
) -> None:
    this, that = signed.record(value="this"), signed.record(value="that")
    _approve(signed, this, BOB, keys["bob"])
    _copied(records, 1, digest=that.digest, seal=that.seal)
    assert "0 of 1 approvals" in _refusal(signed, that)


def test_a_signature_is_used_once_however_often_it_is_copied(
    signed: Shop, keys: dict[str, Path], records: Records
) -> None:
    signed.rules("{required: 1, signed: true}")
    record = signed.record()
    _approve(signed, record, BOB, keys["bob"])
    _copied(records, 1)
    assert len(standing_of(signed.place(), records, record).valid) == 1
    _apply(signed, record, "run-1")
    assert "it was used" in _refusal(signed, record)


def test_a_key_that_is_not_there_is_said(signed: Shop, tmp_path: Path) -> None:
    with pytest.raises(LandformError, match="did not sign"):
        _approve(signed, signed.record(), BOB, tmp_path / "nokey")
