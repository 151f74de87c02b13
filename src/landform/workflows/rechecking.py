"""Whether everything is still as it was when a plan was approved: what has moved is named, nothing is run."""

from __future__ import annotations

from dataclasses import replace

from landform.errors import Refused, first_of
from landform.planning.fingerprints import Fingerprint
from landform.planning.manifest import Manifest
from landform.planning.refinement import deviations
from landform.workflows.place import Place
from landform.workflows.plan_records import PlanRecord, manifest_of


def check_sources(place: Place, record: PlanRecord, key: bytes, *, resumed: bool = False) -> None:
    """Before Terraform runs: files, values, locks, engine and place. Raises Refused.

    A run that is ``resumed`` has moved states itself, and may have locked providers for the first time.
    """
    approved = record.manifest
    now = manifest_of(place, {}, approved.operation, approved.stacks, key)
    now = replace(now, states=approved.states, plan=approved.plan, targets=approved.targets)
    if resumed:
        now = replace(now, locks={path: now.locks.get(path, "") for path in approved.locks})
    _refuse(approved, now)


def check_same(record: PlanRecord, now: Manifest) -> None:
    """After the environment was planned again: states and plan too. Raises Refused."""
    _refuse(record.manifest, now)


def check_within(record: PlanRecord, left: tuple[Fingerprint, ...]) -> None:
    """What a resumed run has left to do is part of what its plan was. Raises Refused."""
    beyond = deviations(left, record.prints, resumed=True)
    if beyond:
        shown = first_of(beyond, separator="; ")
        raise Refused(f"what is left to do is not what was approved: {shown}", "Plan again.")


def _refuse(approved: Manifest, now: Manifest) -> None:
    moved = approved.differences(now)
    if moved:
        raise Refused(
            f"since the plan {approved.digest[:12]} was made: {first_of(moved, 8, '; ')}",
            f"Plan again, look at it again: landform plan {approved.environment}",
        )
