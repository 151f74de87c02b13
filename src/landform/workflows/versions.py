"""Which providers and modules an environment was applied with last, and which it would be now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landform.workflows.initialised import LOCK
from landform.workflows.place import Place
from landform.workflows.ran import last_run
from landform.workflows.records import Records

_LOCKED = re.compile(r'^provider "([^"]+)" \{\s*version\s*=\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Versions:
    """``providers`` maps source addresses to locked versions, ``modules`` each module call to its source."""

    providers: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)


def locked_providers(lock: Path) -> dict[str, str]:
    """Source addresses and versions of a provider lock; none where there is no file."""
    return dict(_LOCKED.findall(lock.read_text(encoding="utf-8"))) if lock.is_file() else {}


def versions_now(place: Place) -> Versions:
    """What the provider locks and the project say. Locks of stacks that differ count as the last one."""
    providers: dict[str, str] = {}
    roots = [place.project.folder / "generated" / name / LOCK for name in place.project.order]
    for path in (place.composed_data / LOCK, *roots):
        providers |= locked_providers(path)
    modules = {
        f"module.{name}": f"{stack.module} {stack.version or ''}".strip()
        for name, stack in place.project.stack_by_name.items()
    }
    return Versions(providers, modules)


def last_versions(records: Records) -> Versions:
    """Those of the last run; empty where there is none, or it can't be read."""
    ran = last_run(records)
    return Versions(ran.providers, ran.modules) if ran else Versions()
