"""An immutable copy of what Terraform runs: roots, modules, and whatever they may read beside them.

Plans and applies work in the copy, so that a file which changes meanwhile (a template, a script, a Lambda's
archive) changes nothing: Terraform reads such files again at apply. A copy is named after its content, and
looked at again each time it is used. What somebody edits in a copy while it is in use is not noticed: who can
do that can start Terraform as well.

Modules that Terraform downloads are not in it; their addresses and versions are.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import posixpath
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from filelock import FileLock

from landform.errors import LandformError
from landform.generator.parts import GENERATED
from landform.project import Project
from landform.project.module import COPY_LISTING as LISTING
from landform.project.module import ModuleKind
from landform.workflows.initialised import LOCK
from landform.workflows.place import WORK, Place, scratch_root
from landform.workflows.release import sources_digest

RELEASES = "releases"
_KEPT = 20
_TRIES = 3
_LOCAL_SOURCE = re.compile(r'^\s*source\s*=\s*"(\.\.?/[^"]*)"', re.MULTILINE)
_SKIPPED_FILES = (
    "README*", "CHANGELOG*", "CONTRIBUTING*", "LICENSE*", "*.pyc", "*.tfstate", "*.tfstate.*", "*.tfplan",
    "*.log", "*.bak", "*.orig", "*.sw?", "*~", ".env", ".env.*", ".DS_Store", LOCK, f"{LOCK}.*", LISTING,
)  # fmt: skip
_SKIPPED_FOLDERS = (".*", "__pycache__", "node_modules", "terraform.tfstate.d")
_VALUES = ("environments", f"{GENERATED}/environments")


@dataclass(frozen=True)
class Sources:
    """The files of a project that decide on what Terraform does, by their place below ``base``.

    ``base`` is the project's folder, or the folder above it that also holds modules from outside of it;
    ``project`` is where the project lies below it.
    """

    base: Path
    project: str
    files: tuple[str, ...]

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The sha256 of each file by its path from the project; what may be run counts as another file."""
        return {posixpath.relpath(name, self.project): _hash(self.base / name) for name in self.files}

    @property
    def digest(self) -> str:
        """One name for all of it."""
        return sources_digest(self.hashes)


def sources_of(project: Project) -> Sources:
    """The sources of a project, and of local modules outside of it: no values, no provider locks.

    Those of a copy are what was copied, and not what Terraform has written beside it since.
    """
    home = project.folder.resolve()
    for copy in (home, *home.parents):
        if (copy / LISTING).is_file():
            return Sources(copy, home.relative_to(copy).as_posix(), _listed(copy))
    folders = [home, *sorted(_outside(project, home))]
    base = Path(os.path.commonpath(folders))
    values = frozenset(home / name for name in _VALUES)
    found = {path.relative_to(base).as_posix() for folder in folders for path in _files(folder, values)}
    return Sources(base, home.relative_to(base).as_posix(), tuple(sorted(found)))


def _listed(copy: Path) -> tuple[str, ...]:
    return tuple(json.loads((copy / LISTING).read_text(encoding="utf-8")))


def _outside(project: Project, home: Path) -> set[Path]:
    """Folders of modules that are not below the project, and of those that they call by a path."""
    called = [
        module.folder.resolve()
        for module in project.modules.values()
        # The roots call a copy of what comes with landform, below ``generated/``.
        if module.folder is not None and module.kind is not ModuleKind.BUILT_IN
    ]
    found: set[Path] = set()
    while called:
        folder = called.pop()
        if folder not in found and not _is_below(folder, home) and folder.is_dir():
            found.add(folder)
            for file in folder.glob("*.tf"):
                texts = _LOCAL_SOURCE.findall(file.read_text(encoding="utf-8", errors="replace"))
                called += [(folder / text).resolve() for text in texts]
    return found


@contextmanager
def frozen(place: Place) -> Iterator[Place]:
    """The same place, whose project lies in a copy that nobody edits; its values are copied as well.

    States, data folders and records stay where they are.
    """
    with scratch_root(place.home) as private:
        copy = place if place.opened else _freeze(place)  # a release is a copy already
        yield replace(copy, copied_values=_copy_values(place, private))


def _copy_values(place: Place, folder: Path) -> tuple[Path, ...]:
    copies = []
    for number, path in enumerate(place.var_files):
        copy = folder / f"{number}-{path.name}"
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        copies.append(copy)
    return tuple(copies)


def _freeze(place: Place) -> Place:
    store = place.home / WORK / RELEASES
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(store / "landform.lock"):
        sources, copy = _copied(place.project, store)
        os.utime(copy)
        _prune(store, copy)
        folder = copy / sources.project
        _take_locks(place.home, folder)
    return replace(place, project=replace(place.project, folder=folder))


