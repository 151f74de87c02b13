"""Approvals of plans: given, counted, used up; and the way around them, which leaves a mark."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landform.errors import LandformError, Refused
from landform.review.approval import Approval, Person, Standing, standing, why_may_not, why_unlisted
from landform.review.findings import Severity, Verdict
from landform.review.verdict import REFUSING
from landform.workflows.audit import Entry, History, append, read_audit
from landform.workflows.identity import SIGNERS, sign, signer, whoami
from landform.workflows.place import Place
from landform.workflows.plan_records import PlanRecord, read_record
from landform.workflows.records import Records, secret_key

APPROVED, STARTED, ENDED = "approved", "apply started", "apply ended"
BROKEN, MENDED = "break-glass", "break-glass reviewed"
_OVER = ("done", "unchanged")


@dataclass(frozen=True, slots=True)
class Mandate:
    """What an apply rests on: a plan, the approvals of it (their entries), or a reason to break the glass.

    ``key`` is that of the plan's fingerprints; ``resumes`` is the run that this apply goes on with.
    ``lock_timeout`` is for how many seconds Terraform waits for the lock of a state. ``standing`` is what was
    agreed to before, once and for each time: a schedule, or a release that comes back.
    """

    records: Records
    key: bytes = field(repr=False)
    record: PlanRecord
    approvals: tuple[int, ...] = ()
    break_glass: str = ""
    resumes: str = ""
    lock_timeout: int = 0
    standing: str = ""


def approve(place: Place, records: Records, record: PlanRecord, key: Path | None = None) -> Standing:
    """Approve a plan as the person at this terminal; signed where ``key`` is given.

    Raises Refused for somebody who may not, and for a plan of another environment.
    """
    if record.manifest.environment != place.environment.name or record.manifest.project != place.project.name:
        raise Refused(f"the plan {record.digest[:12]} is of {record.manifest.environment}, not of here")
    me = whoami(place)
    statement = {
        "digest": record.digest,
        "seal": record.seal,
        "environment": place.environment.name,
        "project": place.project.name,
        "by": asdict(me),
        "planner": asdict(record.planner),
        "seen": _seen(record),
        "signed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "nonce": secrets.token_hex(8),
    }
    signature = sign(_payload(statement), key) if key else ""
    if signature:
        me = replace(me, key=signer(_payload(statement), signature, place.project.folder / SIGNERS))
    why = why_may_not(me, record.planner, place.environment.approvals, signed=bool(signature))
    if why:
        raise Refused(f"this approval would not count: {why}", _WHO)
    append(records, APPROVED, **statement, signature=signature)
    return standing_of(place, records, record)


_WHO = "Who may approve stands in environments/ENV/environment.yaml, under approvals."


def _seen(record: PlanRecord) -> dict[str, Any]:
    """What the approver was shown, in short."""
    review = record.review
    cost = review.cost.difference if review.cost else None
    return {
        "counts": asdict(review.counts),
        "verdict": review.verdict.result.value,
        "severity": review.verdict.severity.value if review.verdict.severity else None,
        "cost_difference": [cost.low, cost.high] if cost else None,
    }


def _payload(statement: Mapping[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def standing_of(
    place: Place, records: Records, record: PlanRecord, run: str = "", verdict: Verdict | None = None
) -> Standing:
    """How many valid approvals a plan has. Those that ``run`` has used count for it, so that it can go on.

    ``verdict`` is that of a review made just now: it may ask for more approvals than the kept one.
    """
    return _standing(place, read_audit(records), record, run, verdict)


def _standing(
    place: Place, history: History, record: PlanRecord, run: str = "", verdict: Verdict | None = None
) -> Standing:
    rules, now = place.environment.approvals, datetime.now(UTC)
    used = _used(history, run)
    mine = [
        each for each in history if each.event == APPROVED and each.details.get("digest") == record.digest
    ]
    approvals = [_approval(place, each, record, _statement_id(each) in used) for each in mine]
    # The rules count too, whatever the records say: those may have been edited.
    needed = max(
        max(each.approvals, rules.needed(critical=each.severity is Severity.CRITICAL))
        for each in (record.review.verdict, verdict or record.review.verdict)
    )
    return standing(approvals, record.planner, rules, needed, now)


def _used(history: History, run: str) -> set[str]:
    """The statements with which an apply has begun, other than ``run`` and those it went on with.

    By statement and not by entry, so that a copy of an approval is used when the approval is.
    """
    chain = set(_chain(history, run))
    entries = {each.number: each for each in history if each.event == APPROVED}
    numbers = (
        number
        for each in history
        if each.event == STARTED and each.details.get("run") not in chain
        for number in each.details.get("approvals", ())
    )
    return {_statement_id(entries[number]) for number in numbers if number in entries}


def _chain(history: History, run: str) -> Iterator[str]:
    """A run, and those it went on with."""
    resumed = {each.details["run"]: each.details.get("resumes", "") for each in _started(history)}
    seen: set[str] = set()
    while run and run not in seen:
        seen.add(run)
        yield run
        run = resumed.get(run, "")


def _started(history: History) -> list[Entry]:
    return [each for each in history if each.event == STARTED and "run" in each.details]


def _statement_id(entry: Entry) -> str:
    return hashlib.sha256(_payload(_statement(entry))).hexdigest()


def _statement(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in entry.details.items() if name != "signature"}


def _approval(place: Place, entry: Entry, record: PlanRecord, used: bool) -> Approval:
    """What an entry is worth. A statement that a signature does not fit is one without a signature."""
    details, signature = entry.details, str(entry.details.get("signature", ""))
    by = replace(_person(entry), key="")
    try:
        at = datetime.fromisoformat(str(details["signed_at"])).astimezone(UTC).isoformat()
    except (KeyError, ValueError):
        return Approval(entry.number, by, entry.at, fault="it does not say when it was given")
    fault = "" if details.get("seal") == record.seal else "the plan's file is not the one that was approved"
    if signature:
        try:
            by = replace(
                by, key=signer(_payload(_statement(entry)), signature, place.project.folder / SIGNERS)
            )
        except Refused as error:
            signature, fault = "", fault or error.what
    return Approval(entry.number, by, at, used, bool(signature), fault)


def _person(entry: Entry) -> Person:
    """Whose an entry is; nobody's where it does not say so."""
    names = entry.details.get("by")
    return (
        Person(**{each: str(names.get(each, "")) for each in _NAMES}) if isinstance(names, dict) else Person()
    )


