"""Releases a lock that nobody frees any more, and has its stack looked at before the next apply."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from landform.errors import LandformError, Refused
from landform.generator import generated_files
from landform.planning.redaction import Redactor
from landform.workflows.audit import append
from landform.workflows.environment_lock import release_lock
from landform.workflows.held_locks import HeldLock
from landform.workflows.identity import whoami
from landform.workflows.journal import start_run
from landform.workflows.place import Place
from landform.workflows.quarantine import lift, quarantine, quarantined
from landform.workflows.records import records_of
from landform.workflows.state_pushing import backend_root

UNLOCKED, LIFTED = "unlocked", "quarantine lifted"


def release(place: Place, lock: HeldLock) -> None:
    """Release exactly this lock; history and journal keep it. Raises where it is another one by now.

    The lock of a state is Terraform's, and ``terraform force-unlock`` releases it.
    """
    records = records_of(place)
    run = start_run(place.runs, place.environment.name, "unlock", Redactor())
    known = {"stack": lock.stack, "lock": lock.id, "who": lock.who, "created": lock.created}
    run.record("unlock started", **known, life=str(lock.life), why=lock.why)
    if lock.stack:
        # First: if this landform dies in between, the stack is looked at all the same.
        quarantine(records, lock.stack, f"the lock of {lock.who} was released", run.id)
        asyncio.run(_force_unlock(place, lock))
    else:
        release_lock(records, lock.id)
    append(records, UNLOCKED, by=asdict(whoami(place)), run=run.id, **known, life=str(lock.life))
    run.record("unlock ended", **known)


def end_quarantine(place: Place, stack: str, reason: str) -> None:
    """End a stack's quarantine for a reason that the history keeps. Raises Refused where there is none."""
    records = records_of(place)
    if stack not in quarantined(records):
        raise Refused(
            f"{stack!r} is not in quarantine", f"See: landform state locks {place.environment.name}"
        )
    if not reason.strip():
        raise LandformError("the end of a quarantine needs its reason", "Add --reason TEXT.")
    append(records, LIFTED, by=asdict(whoami(place)), stack=stack, reason=reason)
    lift(records, stack)


async def _force_unlock(place: Place, lock: HeldLock) -> None:
    async with backend_root(place, lock.stack, generated_files(place.project)) as terraform:
        await terraform.force_unlock(lock.id)