def _copied(project: Project, store: Path) -> tuple[Sources, Path]:
    """The sources, and a copy that holds exactly them. Raises LandformError where files keep changing."""
    for _ in range(_TRIES):
        sources = sources_of(project)
        copy = store / sources.digest[:16]
        if not copy.is_dir() or not _holds(copy, sources):
            _copy(sources, copy)
        if _holds(copy, sources):
            return sources, copy
    raise LandformError("the project's files change while they are copied", "Wait until they don't.")


def _holds(copy: Path, sources: Sources) -> bool:
    """Whether a copy holds these files with this content, and no other that Terraform reads unasked."""
    read = {path.relative_to(copy).as_posix() for path in source_files(copy) if ".tf" in path.name}
    try:
        same = _listed(copy) == sources.files
    except (OSError, ValueError):
        return False
    return same and read <= set(sources.files) and replace(sources, base=copy).hashes == sources.hashes


def lock_roots(folder: Path, lock: Path) -> None:
    """Have each root of a project in ``folder`` locked to the providers of one provider lock."""
    for root in (folder / GENERATED).iterdir() if lock.is_file() else ():
        if (root / "backend.tf").is_file():
            _replace(lock, root / LOCK)


def _take_locks(source: Path, target: Path) -> None:
    """Have the roots of ``target`` locked exactly as those of ``source`` are."""
    for root in (target / GENERATED).iterdir() if (target / GENERATED).is_dir() else ():
        lock, other = source / GENERATED / root.name / LOCK, root / LOCK
        if lock.is_file():
            _replace(lock, other)
        else:
            other.unlink(missing_ok=True)


def keep_lock(place: Place, stack: str) -> None:
    """Bring the provider lock that ``init`` wrote in the copy to the project's own root, to be committed."""
    lock, own = (root / GENERATED / stack / LOCK for root in (place.project.folder, place.home))
    if lock.is_file() and own.parent.is_dir() and not place.opened:
        _replace(lock, own)


def _replace(source: Path, target: Path) -> None:
    """Copy a file over another one that differs, whole at once: somebody may be reading it."""
    if target.exists() and target.read_bytes() == source.read_bytes():
        return
    new = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    shutil.copyfile(source, new)
    new.replace(target)


def _copy(sources: Sources, copy: Path) -> None:
    new = copy.with_name(f"new-{secrets.token_hex(4)}")
    for name in sources.files:
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # it went this moment: the copy is seen not to hold it
            shutil.copy(sources.base / name, target)
            target.chmod(target.stat().st_mode & ~0o222)
    new.mkdir(exist_ok=True)
    (new / LISTING).write_text(json.dumps(sources.files), encoding="utf-8")
    if copy.exists():
        copy.rename(copy.with_name(f"old-{secrets.token_hex(4)}"))
    new.rename(copy)


def _prune(store: Path, used: Path) -> None:
    """The oldest copies go; one that was used within a day may still be in use."""
    copies = sorted(
        (path for path in store.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
    )
    newest = used.stat().st_mtime
    unused = [path for path in copies[:-_KEPT] if newest - path.stat().st_mtime > 24 * 3600]
    for path in (*unused, *store.glob("new-*")):  # the lock is ours, so nobody makes a new one
        shutil.rmtree(path, ignore_errors=True)


def is_taken(name: str) -> bool:
    """Whether a copy takes a file of this name, which may be a path."""
    *folders, file = PurePosixPath(name).parts
    below = any(_is_skipped(folder, _SKIPPED_FOLDERS) for folder in folders)
    return not (below or _is_skipped(file, _SKIPPED_FILES))


def _is_skipped(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def source_files(folder: Path) -> Iterator[Path]:
    """The files of a folder that a copy takes: what Terraform may read, in a fixed order."""
    return _files(folder, frozenset())


def _files(folder: Path, values: frozenset[Path], above: tuple[Path, ...] = ()) -> Iterator[Path]:
    above = (*above, folder.resolve())
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        skipped = _SKIPPED_FOLDERS if entry.is_dir() else _SKIPPED_FILES
        if path in values or _is_skipped(entry.name, skipped):
            continue
        if entry.is_dir():
            if path.resolve() not in above:  # a link that leads back
                yield from _files(path, values, above)
        elif path.is_file():
            yield path


def _is_below(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _hash(path: Path) -> str:
    """The content's sha256; with an ``x`` where its owner may run it, empty where there is none."""
    try:
        with path.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
            return content + ("x" if os.fstat(stream.fileno()).st_mode & 0o100 else "")
    except FileNotFoundError:
        return ""