_NAMES = tuple(each.name for each in fields(Person))


def approved_record(
    place: Place, records: Records, operation: str, stacks: Sequence[str], targets: Sequence[str] = ()
) -> PlanRecord | None:
    """The last plan with enough approvals for this operation, None where there is none or none is needed."""
    wanted = (operation, tuple(sorted(stacks)), tuple(sorted(targets)))
    if not place.environment.approvals.required:
        return None
    history = read_audit(records)
    used = _used(history, "")
    unused = [each for each in history if each.event == APPROVED and _statement_id(each) not in used]
    for name in dict.fromkeys(str(each.details.get("digest")) for each in reversed(unused)):
        try:
            record = read_record(records, name)
        except Refused:  # what is not kept any more was not approved
            continue
        known = (record.manifest.operation, record.manifest.stacks, record.manifest.targets)
        if known == wanted and _standing(place, history, record).is_enough:
            return record
    return None


def check_glass(place: Place, records: Records) -> None:
    """Raise Refused while somebody's way around the approvals has not been reviewed."""
    _check_glass(place, read_audit(records))


def _check_glass(place: Place, history: History) -> None:
    mended = {each.details.get("entry") for each in history if each.event == MENDED}
    for each in history:
        if each.event == BROKEN and each.number not in mended:
            raise Refused(
                f"{_person(each).shown} went around the approvals at {each.at} "
                f"({each.details.get('reason', 'no reason')}), "
                "and nobody has reviewed it yet",
                f"Then: landform audit {place.environment.name} --reviewed {each.number} --reason TEXT",
            )


def mend_glass(place: Place, records: Records, number: int, reason: str) -> None:
    """Note that another of the approvers has reviewed a way around the approvals. Raises Refused."""
    rules, me = place.environment.approvals, whoami(place)
    found = next(
        (each for each in read_audit(records) if each.number == number and each.event == BROKEN), None
    )
    if found is None:
        raise Refused(f"entry {number} went around nothing", "landform audit ENV lists the entries.")
    if why := why_unlisted(me, rules):
        raise Refused(f"this review would not count: {why}", _WHO)
    if me.is_same(_person(found)) and not rules.planner_may_approve:
        raise Refused("who went around the approvals may not review it", "Ask somebody else.")
    append(records, MENDED, entry=number, by=asdict(me), reason=reason)


