"""Writes inventories: a whole plan as one, or an existing one with the values that are planned now.

Redacted before anything is written: by the plan's marks, and by value wherever a secret turns up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landform.planning.changes import Action
from landform.testing.attributes import UNKNOWN
from landform.testing.inventory import Inventory, counts, present, value_at
from landform.testing.matching import ABSENT, MISSING, plain
from landform.testing.plans import PlannedModule

_WIDTH = 100


def describe(plan: PlannedModule) -> dict[str, Any]:
    """The whole plan as the data of an inventory, without null values; ``create`` goes without saying."""
    values: dict[str, Any] = {}
    unknown: dict[str, list[str]] = {}
    for address in present(plan):
        planned = plan[address]
        known = {name: planned[name] for name in sorted(planned) if planned[name] is not UNKNOWN}
        values[address] = {name: plain(value) for name, value in known.items() if value is not None}
        later = sorted(name for name in planned if planned[name] is UNKNOWN)
        unknown |= {address: later} if later else {}
    found = {
        "values": values,
        "unknown": unknown,
        "counts": dict(sorted(counts(plan).items())),
        "outputs": {name: plain(value) for name, value in sorted(plan.outputs.items())},
        "actions": _actions(plan),
    }
    redacted: dict[str, Any] = plan.redactor.data({name: part for name, part in found.items() if part})
    return redacted


def _actions(plan: PlannedModule) -> dict[str, str]:
    told = (each for each in plan.changes if each.mode == "managed" and each.action is not Action.CREATE)
    return {each.address: str(each.action) for each in sorted(told, key=lambda each: each.address)}


def refreshed(inventory: Inventory, plan: PlannedModule) -> dict[str, Any]:
    """The same expectations with what is planned now; the whole plan where nothing is left of them."""
    there = present(plan)
    now = counts(plan)
    actions = {each.address: str(each.action) for each in plan.changes}
    values = {
        address: expected if expected == MISSING else _shaped(expected or {}, plan[address])
        for address, expected in inventory.values.items()
        if (expected == MISSING) is (address not in there)
    }
    found: dict[str, Any] = {
        "values": values,
        "counts": {kind: now[kind] for kind in inventory.counts},
        "outputs": _outputs(inventory, plan),
        "actions": {one: actions[one] for one in inventory.actions if one in actions},
        "unknown": [one for one in inventory.unknown if value_at(plan, one) is UNKNOWN],
        "sensitive": [one for one in inventory.sensitive if plain(value_at(plan, one)) == "<sensitive>"],
    }
    redacted: dict[str, Any] = plan.redactor.data({name: part for name, part in found.items() if part})
    return redacted or describe(plan)


def _outputs(inventory: Inventory, plan: PlannedModule) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, expected in inventory.outputs.items():
        value = plan.outputs.get(name, ABSENT)
        if expected == MISSING and (value is ABSENT or value is UNKNOWN):
            found[name] = MISSING
        elif value is not ABSENT:
            found[name] = _shaped(expected, value)
    return found


def _shaped(expected: Any, planned: Any) -> Any:
    """The planned value, of a mapping only what was expected of it."""
    if isinstance(expected, Mapping) and isinstance(planned, Mapping):
        kept = {key: _shaped(value, planned[key]) for key, value in expected.items() if key in planned}
        absent = (key for key, value in expected.items() if key not in planned and value == MISSING)
        return kept | dict.fromkeys(absent, MISSING)
    return plain(planned)


def to_yaml(data: Mapping[str, Any], comment: str = "") -> str:
    """The text of an inventory file, after the lines of ``comment``."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Without anchors, which people can't read."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    text = yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return comment + str(text)
