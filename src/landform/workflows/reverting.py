"""Puts back what has drifted, and nothing else: which objects, and whether a plan of them stays with that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from landform.errors import LandformError, Refused, first_of
from landform.planning.changes import Action, Change
from landform.planning.drift import DriftOutcome
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.marks import any_true
from landform.workflows.drifting import Drifted, EnvironmentDrift

_SHOWN = 5
_SAME: tuple[Any, ...] = (None, "", [], {})
"""What providers take for the same as nothing."""


def drift_of_stacks(found: EnvironmentDrift, stacks: Sequence[str]) -> tuple[Drifted, ...]:
    """What has drifted in some stacks, or all, and an apply would act on. Raises LandformError: no plan."""
    if found.error:
        raise LandformError(f"{found.environment} could not be planned: {found.error}")
    return tuple(each for each in found.drifted if each.relevant and (not stacks or each.stack in stacks))


def can_be_put_back(drifted: Drifted) -> bool:
    """Whether a plan changes the object itself; of others the code does not say what they should be."""
    return drifted.outcome != DriftOutcome.KEPT


def check_only_reverts(plan: EnvironmentPlan, targets: Collection[str]) -> None:
    """Raise Refused where a plan does more than to give ``targets`` back what their states say of them."""
    beyond = [each for stack in plan.stacks for each in _beyond(stack, targets)]
    if not beyond:
        return
    raise Refused(
        f"to put the drift back would do more than that: {first_of(beyond, _SHOWN, '; ')}",
        f"Apply it together with the drift: landform apply {plan.environment}. Or leave out stacks: --stack.",
    )


def _beyond(stack: StackPlan, targets: Collection[str]) -> Iterator[str]:
    drifted = {each.address: each for each in stack.drift if each.deposed is None and _had_more(each)}
    for change in stack.effective:
        drift = drifted.get(change.address)
        if change.deposed or drift is None:
            yield f"{change.address}: {change.action}, and it has not drifted"
        elif change.address not in targets:
            yield f"{change.address}: {change.action}, and its drift is left alone"
        elif pending := _pending(change, drift):
            yield f"{change.address}: {pending}"
    for output in stack.outputs:
        if output.action is not Action.NO_OP and not any_true(output.unknown):
            yield f"the output {output.name} of {stack.stack}: {output.action}"
    for action in stack.invocations:
        yield f"{action.address}: run by {action.triggered_by}"


def _had_more(drift: Change) -> bool:
    """Something that had a value has another one; a refresh merely fills in the others after an apply."""
    old, new = _top(drift.before.value), _top(drift.after.value)
    return drift.action is Action.DELETE or any(
        value not in _SAME and value != new.get(name) for name, value in old.items()
    )


def _pending(change: Change, drift: Change) -> str:
    """What an object would be that its state does not say; what is gone is made anew, as the code says."""
    if change.action is not Action.UPDATE and not change.action.is_replacement:
        return "" if change.action is Action.CREATE and drift.action is Action.DELETE else str(change.action)
    old, now, after = (_top(each) for each in (drift.before.value, change.before.value, change.after.value))
    unknown = _top(change.unknown)
    pending = [
        name
        for name in {**now, **after}
        if not any_true(unknown.get(name))
        and not _same(now.get(name), after.get(name))
        and not _same(old.get(name), after.get(name))
    ]
    return f"{', '.join(pending)} would be what the state does not say" if pending else ""


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (one in _SAME and other in _SAME)


def _top(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
