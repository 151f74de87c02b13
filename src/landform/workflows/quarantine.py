"""Stacks of which nobody knows what Terraform did last: looked at before the next apply, never repeated.

A saved plan that is applied again after a kill makes everything twice, because what the first one made is in
no state. So the stack is planned anew, which refreshes it, and the account is searched for objects with the
environment's tags that are in no state.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from landform.errors import RecordsUnreadable, Refused, first_of
from landform.workflows.journal import now
from landform.workflows.orphans import tagged_in_no_state
from landform.workflows.place import Place
from landform.workflows.records import Records, read_all
from landform.workflows.states import read_states

_FOLDER = "quarantine"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Why a stack is not applied before somebody has looked. ``since`` is RFC 3339 in UTC."""

    stack: str
    why: str
    run: str
    since: str


def quarantine(records: Records, stack: str, why: str, run: str = "") -> None:
    """Have the next apply of a stack look first."""
    content = asdict(Quarantine(stack, why, run, now()))
    records.replace(_name(stack), json.dumps(content).encode())


def quarantined(records: Records) -> Mapping[str, Quarantine]:
    """The stacks in quarantine, by name. Raises RecordsUnreadable."""
    contents = read_all(records, records.names(f"{_FOLDER}/"))
    try:
        found = [Quarantine(**json.loads(content)) for content in contents if content is not None]
    except (ValueError, TypeError) as error:
        raise RecordsUnreadable("a quarantine of this environment is damaged") from error
    return {each.stack: each for each in found}


def lift(records: Records, stack: str) -> None:
    """End a stack's quarantine."""
    records.remove(_name(stack))


def look_and_lift(place: Place, records: Records, stacks: Collection[str]) -> tuple[str, ...]:
    """End the quarantine of these stacks, which were planned just now, where nothing is found outside states.

    Returns the stacks it was ended for. Raises Refused with what is found.
    """
    waiting = {name: each for name, each in quarantined(records).items() if name in stacks}
    if not waiting:
        return ()
    strays = tagged_in_no_state(place, read_states(place, place.project.order).values())
    if strays:
        named = first_of([each.arn for each in strays], _SHOWN)
        first = next(iter(waiting.values()))
        raise Refused(
            f"{', '.join(waiting)} is in quarantine ({first.why}), and these objects carry the environment's "
            f"tags and are in no state: {named}",
            "Import or delete them and apply again; or, if they are right as they are: "
            f"landform state lift {place.environment.name} {first.stack} --reason TEXT{place.flags}",
        )
    for name in waiting:
        lift(records, name)
    return tuple(waiting)


def _name(stack: str) -> str:
    return f"{_FOLDER}/{stack}"
