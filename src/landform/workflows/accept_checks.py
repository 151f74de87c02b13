"""Whether a state takes in what was shown, and nothing else: before Terraform writes it, and afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from landform.errors import Refused
from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.state_difference import state_difference
from landform.planning.state_instances import instances_of
from landform.planning.states import StackState


def changed_outputs(plan: StackPlan) -> tuple[str, ...]:
    """The names of the outputs that get other values."""
    return tuple(each.name for each in plan.outputs if each.action is not Action.NO_OP)


def check_only_shown(shown: StackPlan, plan: EnvironmentPlan) -> None:
    """Raise Refused where a plan does anything but take in what was shown, object by object."""
    found = plan.stack(shown.stack)
    known = {each.address: each for each in shown.drift}
    more = [each.address for each in found.drift if known.get(each.address) != each]
    more += [f"the output {name}" for name in changed_outputs(found) if name not in changed_outputs(shown)]
    more += [each.address for each in plan.changes if each.action not in (Action.NO_OP, Action.READ)]
    more += [each.address for each in plan.invocations]
    if more:
        raise Refused(f"the plan of {shown.stack} is more than what was shown: {', '.join(more)}")


def beyond_shown(shown: StackPlan, before: StackState, after: StackState) -> Iterator[str]:
    """What a state says by now that was not shown, as one sentence.

    An attribute that is new and empty counts for nothing: it came with a version of the provider.
    """
    found = state_difference(before, after)
    known = {each.address: _differing(each) for each in shown.drift}
    now = {each.address: each.attributes for each in instances_of(after)}
    more = [each for each in (*found.gone, *found.back) if each not in known]
    for each in found.changed:
        names = (name for name in each.attributes if name not in known.get(each.address, ()))
        more += [f"{each.address}.{name}" for name in names if now[each.address].get(name) is not None]
    more += [f"the output {name}" for name in found.outputs if name not in changed_outputs(shown)]
    if more:
        yield f"the state says more than what was shown: {', '.join(more)}"


def _differing(change: Change) -> frozenset[str]:
    old, new = (each.value if isinstance(each.value, dict) else {} for each in (change.before, change.after))
    return frozenset(name for name in {**old, **new} if old.get(name) != new.get(name))
