"""Inventories: a YAML file with what a plan must hold; the shape is that of cloud-foundation-fabric.

``values`` (part of the attributes, by whole address), ``counts`` (by type, and of ``modules`` and
``resources``), ``outputs``, ``actions`` (by address), ``unknown`` and ``sensitive`` (lists of
``address.attribute``, or attributes by address). ``__missing__`` stands for what must not be there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landform.errors import Fault
from landform.planning.changes import Action
from landform.project.names import did_you_mean
from landform.project.yaml_file import Document
from landform.testing.attributes import UNKNOWN, Secret, SecretText
from landform.testing.matching import ABSENT, MISSING, Difference, differences, show
from landform.testing.plans import PlannedModule

SECTIONS = ("values", "counts", "outputs", "actions", "unknown", "sensitive")
_LISTS = ("unknown", "sensitive")
_GONE = (Action.DELETE, Action.FORGET)
_MODULE = re.compile(r'module\.[\w-]+(?:\[(?:"(?:\\.|[^"\\])*"|[^\]"]*)\])?')
_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is expected of a plan. ``unknown`` and ``sensitive`` hold ``address.attribute``."""

    shown: str
    values: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it checks nothing at all."""
        return not any(getattr(self, section) for section in SECTIONS)


def parse_inventory(document: Document) -> tuple[Inventory, list[Fault]]:
    """What a YAML file expects, and everything that is wrong with how it says so."""
    faults = list(document.faults)
    raw = document.data if document.data is not None else {}
    if not isinstance(raw, Mapping):
        faults.append(Fault(document.location(), "an inventory is a mapping with values, counts, outputs …."))
        return Inventory(document.path), faults
    for name in raw:
        if name not in SECTIONS:
            near = did_you_mean(str(name), SECTIONS)
            faults.append(Fault(document.location(name), f"an inventory has no {name!r}.", near))
    faults += [_fault(document, path, what) for path, what in _wrong(raw)]
    if faults:
        return Inventory(document.path), faults
    found: dict[str, Any] = {name: raw.get(name) or {} for name in SECTIONS if name not in _LISTS}
    found |= {name: _entries(raw.get(name)) for name in _LISTS}
    return Inventory(document.path, **found), []


def _fault(document: Document, path: tuple[object, ...], what: str) -> Fault:
    return Fault(document.location(*path), what)


def _wrong(raw: Mapping[str, Any]) -> Iterator[tuple[tuple[object, ...], str]]:
    for name in SECTIONS:
        section = raw.get(name)
        if section is not None and not isinstance(section, Mapping):
            if name not in _LISTS or not isinstance(section, list):
                yield (name,), f"{name!r} is a mapping{' or a list' if name in _LISTS else ''}."
            continue
        for key, value in (section or {}).items():
            what = _wrong_entry(name, value)
            if what:
                yield (name, key), f"{key!r} in {name!r} {what}"


def _wrong_entry(section: str, value: Any) -> str:
    if section == "values" and not (value is None or value == MISSING or isinstance(value, Mapping)):
        return f"is a mapping of attributes, or {MISSING}."
    if section == "counts" and not (type(value) is int and value >= 0):
        return "is a number, 0 or more."
    if section == "actions" and value not in list(Action):
        return f"is an action of Terraform, not {value!r}. {did_you_mean(str(value), map(str, Action))}"
    if section in _LISTS and not isinstance(value, list):
        return "is a list of attributes."
    return ""


def _entries(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, Mapping):
        return tuple(f"{address}.{attribute}" for address, names in raw.items() for attribute in names)
    return tuple(map(str, raw or ()))


def check(inventory: Inventory, plan: PlannedModule) -> list[Difference]:
    """Every difference between an inventory and a plan."""
    found = [*_check_values(inventory, plan), *_check_counts(inventory, plan)]
    for name, expected in inventory.outputs.items():
        found += _check_output(name, expected, plan)
    actions = {each.address: str(each.action) for each in plan.changes}
    for address, action in inventory.actions.items():
        found += differences(action, actions.get(address, ABSENT), f"actions: {address}")
    for name in _LISTS:
        for entry in getattr(inventory, name):
            value = value_at(plan, entry)
            if not (value is UNKNOWN if name == "unknown" else isinstance(value, Secret | SecretText)):
                expected = "known after apply" if name == "unknown" else "sensitive"
                planned = "nothing" if value is ABSENT else show(value)
                found.append(Difference(f"{name}: {entry}", expected, planned))
    return found


def _check_values(inventory: Inventory, plan: PlannedModule) -> Iterator[Difference]:
    there = present(plan)
    for address, expected in inventory.values.items():
        where = f"values: {address}"
        if address in there:
            planned = plan[address] if expected != MISSING else "an object"
            yield from differences(expected or {}, planned, where)
        elif expected != MISSING:
            yield Difference(where, "an object", f"none. {did_you_mean(address, there)}")


def _check_counts(inventory: Inventory, plan: PlannedModule) -> Iterator[Difference]:
    counted = counts(plan)
    for kind, expected in inventory.counts.items():
        if counted[kind] != expected:
            yield Difference(f"counts: {kind}", str(expected), str(counted[kind]))


def _check_output(name: str, expected: Any, plan: PlannedModule) -> Iterator[Difference]:
    outputs = plan.outputs
    planned = outputs.get(name, ABSENT)
    if expected == MISSING and planned is UNKNOWN:
        return  # the shape's word for an output that has no value in the plan
    if planned is ABSENT and expected != MISSING:
        yield Difference(f"outputs: {name}", show(expected), f"none. {did_you_mean(name, outputs)}")
    else:
        yield from differences(expected, planned, f"outputs: {name}")


def present(plan: PlannedModule) -> list[str]:
    """The addresses that will be there, with the data sources that only the apply can read."""
    return sorted(
        each.address
        for each in plan.changes
        if each.action not in _GONE and (each.mode == "managed" or each.action is Action.READ)
    )


def counts(plan: PlannedModule) -> Counter[str]:
    """How many there will be of each type, of all ``resources``, and of ``modules``."""
    there = set(present(plan))
    found = Counter(each.type for each in plan.changes if each.address in there)
    found["resources"] = found.total()
    found["modules"] = len({module for address in there for module in _modules(address)})
    return found


def _modules(address: str) -> Iterator[str]:
    """``module.a[0].module.b.x.y`` is in ``module.a[0]`` and in ``module.a[0].module.b``."""
    path = ""
    while found := _MODULE.match(address):
        path += f".{found.group()}"
        yield path
        address = address[found.end() + 1 :]


def value_at(plan: PlannedModule, entry: str) -> Any:
    """The planned value of ``address.attribute`` or ``outputs.name``, ``ABSENT`` where there is none."""
    if entry.startswith("outputs."):
        return _walk(plan.outputs, entry.removeprefix("outputs."))
    holders = [address for address in present(plan) if entry.startswith(f"{address}.")]
    if not holders:
        return ABSENT
    address = max(holders, key=len)
    return _walk(plan[address], entry[len(address) + 1 :])


def _walk(value: Any, path: str) -> Any:
    for step in _STEP.findall(path):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return value if value is UNKNOWN or isinstance(value, Secret | SecretText) else ABSENT
    return value
