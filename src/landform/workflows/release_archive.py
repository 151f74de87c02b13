"""The archive of a release: the same bytes each time, and held against its manifest when it is unpacked."""

from __future__ import annotations

import gzip
import io
import json
import posixpath
import secrets
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from landform.errors import LandformError
from landform.project.module import COPY_LISTING as LISTING
from landform.workflows.downloaded import module_files, tree_digest, trees
from landform.workflows.frozen import Sources, source_files
from landform.workflows.release import Release

_PARTS = ".landform-release"
_SOURCES, _MODULES, _LOCK = "sources", "modules", "lock.hcl"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A release on this machine: ``folder`` holds its project, ``modules`` the trees that were downloaded."""

    folder: Path
    modules: Path
    lock: Path


def parts_of(folder: Path, release: Release) -> Unpacked:
    """What lies where in a folder that holds a release."""
    parts = folder / _PARTS
    return Unpacked(folder / _project(release), parts / _MODULES, parts / _LOCK)


def _project(release: Release) -> str:
    """Where the project lies in the archive, deep enough for what lies above it: see ``Sources.base``."""
    above = max((_above(name) for name in release.sources), default=0)
    return "/".join(["project"] * above) or "."


def _above(name: str) -> int:
    return sum(part == ".." for part in name.split("/"))


def _in_base(release: Release, name: str) -> str:
    return posixpath.normpath(posixpath.join(_project(release), name))


def packed(release: Release, sources: Sources, modules: Path, lock: Path | None) -> bytes:
    """An archive that is the same bytes for the same release."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(release.sources):
            path = sources.base / posixpath.normpath(posixpath.join(sources.project, name))
            _add(archive, f"{_SOURCES}/{_in_base(release, name)}", path)
        for tree in trees(release.modules):
            for path in module_files(modules / tree):
                _add(archive, f"{_MODULES}/{path.relative_to(modules).as_posix()}", path)
        if lock is not None and lock.is_file():
            _add(archive, _LOCK, lock)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, path: Path) -> None:
    content = path.read_bytes()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o755 if path.stat().st_mode & 0o100 else 0o644
    archive.addfile(entry, io.BytesIO(content))


def texts(content: bytes, release: Release) -> Mapping[str, bytes]:
    """The sources of a release, by their names in its manifest. Raises LandformError."""
    found = {entry.name: data for entry, data in _entries(content)}
    return {name: found.get(f"{_SOURCES}/{_in_base(release, name)}", b"") for name in release.sources}


def _entries(content: bytes) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """The files of an archive; links, devices and names that lead out of it are left out."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            for entry in archive:
                stream = archive.extractfile(entry) if entry.isreg() else None
                parts = entry.name.split("/")
                if stream is not None and ".." not in parts and not entry.name.startswith("/"):
                    yield entry, stream.read()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise LandformError(f"the archive of a release can't be read: {error}") from error


def write_archive(content: bytes, folder: Path) -> None:
    """Unpack an archive into a folder, in place of what is there. Raises LandformError."""
    new = folder.with_name(f"new-{secrets.token_hex(4)}")
    names = []
    for entry, data in _entries(content):
        kind, _, rest = entry.name.partition("/")
        target = new / rest if kind == _SOURCES else new / _PARTS / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(0o555 if entry.mode & 0o100 else 0o444)
        names += [rest] if kind == _SOURCES else []
    new.mkdir(exist_ok=True)
    (new / LISTING).write_text(json.dumps(sorted(names)), encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    new.rename(folder)


def is_whole(folder: Path, release: Release) -> bool:
    """Whether a folder holds what the manifest says, and nothing else that Terraform reads unasked."""
    try:
        names = tuple(json.loads((folder / LISTING).read_text(encoding="utf-8")))
        hashes = Sources(folder, _project(release), names).hashes
    except (OSError, ValueError):
        return False
    read = {path.relative_to(folder).as_posix() for path in source_files(folder) if ".tf" in path.name}
    modules = folder / _PARTS / _MODULES
    return (
        dict(hashes) == dict(release.sources)
        and read <= set(names)
        and all(tree_digest(modules / each.tree) == each.digest for each in release.modules if each.digest)
    )
