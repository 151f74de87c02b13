"""Makes an environment that expires: a copy of another one, without its schedule and its protection."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from landform.errors import Fault, LandformError, Location, ProjectInvalid, Refused
from landform.generator import generated_files, write_files
from landform.generator.files import write_text
from landform.project import Environment, Project, load_project
from landform.project.durations import seconds_of
from landform.project.names import environment_name_fault
from landform.project.yaml_file import read_yaml
from landform.workflows.place import environment_of

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=90)
TAG = "ExpiresAt"
_FILE = "environment.yaml"
_LEFT_OUT = ("promotes_from", "soak", "protected")
_TIMES = ("schedule", "rebuild", "max_late", "holidays")


@dataclass(frozen=True, slots=True)
class Made:
    """A new environment: the files that were written, relative to the project, and its end (RFC 3339)."""

    paths: tuple[str, ...]
    expires_at: str


def make_environment(folder: Path, name: str, source: str, ttl: str, now: datetime) -> Made:
    """Copy ``source`` to ``name``, which lives for ``ttl``; its roots' files are generated, too.

    Raises LandformError where it may not be; then nothing is written.
    """
    project = load_project(folder)
    _check(project, name, source)
    expires_at = _rfc3339(now + _lifetime(ttl))
    root = project.folder / "environments"
    target = root / name
    with ExitStack() as undo:
        new = root / f".new-{name}-{secrets.token_hex(4)}"  # hidden: no environment yet
        undo.callback(shutil.rmtree, new, ignore_errors=True)
        shutil.copytree(root / source, new, ignore=shutil.ignore_patterns(".*"))
        write_text(new / _FILE, _text(new / _FILE, source, expires_at))
        new.rename(target)
        undo.callback(shutil.rmtree, target, ignore_errors=True)
        again = load_project(project.folder)
        changes = write_files(again.folder, generated_files(again))
        undo.pop_all()
    copied = sorted(path.relative_to(project.folder) for path in target.rglob("*") if path.is_file())
    return Made((*(path.as_posix() for path in copied), *(each.path for each in changes)), expires_at)


def _check(project: Project, name: str, source: str) -> None:
    known = environment_of(project, source)
    if fault := environment_name_fault(name):
        raise ProjectInvalid([Fault(Location(f"environments/{name}"), fault)])
    if name in project.environment_by_name or (project.folder / "environments" / name).exists():
        raise LandformError(f"there is an environment {name} already", "Choose another name.")
    if known.protected:
        what = f"{source} is protected: its values are not for an environment that anybody may make"
        raise Refused(what, "Copy another one.")
    _check_folder(project, known)


def _check_folder(project: Project, source: Environment) -> None:
    """Raise LandformError for links: what they lead to would be shared, or copied from anywhere."""
    root = project.folder / "environments" / source.name
    links = sorted(path.name for path in [root, *root.rglob("*")] if path.is_symlink())
    if links:
        what = f"environments/{source.name} holds links, which are not copied: {', '.join(links)}"
        raise LandformError(what, "Make files of them, or copy another environment.")


def _lifetime(ttl: str) -> timedelta:
    try:
        found = timedelta(seconds=seconds_of(ttl))
    except ValueError as error:
        raise LandformError(f"--ttl: {error}", "Write a time such as 12h or 3d.") from error
    if not SHORTEST <= found <= LONGEST:
        raise LandformError(f"--ttl {ttl}: an environment lives for 1h to {LONGEST.days}d")
    return found


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(path: Path, source: str, expires_at: str) -> str:
    """The new ``environment.yaml``."""
    data: Any = read_yaml(path, _FILE).data  # loaded without a fault before
    kept = {key: value for key, value in data.items() if key not in _LEFT_OUT}
    kept |= {
        "ephemeral": True,
        "expires_at": expires_at,
        "tags": dict(data.get("tags") or {}) | {TAG: expires_at},
    }
    if "teardown" in kept:
        kept["teardown"] = _without_times(kept["teardown"])
    if not kept.get("teardown"):
        kept.pop("teardown", None)
    body = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=110)
    return f"# A copy of {source}, made by 'landform new-environment'.\n{body}"


def _without_times(teardown: Mapping[str, Any]) -> dict[str, Any]:
    """Who is told and what a teardown may do stays; the zone too, for holds."""
    return {key: value for key, value in teardown.items() if key not in _TIMES}
