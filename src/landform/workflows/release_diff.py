"""What differs between two releases, without a plan: files, stacks they decide on, versions, modules."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from landform.generator.parts import GENERATED
from landform.project import Project
from landform.workflows.release import Release
from landform.workflows.stack_digests import module_folder

_LINES = 400


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """From one release to another; ``old`` and ``new`` are digests, ``old`` empty where there was none.

    ``files`` maps each file that differs to ``added``, ``removed`` or ``changed``; ``versions`` each provider
    or downloaded module to its old and its new version, empty where it has none.
    """

    old: str
    new: str
    files: Mapping[str, str]
    versions: Mapping[str, tuple[str, str]]
    stacks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether they hold the same."""
        return not self.files and not self.versions


def diff_releases(old: Release | None, new: Release, project: Project | None = None) -> ReleaseDiff:
    """What ``new`` holds otherwise than ``old``. ``project`` tells which stacks files decide on."""
    before = old.sources if old else {}
    files = dict(_files(before, new.sources))
    was, is_ = _versions(old) if old else {}, _versions(new)
    versions = {
        name: (was.get(name, ""), is_.get(name, ""))
        for name in sorted({*was, *is_})
        if was.get(name) != is_.get(name)
    }
    stacks = tuple(_stacks(files, versions, project)) if project else ()
    return ReleaseDiff(old.digest if old else "", new.digest, files, versions, stacks)


def text_diff(files: Mapping[str, str], old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[str]:
    """The lines of a unified diff of the files that differ; of one that is no text, that it differs."""
    for name in files:
        try:
            was, is_ = (each.get(name, b"").decode().splitlines() for each in (old, new))
        except UnicodeDecodeError:
            yield f"binary file {name} differs"
            continue
        lines = list(difflib.unified_diff(was, is_, f"a/{name}", f"b/{name}", lineterm=""))
        yield from lines[:_LINES]
        if len(lines) > _LINES:
            yield f"… {len(lines) - _LINES} more lines of {name}"


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, "added" if name not in old else "removed" if name not in new else "changed"


def _versions(release: Release) -> dict[str, str]:
    modules = {
        f"module {each.key}": f"{each.source} {each.version} {each.digest[:12]}".strip()
        for each in release.modules
        if each.digest
    }
    return {**release.providers, **modules}


def _stacks(
    files: Mapping[str, str], versions: Mapping[str, tuple[str, str]], project: Project
) -> Iterator[str]:
    for stack in project.order:
        folders = (f"{GENERATED}/{stack}/", f"{module_folder(project, stack)}/")
        own = any(name.startswith((f"module {stack}.", f"module {stack}")) for name in versions)
        if own or any(name.startswith(folders) for name in files):
            yield stack