def mandate_for(
    place: Place,
    records: Records,
    record: PlanRecord,
    *,
    break_glass: str = "",
    run: str = "",
    verdict: Verdict | None = None,
) -> Mandate:
    """What an apply of this plan rests on. Raises Refused with what is missing.

    ``break_glass`` is a reason: the verdict and missing approvals don't hold it up then, all else does.
    ``run`` is the run that is resumed: the approvals it has used count. ``verdict`` is that of a review made
    just now, and then decides.
    """
    found = standing_of(place, records, record, run, verdict)
    numbers = tuple(each.number for each in found.valid)
    mandate = Mandate(records, secret_key(records), record, numbers, break_glass, run)
    if break_glass:
        return mandate
    _check_verdict(verdict or record.review.verdict)
    if not found.is_enough:
        void = [f"that of {each.by.shown} does not count: {why}" for each, why in found.void]
        what = f"{len(found.valid)} of {found.needed} approvals"
        raise Refused(
            f"the plan {record.digest[:12]} has {'; '.join([what, *void])}",
            f"landform approve {place.environment.name} --plan {record.digest[:12]}{place.flags}",
        )
    return mandate


def standing_mandate(records: Records, record: PlanRecord, verdict: Verdict, standing: str) -> Mandate:
    """What an apply rests on that was agreed to before. Raises Refused by the verdict."""
    _check_verdict(verdict)
    return Mandate(records, secret_key(records), record, standing=standing)


def _check_verdict(verdict: Verdict) -> None:
    if verdict.result in REFUSING:
        raise Refused(
            f"the verdict is {verdict.result.value}: {'; '.join(verdict.reasons) or 'see the review'}",
            "Change the plan, or record an exemption in exemptions.yaml.",
        )


def use_up(place: Place, mandate: Mandate, run: str, release: str = "") -> None:
    """Note that an apply of a release begins, which uses its approvals.

    Raises Refused where another was quicker.
    """
    by, digest, records = asdict(whoami(place)), mandate.record.digest, mandate.records

    def check(history: History) -> None:
        """What the mandate rested on may have gone since it was given; nothing comes in between now."""
        if mandate.resumes:
            _check_last(history, mandate.resumes)
        if not mandate.break_glass:
            _check_glass(place, history)
        entries = {each.number: each for each in history}
        used = _used(history, mandate.resumes)
        if any(_statement_id(entries[number]) in used for number in mandate.approvals):
            raise Refused("another apply has just used these approvals", "See: landform audit ENV")

    if mandate.break_glass:
        append(records, BROKEN, check, digest=digest, by=by, reason=mandate.break_glass, run=run)
    append(
        records,
        STARTED,
        check,
        digest=digest,
        seal=mandate.record.seal,
        by=by,
        run=run,
        release=release,
        resumes=mandate.resumes,
        approvals=list(mandate.approvals),
        **({"standing": mandate.standing} if mandate.standing else {}),
    )


def note_end(mandate: Mandate, run: str, phases: Mapping[str, str]) -> str:
    """Note how an apply ended. Returns why that could not be kept, or nothing: the apply is over anyway."""
    try:
        append(mandate.records, ENDED, run=run, phases=dict(phases))
    except LandformError as error:
        return error.what
    return ""


def record_of_run(records: Records, run: str) -> PlanRecord:
    """The plan that a run began to apply and did not finish. Raises Refused where there is none.

    Only the last run can be resumed: what another has done since, nobody approved together with the rest.
    """
    history = read_audit(records)
    started = next((each for each in _started(history) if each.details["run"] == run), None)
    if started is None:
        raise Refused(f"no run {run!r} has begun here", "landform audit ENV lists the runs.")
    _check_last(history, run)
    record = read_record(records, str(started.details["digest"]))
    if record.seal != started.details.get("seal"):
        raise Refused(f"the plan's file is not the one that {run} began to apply", "Plan again.")
    return record


def _check_last(history: History, run: str) -> None:
    last = _started(history)[-1].details["run"]
    if last != run:
        raise Refused(f"another run, {last}, has begun since {run}", "Plan again.")
    ended = next((each for each in history if each.event == ENDED and each.details.get("run") == run), None)
    if ended is not None and set(ended.details.get("phases", {}).values()) <= set(_OVER):
        raise Refused(f"the run {run} was finished; there is nothing to resume", "Plan again.")
