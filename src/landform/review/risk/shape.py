"""Risks in what kind of change it is, rather than in its values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landform.planning.causes import bare_address
from landform.planning.changes import Action, Change
from landform.review.findings import Severity
from landform.review.risk.scene import Hit, Scene, about

_INDEX_GONE = "its count index is gone"
_TAINTED = "tainted"
_VERSION = re.compile(r"(?:\bref=|[@ ]|^)v?(\d+)(?:\.\d+)*")
_CREATES = (Action.CREATE, Action.REPLACE, Action.REPLACE_CREATE_FIRST, Action.REPLACE_FORGET)


def index_shift(scene: Scene) -> Iterator[Hit]:
    """One of several goes, and others become what a sibling was: with ``count``, they moved up."""
    gone = {bare_address(each.address): each for each in scene.changes if each.reason == _INDEX_GONE}
    siblings: defaultdict[str, list[Change]] = defaultdict(list)
    for change in scene.changes if gone else ():
        siblings[bare_address(change.address)].append(change)
    for bare, change in gone.items():
        shifted = _shifted(siblings[bare])
        if shifted:
            names = ", ".join(each.local_address for each in shifted[:3])
            more = f" and {len(shifted) - 3} more" if len(shifted) > 3 else ""
            says = f"goes because its index is gone: {len(shifted)} of its siblings become what another was"
            yield about(change, says, f"changed as well: {names}{more}")


def _shifted(siblings: Sequence[Change]) -> list[Change]:
    """Those that get a value that one of them had."""
    held = {each for sibling in siblings for each in _telling(sibling.before.value)}
    staying = (each for each in siblings if each.action is not Action.DELETE)
    return [each for each in staying if held & (_telling(each.after.value) - _telling(each.before.value))]


def _telling(value: Any) -> set[tuple[str, str]]:
    """The attributes that can tell one sibling from another."""
    held = value if isinstance(value, Mapping) else {}
    return {(name, repr(item)) for name, item in held.items() if item and not isinstance(item, bool)}


def orphan(scene: Scene) -> Iterator[Hit]:
    """An object goes on existing, and costing, with nobody managing it."""
    for change in scene.changes:
        if change.action in (Action.FORGET, Action.REPLACE_FORGET):
            successor = ", beside its successor" if change.action is Action.REPLACE_FORGET else ""
            says = f"is no longer managed, and goes on existing{successor}"
            yield about(change, says, f"action: {change.action}")


def import_then_destroy(scene: Scene) -> Iterator[Hit]:
    """What is imported would be destroyed by the same apply."""
    for change in scene.changes:
        if change.import_id is not None and change.action.destroys:
            says = "is imported and then destroyed, for it does not match its configuration"
            forced = ", ".join(str(path[0]) for path in change.replace_paths if path)
            yield about(
                change, says, f"action: {change.action}" + (f", forced by {forced}" if forced else "")
            )


def provisioner_runs(scene: Scene) -> Iterator[Hit]:
    """Commands run that no plan shows."""
    kinds = scene.context.provisioners
    for change in scene.changes if kinds else ():
        found = kinds.get(bare_address(change.address))
        if found and change.action in _CREATES:
            yield about(change, "runs commands that no plan shows", f"provisioners: {', '.join(found)}")
        elif found and change.action is Action.DELETE:
            says = "may run commands that no plan shows, when it is deleted"
            yield about(change, says, f"provisioners: {', '.join(found)}", Severity.MEDIUM)


def tainted(scene: Scene) -> Iterator[Hit]:
    """An earlier apply broke off in the middle of it, and so it is made anew."""
    for change in scene.changes:
        if change.reason.startswith(_TAINTED):
            says = "is replaced only because an earlier apply left it half made"
            yield about(change, says, f"action: {change.action}, {change.reason}")


def version_change(scene: Scene) -> Iterator[Hit]:
    """Other code plans and applies than last time: of a provider or of a module."""
    context = scene.context
    for name, old, new in _changed(context.previous_providers, context.providers):
        yield Hit("", f"provider {name} goes from {old} to {new}", f"{old} → {new}", _of_version(old, new))
    for address, old, new in _changed(context.previous_modules, context.modules):
        title = f"{address} comes from another source"
        yield Hit(address, title, f"{old} → {new}", _of_version(old, new))


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            yield name, before[name], after[name]


def _of_version(old: str, new: str) -> Severity:
    """High for another major version, or another place altogether."""
    before, after = _VERSION.findall(old), _VERSION.findall(new)
    if before and after:
        return Severity.MEDIUM if before[-1] == after[-1] else Severity.HIGH
    return Severity.MEDIUM
