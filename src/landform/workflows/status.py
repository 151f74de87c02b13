"""Stacks × environments: what is applied, which release, what a promotion would bring. Plans nothing."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from landform.planning.states import StackState
from landform.project import Project
from landform.workflows.environment_lock import held_lock
from landform.workflows.place import Place, PlaceOptions, open_place
from landform.workflows.ran import StackRan, last_runs, runs_backwards
from landform.workflows.records import Records, records_of, secret_key
from landform.workflows.release import Release
from landform.workflows.release_diff import ReleaseDiff, diff_releases
from landform.workflows.releasing import kept_release
from landform.workflows.seen_drift import SeenDrift, seen_drift
from landform.workflows.stack_digests import code_digests, value_digest
from landform.workflows.states import read_states


class Standing(StrEnum):
    """What ``status`` says of a stack in an environment."""

    NEVER = "never"
    APPLIED = "applied"
    CHANGED = "changed"
    FAILED = "failed"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class StackStatus:
    """One cell. ``resources`` is the number of managed objects; ``at`` is when the last run was about it.

    ``changed``: its code or values differ from what was applied. ``failed``: the last run did not end there.
    ``elsewhere``: there is a state, but no run is known, so only a plan tells whether anything changed.
    """

    environment: str
    stack: str
    standing: Standing
    resources: int = 0
    serial: int = 0
    at: str = ""
    release: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentStatus:
    """One environment. ``releases`` are the digests that its stacks run, ``since`` is RFC 3339.

    ``brings`` is what a promotion from ``promotes_from`` would bring, None where there is nothing to compare.
    """

    name: str
    releases: tuple[str, ...]
    since: str
    locked: str
    drift: SeenDrift
    promotes_from: str = ""
    brings: ReleaseDiff | None = None


@dataclass(frozen=True, slots=True)
class ProjectStatus:
    """Cells of the matrix, and a line for each environment."""

    stacks: tuple[StackStatus, ...]
    environments: tuple[EnvironmentStatus, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """What was read of one environment."""

    place: Place
    records: Records
    states: Mapping[str, StackState]
    ran: Mapping[str, StackRan]


def project_status(project: Project, environments: tuple[str, ...], options: PlaceOptions) -> ProjectStatus:
    """The status of every stack in each environment."""
    names = environments or tuple(project.environment_by_name)
    sources = {project.environment_by_name[name].promotes_from for name in names} - {None, *names}
    first = open_place(project, names[0], options)  # starts the sandbox, once
    every = [*names[1:], *sorted(filter(None, sources))]
    with ThreadPoolExecutor(max(len(every), 1)) as pool:
        places = [first, *pool.map(lambda name: open_place(project, name, options), every)]
        looks = dict(zip([names[0], *every], pool.map(_look, places), strict=True))
    code = code_digests(first)
    cells = tuple(_cell(looks[name], stack, code) for name in names for stack in project.order)
    return ProjectStatus(cells, tuple(_environment(looks, name) for name in names))


def _look(place: Place) -> _Look:
    records = records_of(place)
    ran = last_runs(runs_backwards(records), place.project.order)
    return _Look(place, records, read_states(place, place.project.order), ran)


def _cell(look: _Look, stack: str, code: Mapping[str, str]) -> StackStatus:
    state, ran = look.states[stack], look.ran.get(stack)
    standing = _standing(look, state, ran, code)
    at, release = (ran.ran.at, ran.ran.release) if ran else ("", "")
    if standing is Standing.NEVER:
        at = release = ""
    name = look.place.environment.name
    return StackStatus(name, stack, standing, state.managed_count, state.serial, at, release)


def _standing(look: _Look, state: StackState, ran: StackRan | None, code: Mapping[str, str]) -> Standing:
    if ran is not None and ran.failed:
        return Standing.FAILED
    if not state.managed_count:
        return Standing.NEVER
    if ran is None or ran.destroyed:
        return Standing.ELSEWHERE
    # What is promoted to an environment is not what lies in the working tree: only values can differ there.
    promoted = look.place.environment.promotes_from is not None
    same_code = promoted or ran.ran.code.get(state.stack) == code[state.stack]
    return Standing.APPLIED if same_code and _same_values(look, state.stack, ran) else Standing.CHANGED


def _same_values(look: _Look, stack: str, ran: StackRan) -> bool:
    key = secret_key(look.records)
    applied = ran.ran.values.get(stack, {})
    return all(value_digest(look.place, name, key) == digest for name, digest in applied.items())


def _environment(looks: Mapping[str, _Look], name: str) -> EnvironmentStatus:
    look = looks[name]
    source = look.place.environment.promotes_from or ""
    lock = held_lock(look.records)
    return EnvironmentStatus(
        name,
        releases_of(look.ran),
        min((each.ran.at for each in look.ran.values() if not each.destroyed), default=""),
        lock.shown if lock else "",
        seen_drift(look.records),
        source,
        _brings(looks[source], look) if source in looks else None,
    )


def releases_of(ran: Mapping[str, StackRan]) -> tuple[str, ...]:
    """The different releases that stacks run, those of failed runs included."""
    return tuple(
        dict.fromkeys(each.ran.release for each in ran.values() if each.ran.release and not each.destroyed)
    )


def _brings(source: _Look, target: _Look) -> ReleaseDiff | None:
    new, old = _only(source), _only(target)
    return diff_releases(old, new, source.place.project) if new else None


def _only(look: _Look) -> Release | None:
    found = releases_of(look.ran)
    return kept_release(look.records, found[0]) if len(found) == 1 else None
