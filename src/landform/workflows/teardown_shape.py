"""What a schedule agrees to: a teardown deletes what may go, a rebuild brings the release back, no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from landform.errors import Refused, first_of
from landform.planning.changes import Action
from landform.planning.environment_plan import EnvironmentPlan
from landform.workflows.place import Place
from landform.workflows.ran import runs_backwards
from landform.workflows.records import records_of, secret_key
from landform.workflows.stack_digests import value_digests


def check_teardown(plan: EnvironmentPlan, stacks: Collection[str], max_changes: int | None) -> None:
    """Raise Refused unless a plan only deletes, only in ``stacks``, and not more than ``max_changes``."""
    changes = [change for stack in plan.stacks for change in stack.effective]
    other = [each.address for each in changes if each.action is not Action.DELETE or each.stack not in stacks]
    if other:
        raise Refused(
            f"the teardown would do more than delete stacks with teardown: true: {first_of(other)}",
            "Look at it: landform plan ENV --destroy",
        )
    if max_changes is not None and len(changes) > max_changes:
        raise Refused(
            f"the teardown would delete {len(changes)} objects, and max_changes is {max_changes}",
            "If that is right, raise teardown.max_changes in environment.yaml.",
        )


def check_rebuild(plan: EnvironmentPlan) -> None:
    """Raise Refused where bringing a release back would end anything."""
    ends = [
        change.address
        for stack in plan.stacks
        for change in stack.effective
        if change.action not in (Action.CREATE, Action.UPDATE, Action.IMPORT, Action.MOVE)
    ]
    if ends:
        raise Refused(
            f"to bring it back would delete or replace {first_of(ends)}",
            "Something has drifted: landform drift ENV. Then: landform apply ENV",
        )


def check_values(place: Place) -> None:
    """Raise Refused where values are not what the environment was applied with, as far as is known."""
    records = records_of(place)
    key = secret_key(records)
    known: dict[str, Mapping[str, str]] = {}
    for ran in runs_backwards(records):
        for stack in ran.phases if ran.applied_release else ():
            known.setdefault(stack, ran.values.get(stack, {}))
    changed = sorted(
        {
            name
            for stack in place.project.order
            for name, digest in value_digests(place, stack, key).items()
            if known.get(stack, {}).get(name) != digest
        }
    )
    if changed:
        raise Refused(
            f"{first_of(changed)} changed since {place.environment.name} was applied",
            f"What nobody has reviewed comes with an apply: landform apply {place.environment.name}",
        )
