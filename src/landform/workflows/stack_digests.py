"""Names for everything that decides on a stack, so that ``status`` tells "changed" without a plan."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping

from landform.generator import generated_files
from landform.generator.parts import GENERATED, used_variables
from landform.generator.roots import environment_object
from landform.project import Environment, Project
from landform.project.module import ModuleKind
from landform.workflows.frozen import is_taken, sources_of
from landform.workflows.place import Place

_FACTS = "environment.yaml"


def code_digests(place: Place) -> Mapping[str, str]:
    """The digest of each stack's root and module, by stack."""
    hashes = dict(sources_of(place.project).hashes)
    if place.project.folder == place.home:
        hashes |= _as_generated(place.project)
    return {stack: _digest_of(place.project, stack, hashes) for stack in place.project.order}


def value_digests(place: Place, stack: str, key: bytes) -> Mapping[str, str]:
    """The digest of each value that a stack reads, hidden by ``key``; the environment's facts are one."""
    names = [each.name for each in used_variables(place.project, [place.project.stack_by_name[stack]])]
    return {name: value_digest(place, name, key) for name in (*names, _FACTS)}


def value_digest(place: Place, name: str, key: bytes) -> str:
    """The digest of one value as it is now; of the environment's facts under the name of their file."""
    value = _facts(place.project, place.environment) if name == _FACTS else _value(place, name)
    content = json.dumps(value, sort_keys=True, default=str).encode()
    return hashlib.blake2b(content, key=key, digest_size=16).hexdigest()


def _value(place: Place, name: str) -> object:
    return place.environment.values.get(name, place.env.get(f"TF_VAR_{name}"))


def _facts(project: Project, environment: Environment) -> object:
    return environment_object(project, environment)


def _as_generated(project: Project) -> dict[str, str]:
    """The generated files that a copy takes, as they would be now: those that lie there may be stale."""
    files = {path: text for path, text in generated_files(project).items() if is_taken(path)}
    return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in files.items()}


def _digest_of(project: Project, stack: str, hashes: Mapping[str, str]) -> str:
    folders = (f"{GENERATED}/{stack}/", f"{module_folder(project, stack)}/")
    found = {name: value for name, value in hashes.items() if name.startswith(folders)}
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def module_folder(project: Project, stack: str) -> str:
    """The folder of a stack's module from the project's; a name no file has where it is downloaded."""
    module = project.modules[stack]
    if module.kind is ModuleKind.BUILT_IN:
        return f"{GENERATED}/modules/{module.source}"
    return os.path.relpath(module.folder, project.folder.resolve()) if module.folder else "\0"
