"""Finds the locals of a module by its place in the composed root."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landform.planning.causes import LocalReferences
from landform.project import Project
from landform.project.module_locals import local_references


def locals_of(project: Project, document: Mapping[str, Any]) -> LocalReferences:
    """What a local refers to, by module path and name; nothing where the module was downloaded."""
    root = document.get("configuration", {}).get("root_module", {})

    def find(path: tuple[str, ...], name: str) -> tuple[str, ...]:
        folder = _folder(project, root, path)
        return local_references(folder).get(name, ()) if folder is not None else ()

    return find


def _folder(project: Project, root: Mapping[str, Any], path: tuple[str, ...]) -> Path | None:
    if not path or path[0] not in project.modules:
        return None
    folder = project.modules[path[0]].folder
    module = root.get("module_calls", {}).get(path[0], {}).get("module", {})
    for name in path[1:]:
        call = module.get("module_calls", {}).get(name, {})
        source = str(call.get("source", ""))
        if folder is None or not source.startswith(("./", "../")):
            return None
        folder, module = folder / source, call.get("module", {})
    return folder if folder is not None and folder.is_dir() else None
