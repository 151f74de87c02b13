"""Deletes leftovers: exactly those of a list that somebody was shown, while they are still what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from landform.aws.deleters import DELETERS, delete
from landform.aws.seeing import Thing
from landform.errors import LandformError, Refused
from landform.planning.redaction import Redactor
from landform.review.deletion import DeletionList, read_list
from landform.review.sweep import Found, Sweep
from landform.workflows.audit import append
from landform.workflows.destroy import check_protection
from landform.workflows.identity import whoami
from landform.workflows.journal import Run, start_run
from landform.workflows.orphans import known_states
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of
from landform.workflows.sweeping import SweepRequest, sweep
from landform.workflows.whereabouts import prove_whereabouts

STARTED, ENDED = "leftovers deletion started", "leftovers deletion ended"
_FOLDER = "sweeps"
_ORDER = tuple(DELETERS)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What became of the deletion of one leftover; ``fault`` says why it failed."""

    found: Found
    fault: str = ""


def check_may_delete(place: Place) -> None:
    """Raise Refused where leftovers are not for landform to delete."""
    check_protection(place.project, place.environment.name)
    if place.environment.approvals.required:
        raise Refused(
            f"changes of {place.environment.name} need approvals, and a list of leftovers can't be approved",
            "Delete them by hand, with the role that may; then sweep again.",
        )


def make_list(place: Place, swept: Sweep) -> DeletionList:
    """Keep a list of the leftovers that can be deleted. Raises Refused where landform does not delete."""
    check_may_delete(place)
    _check_nobody_works(place, swept)
    known = [each for each in swept.leftovers if each.type in DELETERS and each.arn and not each.address]
    doomed = sorted(known, key=lambda each: (_ORDER.index(each.type), each.arn))
    made = DeletionList(swept, tuple(each.arn for each in doomed), _serials(place))
    if doomed:
        records_of(place).put(f"{_FOLDER}/{made.digest}.json", made.content)
    return made


def find_list(records: Records, start: str) -> DeletionList:
    """The list whose digest begins with ``start``. Raises Refused where there is none, or more than one."""
    names = [name.removeprefix(f"{_FOLDER}/") for name in records.names(f"{_FOLDER}/")]
    fit = [name.removesuffix(".json") for name in names if len(start) >= 6 and name.startswith(start)]
    if len(fit) != 1:
        what = f"{len(fit)} lists begin with {start!r}" if fit else f"no list {start!r} is kept here"
        raise Refused(what, "Make one: landform sweep ENV --delete-leftovers")
    content = records.get(f"{_FOLDER}/{fit[0]}.json")
    return read_list(content or b"", fit[0])


def check_unmoved(place: Place, wanted: DeletionList) -> None:
    """Raise Refused unless all of the list is left over still, and no state has moved since.

    Looks at the account once more.
    """
    check_may_delete(place)
    prove_whereabouts(place)
    _check_age(place, wanted)
    swept = sweep(place, SweepRequest(looks=1))
    _check_nobody_works(place, swept)
    if swept.account != wanted.sweep.account or swept.where != wanted.sweep.where:
        raise Refused(f"the list is of {wanted.sweep.where}, account {wanted.sweep.account}, not of here")
    moved = [f"the state of {name}" for name in _differing(_serials(place), wanted.states)]
    now = {each.arn: each for each in swept.leftovers}
    moved += [each.arn for each in wanted.items if not _is_same(each, now.get(each.arn))]
    if moved:
        raise Refused(
            f"not what it was when the list was made: {', '.join(moved[:10])}",
            f"Nothing was deleted. Make a new list: landform sweep {place.environment.name} "
            f"--delete-leftovers{place.flags}",
        )


def delete_listed(
    place: Place, wanted: DeletionList, on_end: Callable[[Deleted], None] = lambda _: None
) -> tuple[Deleted, ...]:
    """Delete what the list names and nothing else, each noted before and after; ``check_unmoved`` first.

    One that can't be deleted stops no other.
    """
    run = start_run(place.runs, place.environment.name, "sweep", Redactor())
    records, facts = records_of(place), {"list": wanted.digest, "run": run.id}
    run.record("started", operation="sweep", environment=place.environment.name, list=wanted.digest)
    append(records, STARTED, by=asdict(whoami(place)), items=list(wanted.doomed), **facts)
    done: list[Deleted] = []
    for each in _deleted(place, run, wanted):
        done.append(each)
        on_end(each)
    failed = [each.found.arn for each in done if each.fault]
    append(records, ENDED, failed=failed, **facts)
    run.record("ended", failed=failed)
    return tuple(done)


def _deleted(place: Place, run: Run, wanted: DeletionList) -> Iterator[Deleted]:
    for each in wanted.items:
        run.record("deleting", type=each.type, id=each.id, arn=each.arn, region=each.region)
        try:
            delete(place.client, Thing(each.type, each.id, each.arn, each.region))
        except LandformError as error:
            run.record("not deleted", arn=each.arn, why=error.what)
            yield Deleted(each, error.what)
        else:
            run.record("deleted", arn=each.arn)
            yield Deleted(each)


def _check_nobody_works(place: Place, swept: Sweep) -> None:
    if swept.locked:
        raise Refused(
            f"somebody works on {', '.join(swept.locked)}: what that makes is in no state before it ends",
            f"Wait for it. See: landform state locks {place.environment.name}{place.flags}",
        )


def _check_age(place: Place, wanted: DeletionList) -> None:
    """As long as an approval holds, so does a list."""
    age = datetime.now(UTC) - datetime.fromisoformat(wanted.sweep.at)
    if age > timedelta(seconds=place.environment.approvals.expire_after):
        raise Refused(f"the list is of {wanted.sweep.at}, and has expired", "Make a new one.")


def _serials(place: Place) -> dict[str, str]:
    return {each.stack: f"{each.lineage} {each.serial}" for each in known_states(place)}


def _differing(now: dict[str, str], then: object) -> list[str]:
    before = then if isinstance(then, dict) else {}
    return sorted(name for name in {*now, *before} if now.get(name) != before.get(name))


def _is_same(listed: Found, now: Found | None) -> bool:
    return now is not None and (now.type, now.id, now.region, now.name, now.why) == (
        listed.type, listed.id, listed.region, listed.name, listed.why,
    )  # fmt: skip
