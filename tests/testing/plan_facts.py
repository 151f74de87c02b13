"""What a plan says to a test, as JSON that another program can compare. Suites get a copy of this file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from landform.planning.changes import Change, OutputChange
from landform.testing import UNKNOWN, PlannedModule, Secret, SecretText

KINDS = ("creates", "updates", "replaces", "deletes", "reads")


def write_facts(path: str, plan: PlannedModule) -> None:
    """Write what ``plan`` says of itself by every way a test can ask it."""
    facts = {
        "changes": change_facts(plan.changes),
        "outputs": output_facts(plan.output_changes),
        "kinds": {kind: sorted(getattr(plan, kind)) for kind in KINDS},
        "shown": {each.address: leaves(plan[each.address]) for each in plan.changes},
        "shown outputs": leaves(plan.outputs),
        "is noop": plan.is_noop,
    }
    Path(path).write_text(json.dumps(facts))


def change_facts(changes: Iterable[Change]) -> dict[str, Any]:
    """Each change by address and deposed key."""
    return {
        f"{each.address} {each.deposed or ''}".rstrip(): {
            "action": str(each.action),
            "before": each.before.value,
            "after": each.after.value,
            "before sensitive": marks(each.before.sensitive),
            "after sensitive": marks(each.after.sensitive),
            "unknown": marks(each.unknown),
            "moved from": each.previous_address,
            "replaced for": sorted(map(json.dumps, each.replace_paths)),
        }
        for each in changes
    }


def output_facts(outputs: Iterable[OutputChange]) -> dict[str, Any]:
    """Each output by name."""
    return {
        each.name: {
            "action": str(each.action),
            "before": each.before.value,
            "after": each.after.value,
            "before sensitive": marks(each.before.sensitive),
            "after sensitive": marks(each.after.sensitive),
            "unknown": marks(each.unknown),
        }
        for each in outputs
    }


def marks(tree: Any) -> list[str]:
    """The paths at which a tree of marks says true."""
    return sorted(json.dumps(path) for path, value in _walk(tree) if value is True)


def leaves(tree: Any) -> dict[str, Any]:
    """Each value without parts by its path; what is unknown or secret as ``{"unknown": true}`` …"""
    return {json.dumps(path): _leaf(value) for path, value in _walk(tree)}


def _leaf(value: Any) -> Any:
    if value is UNKNOWN:
        return {"unknown": True}
    if isinstance(value, Secret):
        return {"secret": value.reveal()}
    return {"secret": str(value)} if isinstance(value, SecretText) else value


def _walk(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    inside = tree.items() if isinstance(tree, Mapping) else enumerate(tree) if isinstance(tree, list) else ()
    parts = list(inside)
    if not parts:
        yield path, dict(tree) if isinstance(tree, Mapping) else tree
    for key, part in parts:
        yield from _walk(part, (*path, key))
