"""Which providers and modules an environment was applied with last, and which it would be now."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from landform.errors import RecordsUnreadable
from landform.workflows.initialised import LOCK
from landform.workflows.place import WORK, Place
from landform.workflows.records import Records

_FOLDER = "versions"
_LOCKED = re.compile(r'^provider "([^"]+)" \{\s*version\s*=\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Versions:
    """``providers`` maps source addresses to locked versions, ``modules`` each module call to its source."""

    providers: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)


def versions_now(place: Place) -> Versions:
    """What the provider locks and the project say. Locks of stacks that differ count as the last one."""
    composed = place.home / WORK / "data" / place.environment.name / "composed" / LOCK
    locks = [place.home / "generated" / name / LOCK for name in place.project.order]
    providers: dict[str, str] = {}
    for path in (composed, *locks):
        if path.is_file():
            providers |= dict(_LOCKED.findall(path.read_text(encoding="utf-8")))
    modules = {
        f"module.{name}": f"{stack.module} {stack.version or ''}".strip()
        for name, stack in place.project.stack_by_name.items()
    }
    return Versions(providers, modules)


def keep_versions(place: Place, records: Records, run: str) -> None:
    """Keep them as those of a run. Where that can't be done, later reviews say less."""
    with suppress(RecordsUnreadable):
        records.put(f"{_FOLDER}/{run}.json", json.dumps(asdict(versions_now(place))).encode())


def last_versions(records: Records) -> Versions:
    """Those of the last run; empty where there is none, or it can't be read."""
    with suppress(RecordsUnreadable, ValueError, TypeError):
        names = records.names(f"{_FOLDER}/")
        content = records.get(names[-1]) if names else None
        if content:
            return Versions(**json.loads(content))
    return Versions()
