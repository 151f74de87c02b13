"""The releases of an environment, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from landform.errors import Refused
from landform.workflows.place import Place
from landform.workflows.ran import Ran, current_release, runs_backwards
from landform.workflows.records import Records, records_of
from landform.workflows.release import Release
from landform.workflows.release_diff import ReleaseDiff, diff_releases, text_diff
from landform.workflows.release_store import find_release, release_digests, texts_of


@dataclass(frozen=True, slots=True)
class ReleaseUse:
    """A kept release and the runs that were about it, the newest first; ``current``: the newest of all is."""

    digest: str
    runs: tuple[Ran, ...] = ()
    current: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """Two releases of one environment. ``lines`` are a diff of their files, made when they are asked for."""

    diff: ReleaseDiff
    lines: Iterator[str]


def releases(place: Place) -> tuple[ReleaseUse, ...]:
    """Every release that is kept, what ran last first."""
    records = records_of(place)
    by_digest: dict[str, list[Ran]] = {}
    for ran in runs_backwards(records):
        if ran.applied_release:
            by_digest.setdefault(ran.release, []).append(ran)
    kept = release_digests(records)
    order = [digest for digest in by_digest if digest in kept]
    order += [digest for digest in kept if digest not in by_digest]
    newest = next(iter(by_digest), "")
    return tuple(ReleaseUse(each, tuple(by_digest.get(each, ())), each == newest) for each in order)


def one_release(place: Place, start: str) -> tuple[Release, Mapping[str, bytes]]:
    """A release and the content of its files; the current one where ``start`` is empty. Raises Refused."""
    records = records_of(place)
    release = find_release(records, start or _newest(place, records))
    return release, texts_of(records, release)


def compare(place: Place, old: str, new: str) -> Compared:
    """Two kept releases; ``new`` empty means the current one. Raises Refused."""
    records = records_of(place)
    was, is_ = find_release(records, old), find_release(records, new or _newest(place, records))
    diff = diff_releases(was, is_, place.project)
    return Compared(diff, _lines(records, diff, was, is_))


def _lines(records: Records, diff: ReleaseDiff, old: Release, new: Release) -> Iterator[str]:
    yield from text_diff(diff.files, texts_of(records, old), texts_of(records, new))


def _newest(place: Place, records: Records) -> str:
    current = current_release(records)
    if current not in release_digests(records):
        raise Refused(f"{place.environment.name} runs no release that is kept")
    return current
