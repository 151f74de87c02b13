"""Modules that Terraform has downloaded: read from a data folder, and laid into another one.

``terraform init`` leaves a module alone that ``modules/modules.json`` of its data folder lists with the same
source and a version that fits. So what a release holds is used again, and nothing is downloaded anew, even
where a branch or the newest version has moved on meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from landform.generator.files import write_text

_FOLDER = "modules"
_LISTING = "modules.json"
_SKIPPED = (".git", ".hg", ".svn")


@dataclass(frozen=True, slots=True)
class DownloadedModule:
    """One call of a downloaded module, or of one inside of it.

    ``key`` is its path of module calls with dots, ``folder`` its place below the data folder's ``modules/``,
    ``digest`` the sha256 of its files where it was downloaded itself.
    """

    key: str
    source: str
    folder: str
    version: str = ""
    digest: str = ""

    @property
    def stack(self) -> str:
        """The stack that calls it, itself or further down."""
        return self.key.partition(".")[0]

    @property
    def tree(self) -> str:
        """The folder below ``modules/`` that was downloaded, in which it lies."""
        return self.folder.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Downloads:
    """Downloaded modules on this machine: ``folder`` holds their trees."""

    modules: tuple[DownloadedModule, ...]
    folder: Path

    @property
    def digest(self) -> str:
        """One name for all of them."""
        return hashlib.sha256(json.dumps(module_documents(self.modules)).encode()).hexdigest()


def downloaded_modules(data_dir: Path) -> tuple[DownloadedModule, ...]:
    """What ``init`` has downloaded into a data folder, by key."""
    home = data_dir.resolve() / _FOLDER
    try:
        listed: Sequence[Mapping[str, Any]] = json.loads((home / _LISTING).read_bytes())["Modules"]
    except (FileNotFoundError, ValueError, KeyError):
        return ()
    found = []
    for each in sorted(listed, key=lambda one: str(one.get("Key"))):
        folder = Path(os.path.normpath(home.parent / str(each["Dir"])))
        if each.get("Key") and home in folder.parents:
            found.append(_module(each, folder, home))
    return tuple(found)


def _module(listed: Mapping[str, Any], folder: Path, home: Path) -> DownloadedModule:
    source, relative = str(listed.get("Source", "")), folder.relative_to(home).as_posix()
    own = not source.startswith(("./", "../"))
    digest = tree_digest(home / relative.partition("/")[0]) if own else ""
    return DownloadedModule(str(listed["Key"]), source, relative, str(listed.get("Version") or ""), digest)


def tree_digest(folder: Path) -> str:
    """The sha256 of a downloaded module's files: their names, whether they may run, their content."""
    digest = hashlib.sha256()
    for path in module_files(folder):
        runs = "x" if path.stat().st_mode & 0o100 else ""
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\0{runs}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def module_files(folder: Path) -> Iterator[Path]:
    """The files of a downloaded module in a fixed order; those of a version control system are left out."""
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        if entry.name in _SKIPPED:
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from module_files(entry)
        elif entry.is_file():
            yield entry


def trees(modules: Sequence[DownloadedModule]) -> tuple[str, ...]:
    """The folders below ``modules/`` that hold them."""
    return tuple(sorted({each.tree for each in modules}))


def lay_out(downloads: Downloads, data_dir: Path) -> None:
    """Put downloaded modules into a data folder before ``init``."""
    home = data_dir.resolve() / _FOLDER
    shutil.rmtree(home, ignore_errors=True)
    for tree in trees(downloads.modules):
        shutil.copytree(downloads.folder / tree, home / tree, ignore=shutil.ignore_patterns(*_SKIPPED))
    listed = [{"Key": "", "Source": "", "Dir": "."}, *(_listed(each, home) for each in downloads.modules)]
    write_text(home / _LISTING, json.dumps({"Modules": listed}))


def _listed(module: DownloadedModule, home: Path) -> dict[str, str]:
    known = {"Key": module.key, "Source": module.source, "Dir": str(home / module.folder)}
    return known | ({"Version": module.version} if module.version else {})


def module_documents(modules: Sequence[DownloadedModule]) -> list[dict[str, str]]:
    """Modules as JSON data."""
    return [asdict(each) for each in modules]
