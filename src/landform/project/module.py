"""Where a stack's module comes from, and what its own HCL says of its variables and outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from landform.errors import Fault, Location
from landform.project.types import ANY, Type, parse_type

_LOCAL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_REGISTRY = re.compile(r"(?:[a-z0-9.-]+\.[a-z]{2,}/)?[\w-]+/[\w-]+/[\w-]+(?://[\w./-]+)?\Z")


COPY_LISTING = ".landform-sources.json"
"""The file that makes a folder a copy of a project: it lists what was copied."""


class ModuleKind(StrEnum):
    """Where Terraform finds a module."""

    PROJECT = "project"
    BUILT_IN = "built in"
    PATH = "path"
    REGISTRY = "registry"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class ModuleVariable:
    """One ``variable`` block of a module."""

    name: str
    type: Type = ANY
    description: str = ""
    required: bool = True
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class ModuleOutput:
    """One ``output`` block of a module."""

    name: str
    description: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """A module a stack calls. ``folder`` is None where Terraform downloads it: nothing is known of it yet."""

    kind: ModuleKind
    source: str
    version: str | None = None
    folder: Path | None = None
    variables: Mapping[str, ModuleVariable] = field(default_factory=dict)
    outputs: Mapping[str, ModuleOutput] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    exists: bool = True

    @property
    def is_known(self) -> bool:
        """Whether its variables and outputs could be read from its own files."""
        return self.folder is not None and self.exists and not self.faults


def built_in_folder() -> Path:
    """The modules that come with landform: inside the wheel, or beside ``src/`` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_modules"
    return shipped if shipped.is_dir() else package.parents[1] / "modules"


def built_in_names() -> list[str]:
    """Names of the modules that come with landform."""
    folder = built_in_folder()
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def available_names(project_folder: Path) -> list[str]:
    """Names a stack's ``module`` may give: the project's own modules, and those that come with landform."""
    own = project_folder / "modules"
    return sorted({*built_in_names(), *(path.name for path in own.glob("*") if path.is_dir())})


def resolve_module(source: str, version: str | None, project_folder: Path) -> Module:
    """Find a module by the name, path, registry address or URL a stack gives.

    A bare name is the project's own ``modules/<name>`` first, then the one that comes with landform.
    """
    if source.startswith(("./", "../")):
        return _read_local(ModuleKind.PATH, source, (project_folder / source).resolve())
    if _LOCAL_NAME.match(source):
        own = project_folder / "modules" / source
        if own.is_dir():
            return _read_local(ModuleKind.PROJECT, source, own)
        return _read_local(ModuleKind.BUILT_IN, source, _built_in(source, project_folder))
    kind = ModuleKind.REGISTRY if _REGISTRY.match(source) else ModuleKind.REMOTE
    return Module(kind, source, version)


def _built_in(name: str, project_folder: Path) -> Path:
    """Of a copy what it holds, which an earlier landform may have written; else what comes with this one."""
    kept = project_folder / "generated" / "modules" / name
    is_copy = any((folder / COPY_LISTING).is_file() for folder in (project_folder, *project_folder.parents))
    return kept if is_copy and kept.is_dir() else built_in_folder() / name


def _read_local(kind: ModuleKind, source: str, folder: Path) -> Module:
    files = tuple(sorted(folder.glob("*.tf"))) if folder.is_dir() else ()
    if not files:
        return Module(kind, source, folder=folder, exists=False)
    stamp = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    variables, outputs, faults = _read_files(stamp)
    return Module(kind, source, None, folder, variables, outputs, faults)


@lru_cache(maxsize=512)
def _read_files(
    stamp: tuple[tuple[Path, int, int], ...],
) -> tuple[Mapping[str, ModuleVariable], Mapping[str, ModuleOutput], tuple[Fault, ...]]:
    variables: dict[str, ModuleVariable] = {}
    outputs: dict[str, ModuleOutput] = {}
    faults: list[Fault] = []
    for path, _, _ in stamp:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(Location(str(path)), f"can't be read: {error}."))
            continue
        if not re.search(r"^\s*(variable|output)\b", text, re.MULTILINE):
            continue
        blocks = _parse_hcl(path, text, faults)
        variables |= {name: _variable(name, block) for name, block in blocks.get("variable", {}).items()}
        outputs |= {name: _output(name, block) for name, block in blocks.get("output", {}).items()}
    return variables, outputs, tuple(faults)


def _parse_hcl(path: Path, text: str, faults: list[Fault]) -> dict[str, dict[str, dict[str, object]]]:
    import pygohcl

    try:
        parsed: dict[str, dict[str, dict[str, object]]] = pygohcl.loads(text)
    except pygohcl.HCLParseError as error:
        faults.append(hcl_fault(path, error))
        return {}
    return parsed


def hcl_fault(path: Path, error: Exception) -> Fault:
    """The first thing pygohcl found wrong, at its line of ``path``."""
    text = str(error).removeprefix("invalid HCL: ")
    found = re.match(r"[^:]+:(\d+),\d+(?:-[\d,]+)?: (.*?)(?:, [^\s,]+\.hcl:|\Z)", text, re.DOTALL)
    line, reason = (int(found.group(1)), found.group(2)) if found else (0, text)
    return Fault(Location(str(path), line), f"not valid HCL: {reason.rstrip('.')}.")


def _variable(name: str, block: dict[str, object]) -> ModuleVariable:
    try:
        kind = parse_type(str(block["type"])) if "type" in block else ANY
    except ValueError:
        kind = ANY
    return ModuleVariable(
        name, kind, str(block.get("description") or ""), "default" not in block, bool(block.get("sensitive"))
    )


def _output(name: str, block: dict[str, object]) -> ModuleOutput:
    return ModuleOutput(name, str(block.get("description") or ""), bool(block.get("sensitive")))
