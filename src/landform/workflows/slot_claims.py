"""Who has a slot: written once beside the states, so that of two triggers one runs it; and how it ended.

``slots/<id>.json`` is the claim, ``slots/<id>-result.json`` the result. The claim of a process that died
without a result is taken over once, by ``slots/<id>-taken.json``: what ends two processes is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from landform.errors import RecordsUnreadable, Refused
from landform.review.approval import Person
from landform.workflows.journal import now as rfc3339_now
from landform.workflows.owners import (
    SILENT_SECONDS,
    Life,
    Owner,
    begin_to_beat,
    forget_beats,
    life_of,
    this_process,
)
from landform.workflows.records import Records, read_all
from landform.workflows.slots import Slot

_FOLDER = "slots/"
_TAKEN, _RESULT = "-taken", "-result"


class Ending(StrEnum):
    """How a slot ended. ``skipped``: nothing was done, on purpose."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who runs a slot. ``created`` is RFC 3339 in UTC; ``taken``: over from a process that died."""

    slot: str
    by: Person
    owner: Owner
    created: str
    run: str = ""
    taken: bool = False

    @property
    def life_id(self) -> str:
        """Under which it gives signs of life."""
        return f"slot-{self.slot}{_TAKEN if self.taken else ''}"


@dataclass(frozen=True, slots=True)
class SlotResult:
    """How a slot ended. ``at`` is RFC 3339 in UTC; ``saved_usd`` is what the environment saves by it."""

    slot: str
    ending: Ending
    at: str
    run: str = ""
    why: str = ""
    saved_usd: float = 0.0


@contextmanager
def claimed(records: Records, slot: Slot, by: Person, run: str = "") -> Iterator[Claim | None]:
    """Have a slot while the block goes on; None where somebody else has it or it has ended.

    Write its result within the block, with ``write_result``: what ends without one is taken over once.
    """
    mine = _claim(records, slot.id, by, run)
    if mine is None:
        yield None
        return
    end_signs = begin_to_beat(records, mine.life_id)
    try:
        yield mine
    finally:
        end_signs()
        forget_beats(records, mine.life_id)


def claimed_slots(records: Records) -> frozenset[str]:
    """The ids of all slots that somebody has or had, but for what may be taken over."""
    known = _names(records)
    claims = {id_ for id_ in known if not id_.endswith((_TAKEN, _RESULT))}
    newest = max(claims, key=lambda id_: id_.partition("-")[2], default="")
    return frozenset(claims - ({newest} if newest and _may_take(records, newest, known) else set()))


def write_result(
    records: Records, claim: Claim, ending: Ending, *, why: str = "", saved_usd: float = 0.0
) -> SlotResult:
    """Write down how a claimed slot ended. Raises Refused where that is written already."""
    result = SlotResult(claim.slot, ending, rfc3339_now(), claim.run, why, saved_usd)
    if not records.put(_name(claim.slot, _RESULT), _bytes(result)):
        raise Refused(f"the slot {claim.slot} has ended already", "See: landform teardown status")
    return result


def skip(records: Records, slot: Slot, by: Person, why: str) -> SlotResult | None:
    """Claim a slot and write down that nothing was done; None where somebody else has it."""
    with claimed(records, slot, by) as claim:
        return write_result(records, claim, Ending.SKIPPED, why=why) if claim else None


def slot_results(records: Records) -> tuple[SlotResult, ...]:
    """All results, the oldest first. Raises RecordsUnreadable for a damaged one."""
    names = [name for name in records.names(_FOLDER) if name.endswith(f"{_RESULT}.json")]
    found = (_result(name, content) for name, content in zip(names, read_all(records, names), strict=True))
    return tuple(sorted(found, key=lambda result: (result.at, result.slot)))


def claim_of(records: Records, slot: str) -> Claim | None:
    """Who has a slot, the one that took it over first. Raises RecordsUnreadable for a damaged claim."""
    for suffix in (_TAKEN, ""):
        if content := records.get(_name(slot, suffix)):
            return _parsed(slot, content)
    return None


def _claim(records: Records, slot: str, by: Person, run: str) -> Claim | None:
    mine = Claim(slot, by, this_process(), rfc3339_now(), run)
    if records.put(_name(slot), _bytes(mine)):
        return mine
    if not _may_take(records, slot, _names(records)):
        return None
    # Of several who see that it is free, the one that writes it down has it.
    mine = Claim(slot, by, mine.owner, mine.created, run, taken=True)
    return mine if records.put(_name(slot, _TAKEN), _bytes(mine)) else None


def _may_take(records: Records, slot: str, known: frozenset[str]) -> bool:
    if f"{slot}{_TAKEN}" in known or f"{slot}{_RESULT}" in known:
        return False
    held = claim_of(records, slot)
    return held is not None and _is_dead(records, held)


def _is_dead(records: Records, held: Claim) -> bool:
    """Whether its process is gone. It gives a sign of life as soon as it has a slot, so silence is death."""
    life, _ = life_of(records, held.life_id, held.owner)
    if life is not Life.UNKNOWN:
        return life is Life.DEAD
    age = datetime.now(UTC) - datetime.fromisoformat(held.created)
    return age.total_seconds() > SILENT_SECONDS


def _names(records: Records) -> frozenset[str]:
    return frozenset(name.removeprefix(_FOLDER).removesuffix(".json") for name in records.names(_FOLDER))


def _name(slot: str, suffix: str = "") -> str:
    return f"{_FOLDER}{slot}{suffix}.json"


def _bytes(record: Claim | SlotResult) -> bytes:
    return json.dumps(asdict(record), sort_keys=True).encode()


def _parsed(slot: str, content: bytes) -> Claim:
    try:
        raw: dict[str, Any] = json.loads(content)
        plain = {each.name: raw[each.name] for each in fields(Claim) if each.name not in ("by", "owner")}
        return Claim(**plain, by=Person(**raw["by"]), owner=Owner(**raw["owner"]))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(_name(slot)) from error


def _result(name: str, content: bytes | None) -> SlotResult:
    try:
        raw: dict[str, Any] = json.loads(content or b"")
        saved, ending = float(raw.pop("saved_usd")), Ending(raw.pop("ending"))
        return SlotResult(**{key: str(value) for key, value in raw.items()}, saved_usd=saved, ending=ending)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> RecordsUnreadable:
    return RecordsUnreadable(
        f"the record {name} of this environment is damaged", "Delete it beside the states; its slot is over."
    )
