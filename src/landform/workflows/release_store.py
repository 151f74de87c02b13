"""Releases beside the states of an environment: kept once, found by the start of their digest, unpacked.

A release is two records: its manifest, which its digest names, and an archive of everything in it. What is
unpacked is held against the manifest file by file, so an archive that somebody changed is of no use.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from landform.errors import Refused
from landform.workflows.frozen import RELEASES, Sources
from landform.workflows.place import WORK
from landform.workflows.records import Records
from landform.workflows.release import Release, parse_release
from landform.workflows.release_archive import Unpacked, is_whole, packed, parts_of, texts, write_archive

_FOLDER = "releases"
_PLANNED = "planned"
_SHORTEST = 6


def keep_release(
    records: Records, release: Release, sources: Sources, modules: Path, lock: Path | None
) -> None:
    """Keep a release beside the states, unless it is there. Raises RecordsUnreadable.

    ``modules`` holds the downloaded trees, ``lock`` is the provider lock.
    """
    if records.get(f"{_FOLDER}/{release.digest}.json") is not None:
        return
    archive = packed(release, sources, modules, lock)
    # The manifest comes last: where it is, the archive is.
    records.put(f"{_FOLDER}/{release.digest}.tar.gz", archive)
    records.put(f"{_FOLDER}/{release.digest}.json", release.content)


def copy_release(source: Records, target: Records, release: Release) -> None:
    """Bring a release from one environment's records to another's, as it is."""
    for suffix in ("tar.gz", "json"):
        name = f"{_FOLDER}/{release.digest}.{suffix}"
        content = source.get(name)
        if content is None:
            raise Refused(f"the release {release.short} is not whole: {name} is missing beside the states")
        target.put(name, content)


def release_digests(records: Records) -> tuple[str, ...]:
    """The digests of all releases that are kept."""
    names = records.names(f"{_FOLDER}/")
    return tuple(
        name.removeprefix(f"{_FOLDER}/").removesuffix(".json") for name in names if name.endswith(".json")
    )


def find_release(records: Records, start: str) -> Release:
    """The release whose digest begins so. Raises Refused for none, for several, and for a changed one."""
    found = [each for each in release_digests(records) if len(start) >= _SHORTEST and each.startswith(start)]
    if len(found) != 1:
        what = (
            f"{len(found)} releases begin with {start!r}" if found else f"no release {start!r} is kept here"
        )
        raise Refused(what, "landform release list ENV shows them; give six characters or more.")
    return read_release(records, found[0])


def read_release(records: Records, digest: str) -> Release:
    """The release of this digest. Raises Refused where it was changed, or is not there."""
    content = records.get(f"{_FOLDER}/{digest}.json")
    if content is None:
        raise Refused(f"the release {digest[:12]} is not kept here")
    if hashlib.sha256(content).hexdigest() != digest:
        raise _changed(digest)
    try:
        return parse_release(json.loads(content))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"the release {digest[:12]} was made by another landform: {error}") from error


def note_planned(records: Records, plan: str, release: Release) -> None:
    """Note that a plan is one of a kept release, so that whoever applies it opens that again."""
    records.put(f"{_PLANNED}/{plan}", release.digest.encode())


def planned_release(records: Records, plan: str) -> str:
    """The digest of the release that a plan is one of; empty for a plan of a working tree."""
    return (records.get(f"{_PLANNED}/{plan}") or b"").decode()


def unpack(home: Path, records: Records, release: Release) -> Unpacked:
    """The release in a folder of the project's, whole and unchanged. Raises Refused."""
    store = home / WORK / RELEASES
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(store / "landform.lock"):
        folder = store / release.digest[:16]
        if not is_whole(folder, release):
            write_archive(_archive(records, release), folder)
            if not is_whole(folder, release):
                shutil.rmtree(folder, ignore_errors=True)
                raise _changed(release.digest)
        os.utime(folder)
    return parts_of(folder, release)


def texts_of(records: Records, release: Release) -> Mapping[str, bytes]:
    """The sources of a release, by their names in its manifest. Raises Refused where it has no archive."""
    return texts(_archive(records, release), release)


def _archive(records: Records, release: Release) -> bytes:
    content = records.get(f"{_FOLDER}/{release.digest}.tar.gz")
    if content is None:
        raise Refused(f"the release {release.short} has no archive beside the states")
    return content


def _changed(digest: str) -> Refused:
    return Refused(
        f"the release {digest[:12]} is not what was kept",
        "Find out who changed it beside the states; a versioned bucket keeps the earlier one.",
    )
