"""Everything that an approval binds, part by part, so that what has moved since can be named.

No part gives a value away: plans and values are keyed hashes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

SCHEMA = 1
APPLY, DESTROY, DISARM = "apply", "destroy", "disarm"
FROM_STATE = "destroy --from-state"
"""What a plan is for. To disarm is to lift protections before a destroy."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one environment plan was made of.

    ``sources`` and ``values`` map each file (relative to the project) to its hash, ``values`` with a key;
    ``states`` maps each stack to ``lineage/serial``; ``plan`` is the hash of all planned changes. Rules,
    policies and exemptions are files, and among those. ``targets`` are the only objects that were planned.
    """

    project: str
    environment: str
    operation: str
    where: str
    plan: str
    engine: str
    stacks: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    locks: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The name of the plan that people approve: sha256 of the canonical JSON of all parts."""
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The manifest as JSON data."""
        found = {"schema": SCHEMA} | asdict(self) | {"stacks": list(self.stacks)}
        targets = found.pop("targets")
        return found | {"targets": list(targets)} if targets else found  # so that older digests still hold

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Manifest:
        """The manifest again. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
        if raw["schema"] != SCHEMA:
            raise ValueError(f"schema {raw['schema']}, not {SCHEMA}")
        known = {each.name: raw[each.name] for each in fields(cls) if each.name != "targets"}
        return cls(**known | {"stacks": tuple(known["stacks"]), "targets": tuple(raw.get("targets", ()))})

    def differences(self, now: Manifest) -> tuple[str, ...]:
        """What has moved between this manifest and a later one, one sentence a part; the plan comes last."""
        found = [
            f"{name} was {old or 'none'}, is {new or 'none'}"
            for name in ("project", "environment", "operation", "where", "engine")
            if (old := getattr(self, name)) != (new := getattr(now, name))
        ]
        if self.stacks != now.stacks:
            found.append(f"the chosen stacks were {_listed(self.stacks)}, are {_listed(now.stacks)}")
        if self.targets != now.targets:
            found.append(f"the only objects were {_listed(self.targets)}, are {_listed(now.targets)}")
        found += _moved("", self.sources, now.sources)
        found += _moved("provider lock ", self.locks, now.locks)
        found += _moved("", self.values, now.values)
        found += [
            f"the state of {stack} was {_state(self.states.get(stack))}, is {_state(now.states.get(stack))}"
            for stack in sorted({*self.states, *now.states})
            if self.states.get(stack) != now.states.get(stack)
        ]
        if self.plan != now.plan:
            found.append("what Terraform plans to do is no longer the same")
        return tuple(found)


def _moved(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    found = []
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            what = "is new" if path not in old else "is gone" if path not in new else "has changed"
            found.append(f"{kind}{path} {what}")
    return found


def _state(shown: str | None) -> str:
    lineage, _, serial = (shown or "").rpartition("/")
    return f"serial {serial} of {lineage[:8]}" if lineage else "none"


def _listed(stacks: tuple[str, ...]) -> str:
    return ", ".join(stacks) or "all"
