"""Makes a release of what was planned, and opens one again in place of the working tree."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from landform.errors import Refused
from landform.generator import compose
from landform.project import BackendKind, Project
from landform.project.loader import load_released
from landform.project.state_keys import state_store, workspace_key_prefix
from landform.workflows.downloaded import Downloads, downloaded_modules
from landform.workflows.frozen import lock_roots, sources_of
from landform.workflows.initialised import LOCK, ensure_init
from landform.workflows.place import Place, scratch_root, with_project
from landform.workflows.plan import Planned
from landform.workflows.ran import current_release
from landform.workflows.records import Records, records_of
from landform.workflows.release import Release
from landform.workflows.release_store import find_release, keep_release, read_release, unpack
from landform.workflows.versions import locked_providers


def freeze_release(place: Place, records: Records, planned: Planned) -> Place:
    """Keep what was planned as a release beside the states; the place that runs exactly it.

    Raises Refused where ``place`` is of a release already and what Terraform would use differs from it.
    """
    data = place.composed_data if _is_whole(place, planned) else _initialised_whole(place)
    sources = sources_of(place.project)
    release = Release(
        place.project.name, dict(sources.hashes), locked_providers(data / LOCK), downloaded_modules(data)
    )
    if place.release is not None:
        if release.digest != place.release.digest:
            raise Refused(
                f"Terraform would not run the release {place.release.short} but {release.short}: "
                f"{_what_moved(place.release, release)}"
            )
        return place
    keep_release(records, release, sources, data / "modules", data / LOCK)
    return _with_downloads(replace(place, release=release), records, release)


def open_release(place: Place, records: Records, release: Release) -> tuple[Place, tuple[str, ...]]:
    """The place with a release in place of the working tree, and the values it does not read.

    Raises ProjectInvalid where the environment lacks a value that the release needs, and Refused where the
    release is not whole, or keeps states in another place than the project does now.
    """
    found = unpack(place.home, records, release)
    project, unread = load_released(found.folder, place.home, place.environment.name)
    _check_backend(place.project, project, place.environment.name)
    lock_roots(found.folder, found.lock)
    opened = with_project(replace(place, release=release, opened=True), project)
    return _with_downloads(opened, records, release), tuple(str(fault) for fault in unread)


def open_named_release(place: Place, start: str) -> Place:
    """The place with the kept release whose digest begins so. Raises as ``open_release`` does."""
    records = records_of(place)
    return open_release(place, records, find_release(records, start))[0]


def open_current_release(place: Place) -> Place:
    """The place with the release that was applied last; as it is where there is none. Raises the same."""
    digest = current_release(records_of(place))
    return open_named_release(place, digest) if digest else place


def kept_release(records: Records, digest: str) -> Release | None:
    """A release by its digest, None where it is not kept any more."""
    with suppress(Refused):
        return read_release(records, digest)
    return None


def _with_downloads(place: Place, records: Records, release: Release) -> Place:
    if not release.modules:
        return place
    found = unpack(place.home, records, release)
    return replace(place, downloads=Downloads(release.modules, found.modules))


def _is_whole(place: Place, planned: Planned) -> bool:
    """Whether the composed root that was initialised last had all stacks in it."""
    deferred = {each.stack for each in planned.plan.deferred}
    return not planned.chosen and not deferred and not planned.plan.destroy and bool(place.project.order)


def _initialised_whole(place: Place) -> Path:
    """A data folder of the composed root of all stacks, for what a plan of some of them did not need."""
    data = place.composed_data.with_name("whole")
    with scratch_root(place.home) as root:
        for name, text in compose(place.project, root, place.project.order).files.items():
            (root / name).write_text(text, encoding="utf-8")
        kept = place.composed_data / LOCK
        if kept.is_file():
            (root / LOCK).write_bytes(kept.read_bytes())
        modules = [module.folder for module in place.project.modules.values() if module.folder is not None]
        terraform = place.terraform(root, data)
        asyncio.run(ensure_init(terraform, modules, downloads=place.downloads))
        if (root / LOCK).is_file():
            (data / LOCK).write_bytes((root / LOCK).read_bytes())
    return data


def _check_backend(now: Project, then: Project, environment: str) -> None:
    was, is_ = (_states(project, environment) for project in (then, now))
    if was != is_:
        raise Refused(
            f"the release keeps the states of {environment} in {was}, and landform.yaml says {is_} now",
            "A release can't be taken across a migration of states: apply the project as it is.",
        )


def _states(project: Project, environment: str) -> str:
    if project.backend.kind is BackendKind.LOCAL:
        return f"{project.backend.kind} {workspace_key_prefix(project)}"
    bucket = state_store(project, project.environment_by_name[environment]).bucket
    return f"{project.backend.kind} {bucket}/{workspace_key_prefix(project)}"


def _what_moved(wanted: Release, found: Release) -> str:
    parts = {
        "files": wanted.sources != found.sources,
        "provider versions": wanted.providers != found.providers,
        "downloaded modules": wanted.modules != found.modules,
    }
    return ", ".join(name for name, differs in parts.items() if differs) + " differ"
