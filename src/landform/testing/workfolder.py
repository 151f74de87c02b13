"""Copies of a module in which a test may write: the module's own folder is never touched."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = ".terraform"
VALUES = "landform_test.auto.tfvars.json"
LOCK = ".terraform.lock.hcl"

_SKIPPED = shutil.ignore_patterns(
    DATA, "*.tfstate", "*.tfstate.*", "terraform.tfstate.d", "*.auto.tfvars", "*.auto.tfvars.json",
    "terraform.tfvars", "terraform.tfvars.json", "*.tftest.hcl", "*.tftest.json", "*.tfplan",
    ".git", ".venv", "node_modules", "__pycache__", ".pytest_cache", ".landform",
)  # fmt: skip
_OUTSIDE = re.compile(r'"(?:\$\{path\.(?:module|root)\}/)?(\.\.?/[^"$]*)')
_BACKEND = re.compile(r'^\s*(?:backend\s+"|cloud\s*\{)', re.MULTILINE)
_LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'


@dataclass(frozen=True, slots=True)
class Tree:
    """A module with everything it refers to by relative path: ``members`` lie below ``base``."""

    base: Path
    module: Path
    members: tuple[Path, ...]

    @property
    def inner(self) -> Path:
        """The module's place below ``base``."""
        return self.module.relative_to(self.base)


def find_tree(module: Path) -> Tree:
    """The module in ``module`` and what its files name by ``./`` and ``../``, and so on from there."""
    module = module.resolve()
    found: dict[Path, None] = {}
    waiting = [module]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found[path] = None
        if path.is_dir():
            waiting += _outside(path)
    members = [path for path in found if not any(other in path.parents for other in found)]
    base = Path(os.path.commonpath(members)) if len(members) > 1 else members[0]
    return Tree(base, module, tuple(sorted(members)))


def _outside(folder: Path) -> list[Path]:
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.tf")]
    paths = [(folder / name).resolve() for text in texts for name in _OUTSIDE.findall(text)]
    return [path for path in paths if path.exists() and path != folder and path not in folder.parents]


def fingerprint(tree: Tree, *more: object) -> str:
    """The same as long as no file of the tree changes; ``more`` is what else matters."""
    digest = hashlib.sha256("\0".join(map(str, more)).encode())
    for path in _files(tree):
        stat = path.stat()
        digest.update(f"{path}\0{stat.st_mtime_ns}\0{stat.st_size}\0".encode())
    return digest.hexdigest()[:16]


def _files(tree: Tree) -> list[Path]:
    found: list[Path] = []
    for member in tree.members:
        if member.is_file():
            found.append(member)
        for folder, folders, files in os.walk(member):
            skipped = _SKIPPED(folder, [*folders, *files])
            folders[:] = sorted(name for name in folders if name not in skipped)
            found += [Path(folder, name) for name in sorted(files) if name not in skipped]
    return [path for path in found if path.exists()]


def copy_tree(tree: Tree, target: Path) -> Path:
    """Copy everything of ``tree`` into the new folder ``target``; returns the module's folder there.

    A backend it declares becomes the local one: what a test makes is no business of a real state bucket.
    """
    target.mkdir(mode=0o700, parents=True)
    for member in tree.members:
        place = target / member.relative_to(tree.base)
        place.parent.mkdir(parents=True, exist_ok=True)
        if member.is_dir():
            shutil.copytree(member, place, ignore=_SKIPPED, dirs_exist_ok=True, ignore_dangling_symlinks=True)
        else:
            shutil.copy2(member, place)
    root = target / tree.inner
    if any(_BACKEND.search(path.read_text(errors="replace")) for path in root.glob("*.tf")):
        (root / "landform_test_override.tf").write_text(_LOCAL_BACKEND)
    return root


def copy_prepared(prepared: Path, target: Path) -> None:
    """Copy a copy, initialised as it is."""
    shutil.copytree(prepared, target, symlinks=True)


def write_values(root: Path, values: Mapping[str, Any]) -> None:
    """Give the root its variables, in a file of its own that nobody else may read."""
    write_private(root / VALUES, json.dumps(values))


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def fill_in(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: fill_in(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill_in(item, change) for item in value]
    return value
