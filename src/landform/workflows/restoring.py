"""Brings an earlier version of a stack's state back: what that would change, and then by Terraform's push.

Terraform refuses a serial that is not higher than that of the state it replaces, and so nobody's later work
is lost: what is pushed is the earlier state with the serial after the present one. ``-force`` is never used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from landform.aws.state_versions import StateVersion
from landform.errors import LandformError, Refused, StateUnreadable
from landform.planning.state_difference import StateDifference, state_difference
from landform.planning.states import StackState, parse_state
from landform.workflows.audit import append
from landform.workflows.identity import whoami
from landform.workflows.journal import Run, start_run
from landform.workflows.place import Place, check_stacks
from landform.workflows.plan import known_secrets
from landform.workflows.records import records_of
from landform.workflows.state_homes import StateHome, own_home
from landform.workflows.state_pushing import Pusher
from landform.workflows.state_versions import find_version, versions_kept
from landform.workflows.states import states_in

STARTED, ENDED = "state restore started", "state restore ended"


@dataclass(frozen=True, slots=True)
class Restoration:
    """An earlier state about to take the place of the present one, and the serial it is pushed with.

    ``other_lineage``: the present state is another history, which holds nothing.
    """

    stack: str
    version: StateVersion
    now: StackState
    then: StackState
    serial: int
    difference: StateDifference = field(default_factory=StateDifference)
    other_lineage: bool = False


def prepare_restore(place: Place, stack: str, version: str) -> Restoration:
    """Look at a version of a state beside the present one. Raises Refused where it can't come back."""
    check_stacks(place.project, (stack,))
    home = own_home(place)
    check_unlocked(home, stack)
    versions = versions_kept(place, home, stack)
    found = find_version(versions, version)
    if found.latest and not found.deleted:
        raise Refused(f"the version {found.id} is what {stack} has now", "Nothing has to be restored.")
    then = _earlier(home, stack, found)
    now = states_in(home, [stack])[stack]
    other = bool(now.document) and now.lineage != then.lineage
    if other and not now.is_empty:
        raise Refused(
            f"that version of {stack} is of another lineage ({then.lineage}) than the state ({now.lineage})",
            "It is another state's history. Move single objects with terraform state mv or import.",
        )
    serial = max(now.serial, _last_serial(home, stack, versions)) + 1
    return Restoration(stack, found, now, then, serial, state_difference(now, then), other)


def restore(place: Place, wanted: Restoration) -> StackState:
    """Push it, see that it is there, and note both in the journal and the environment's history."""
    run = start_run(place.runs, place.environment.name, "restore", known_secrets(place))
    facts = _facts(wanted)
    run.record("started", operation="restore", environment=place.environment.name, **facts)
    append(records_of(place), STARTED, run=run.id, by=asdict(whoami(place)), **facts)
    try:
        Pusher.of(place, run).push(wanted.stack, _document(wanted))
        found = _verified(place, wanted)
    except LandformError as error:
        _end(place, run, wanted.stack, "failed", error.what)
        raise
    _end(place, run, wanted.stack, "restored", "")
    return found


def check_unlocked(home: StateHome, stack: str) -> None:
    """Raise Refused where somebody holds the lock of a state."""
    lock = home.lock(stack)
    if lock is None:
        return
    since = f" since {lock.created:%Y-%m-%d %H:%M} UTC" if lock.created else ""
    who = f"{lock.who or 'somebody'}{since} ({lock.operation or 'operation unknown'}, id {lock.id or '?'})"
    raise Refused(
        f"the state {home.address(stack)} is locked by {who}",
        "Wait until that has ended. Where it can't, because it was killed: landform state unlock ENV STACK.",
    )


def _earlier(home: StateHome, stack: str, version: StateVersion) -> StackState:
    if version.deleted:
        raise Refused(
            f"the version {version.id} is a delete marker, not a state", "Choose the one before it."
        )
    found = home.get_version(stack, version.id)
    try:
        state = parse_state(stack, found.content if found else None)
    except StateUnreadable as error:
        raise Refused(f"the version {version.id} is not a state: {error.what}", _CHOOSE) from error
    if state.document is None:
        raise Refused(f"the version {version.id} is not a state: it is empty", _CHOOSE)
    return state


_CHOOSE = "Choose another one: landform state versions."


def _last_serial(home: StateHome, stack: str, versions: Sequence[StateVersion]) -> int:
    """The serial of the newest version that holds a state: of one that was deleted, too."""
    for version in (each for each in versions if not each.deleted):
        found = home.get_version(stack, version.id)
        try:
            return parse_state(stack, found.content if found else None).serial
        except StateUnreadable:
            continue
    return 0


def _document(wanted: Restoration) -> bytes:
    return json.dumps({**(wanted.then.document or {}), "serial": wanted.serial}).encode()


def _verified(place: Place, wanted: Restoration) -> StackState:
    found = states_in(own_home(place), [wanted.stack])[wanted.stack]
    if found.lineage != wanted.then.lineage or not state_difference(found, wanted.then).is_empty:
        raise LandformError(
            f"the state of {wanted.stack} is not what was pushed",
            "Somebody else has written it meanwhile: look at landform state versions.",
        )
    return found


def _facts(wanted: Restoration) -> Mapping[str, Any]:
    return {
        "stack": wanted.stack,
        "version": wanted.version.id,
        "lineage": wanted.then.lineage,
        "serial": wanted.serial,
        "serial_of_version": wanted.then.serial,
        "serial_before": wanted.now.serial,
    }


def _end(place: Place, run: Run, stack: str, phase: str, why: str) -> None:
    run.record("ended", phases={stack: phase}, why=why)
    append(records_of(place), ENDED, run=run.id, phases={stack: phase})
