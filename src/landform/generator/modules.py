"""Copies of the modules that come with landform, so that a project stays plain Terraform without it."""

from __future__ import annotations

from landform.generator.parts import GENERATED
from landform.generator.templates import HEADER
from landform.project import Project
from landform.project.module import Module, ModuleKind

_SKIPPED = frozenset({".terraform.lock.hcl"})


def vendored_modules(project: Project) -> dict[str, str]:
    """``{path: text}`` of ``generated/modules/<name>/`` for each built-in module the project calls."""
    used = {
        module.source: module for module in project.modules.values() if module.kind is ModuleKind.BUILT_IN
    }
    files: dict[str, str] = {}
    for name in sorted(used):
        files |= _copied(name, used[name])
    return files


def _copied(name: str, module: Module) -> dict[str, str]:
    folder = module.folder
    if folder is None:
        return {}
    files: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or path.name in _SKIPPED or relative.parts[0] in (".terraform", "tests"):
            continue
        text = path.read_text(encoding="utf-8")
        headed = f"{HEADER}\n\n{text}" if path.suffix == ".tf" else text
        files[f"{GENERATED}/modules/{name}/{relative.as_posix()}"] = headed
    return files
