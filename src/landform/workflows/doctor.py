"""Whether this machine has what landform needs."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from landform.aws import sandbox
from landform.engine import find_engine
from landform.engine.mirrors import find_mirrors
from landform.errors import LandformError, ProjectInvalid
from landform.generator import generated_files
from landform.generator.files import stale_files
from landform.project import load_project
from landform.project.loader import FILE_NAME


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``detail`` says what was found, and the way out where it is not right."""

    name: str
    ok: bool
    detail: str


def examine(folder: Path) -> list[Check]:
    """Every check, in the order a person would mend them."""
    return [check for look in (_python, _engine, _mirrors, _sandbox, _project) for check in look(folder)]


def _python(_: Path) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _engine(_: Path) -> Iterator[Check]:
    yield _tried("terraform", lambda: str(find_engine()))


def _mirrors(_: Path) -> Iterator[Check]:
    mirrors = find_mirrors(os.environ)
    found = ", ".join(f"{mirror.path} ({len(mirror.providers)} providers)" for mirror in mirrors)
    yield Check("providers", True, f"mirrored: {found}" if found else "from the registry; no mirror found")


def _sandbox(folder: Path) -> Iterator[Check]:
    if importlib.util.find_spec("moto") is None:
        yield Check("sandbox", False, "not installed; pip install 'landform[sandbox]'")
        return
    running = sandbox.status(folder.resolve())
    yield Check("sandbox", True, f"runs at {running.endpoint_url}" if running else "installed, not running")


def _project(folder: Path) -> Iterator[Check]:
    if not (folder / FILE_NAME).is_file():
        yield Check("project", True, f"none in {folder.resolve()}")
        return
    yield _tried("project", lambda: _described(folder))


def _described(folder: Path) -> str:
    project = load_project(folder)
    stale = stale_files(project.folder, generated_files(project))
    note = f"; {len(stale)} generated files are stale, run 'landform generate'" if stale else ""
    return (
        f"{project.name}: {len(project.order)} stacks, {len(project.environment_by_name)} environments{note}"
    )


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except ProjectInvalid as error:
        return Check(name, False, f"{error.what}; the first: {error.faults[0]}")
    except LandformError as error:
        return Check(name, False, f"{error.what}. {error.way_out}")
