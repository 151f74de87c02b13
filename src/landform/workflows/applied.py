"""Remembers what was applied of each stack, so that ``status`` tells "changed" without a plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landform.generator import generated_files
from landform.generator.files import write_text
from landform.generator.parts import GENERATED, used_variables
from landform.generator.roots import environment_object
from landform.workflows.frozen import source_files
from landform.workflows.journal import now
from landform.workflows.place import Place
from landform.workflows.plan import Planned


def record_applied(place: Place, stack: str, run_id: str, *, destroyed: bool) -> None:
    """Note that a stack is now as its configuration and values say (or gone)."""
    path = _path(place, stack)
    if destroyed:
        path.unlink(missing_ok=True)
        return
    entry = {"digest": stack_digest(place, stack), "at": now(), "run": run_id}
    write_text(path, json.dumps(entry), mode=0o600)


def record_unchanged(place: Place, planned: Planned) -> None:
    """Note the stacks in which a whole plan found nothing to do: they are applied, whoever applied them."""
    if planned.plan.destroy:
        return
    for stack in planned.plan.stacks:
        if not stack.has_changes and planned.states[stack.stack].managed_count:
            record_applied(place, stack.stack, "", destroyed=False)


def applied_record(place: Place, stack: str) -> dict[str, Any] | None:
    """What was noted of a stack, or None: never applied, or by someone else."""
    try:
        found: dict[str, Any] = json.loads(_path(place, stack).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found


def stack_digest(place: Place, stack: str, generated: Mapping[str, str] | None = None) -> str:
    """A hash of everything that decides on a stack: its root, its module, its values.

    ``generated`` are the project's generated files, where the caller has them already.
    """
    project, environment = place.project, place.environment
    digest = hashlib.sha256()
    files = generated_files(project) if generated is None else generated
    for path, text in files.items():
        if path.startswith(f"{GENERATED}/{stack}/"):
            digest.update(f"{path}\0{text}\0".encode())
    module = project.modules[stack]
    for file in source_files(module.folder) if module.folder else ():
        digest.update(file.relative_to(module.folder or file).as_posix().encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    names = [variable.name for variable in used_variables(project, [project.stack_by_name[stack]])]
    values = {name: environment.values.get(name, place.env.get(f"TF_VAR_{name}")) for name in names}
    facts = environment_object(project, environment)
    digest.update(json.dumps([values, facts], sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _path(place: Place, stack: str) -> Path:
    return place.work / "applied" / place.environment.name / f"{stack}.json"
