"""What an ending object takes with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from landform.planning.causes import bare_address
from landform.planning.dependents import Dependents
from landform.planning.environment_plan import EnvironmentPlan


def blast_radius(plan: EnvironmentPlan, graph: Dependents) -> Mapping[str, tuple[str, ...]]:
    """Address of each object that is replaced or deleted → all that reads it, in the order of addresses.

    Across stacks, directly or not, and changed or not: an unchanged dependent is what one forgets. References
    name resources, not instances, so every instance of a dependent counts.
    """
    instances: defaultdict[str, set[str]] = defaultdict(set)
    for change in plan.changes:
        instances[bare_address(change.address)].add(change.address)
    found: dict[str, tuple[str, ...]] = {}
    known: dict[str, tuple[str, ...]] = {}
    for change in plan.changes:
        if not (change.action.destroys or change.action.is_replacement):
            continue
        bare = bare_address(change.address)
        if bare not in known:
            known[bare] = tuple(sorted(each for one in graph.of(bare) for each in instances.get(one, ())))
        found[change.address] = known[bare]
    return found
