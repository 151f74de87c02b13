"""``@pytest.mark.tf`` as a ``Case``: which module, with which variables, at which level, for how long."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from landform.testing.levels import Level, parse_level

if TYPE_CHECKING:
    from landform.project.module import Module

MARKER = "tf"
SIGNATURE = (
    'tf(module, vars={}, level=None, scope="function", restore=None, env={}, region="us-east-1"): '
    "the Terraform module a test is about, with its variables"
)
_MERGED = ("vars", "env")
_NAMES = ("module", "vars", "level", "scope", "restore", "env", "region")


class Scope(StrEnum):
    """How long an applied stack stands."""

    FUNCTION = "function"
    CLASS = "class"
    MODULE = "module"
    SESSION = "session"


class MarkerInvalid(ValueError):
    """A marker that can't be used; ``str()`` is the sentence, with the test's file and line."""


@dataclass(frozen=True, slots=True)
class Case:
    """What one test asks for. ``module`` is the module's folder, ``shown`` its name as the marker gives it.

    ``restore="test"`` puts a shared stack back to how it was applied before each of its tests.
    """

    module: Path
    shown: str
    level: Level
    scope: Scope = Scope.FUNCTION
    vars: Mapping[str, Any] = field(default_factory=dict, repr=False)
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    restore: str | None = None
    region: str = "us-east-1"

    @property
    def key(self) -> str:
        """Twelve characters, the same for cases that may share an applied stack."""
        return _digest([self.environment_key, self.vars, self.scope, self.restore])

    @property
    def environment_key(self) -> str:
        """Twelve characters, the same for cases whose terraform may be one process."""
        return _digest([str(self.module), str(self.level), self.env, self.region])

    @property
    def known(self) -> Module:
        """What the module's own files say of its variables and outputs."""
        from landform.project.module import resolve_module

        return resolve_module(f"./{self.module.name}", None, self.module.parent)


def read_case(item: pytest.Item, default: Level) -> Case | None:
    """The case of a test: its markers merged, the closest one wins. None without a marker.

    ``default`` is the level where no marker names one. Raises ``MarkerInvalid``.
    """
    marks = list(item.iter_markers(MARKER))
    if not marks:
        return None
    try:
        return _case(_merged(marks), item, default)
    except MarkerInvalid as fault:
        path, line, name = item.location
        where = f"{path}:{(line or 0) + 1}"
        raise MarkerInvalid(f"{where}: @pytest.mark.tf of {name}: {fault}") from fault


def _merged(marks: list[pytest.Mark]) -> dict[str, Any]:
    merged: dict[str, Any] = {name: {} for name in _MERGED}
    for mark in reversed(marks):
        if len(mark.args) > 1:
            raise MarkerInvalid("only the module goes without a name.")
        given = dict(mark.kwargs)
        if mark.args:
            given["module"] = mark.args[0]
        for name, value in given.items():
            if name not in _NAMES:
                raise MarkerInvalid(f"there is no {name!r}. {_near(name, _NAMES)}")
            if name in _MERGED and not isinstance(value, Mapping):
                raise MarkerInvalid(f"{name} must be a dict.")
            merged[name] = {**merged[name], **value} if name in _MERGED else value
    return merged


def _case(given: Mapping[str, Any], item: pytest.Item, default: Level) -> Case:
    shown = given.get("module")
    if not isinstance(shown, str | Path) or not str(shown):
        raise MarkerInvalid("it names no module.")
    case = Case(
        module=_find_module(str(shown), item),
        shown=str(shown),
        level=_level(given.get("level"), default),
        scope=_scope(given.get("scope", Scope.FUNCTION)),
        vars=given["vars"],
        env=_environment(given["env"]),
        restore=_restore(given.get("restore")),
        region=str(given.get("region", "us-east-1")),
    )
    check_values(case, case.vars)
    return case


def check_values(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse values that the module does not declare or JSON can't hold. Raises ``MarkerInvalid``."""
    try:
        json.dumps(values)
    except (TypeError, ValueError) as fault:
        raise MarkerInvalid(f"vars must be plain data: {fault}.") from fault
    known = case.known
    if not known.is_known or any(case.module.glob("*.tf.json")):
        return  # terraform will say what is wrong with its files
    for name in values:
        if name not in known.variables:
            near = _near(str(name), known.variables)
            raise MarkerInvalid(f"module {case.shown!r} has no variable {name!r}. {near}")


def _find_module(shown: str, item: pytest.Item) -> Path:
    bases = dict.fromkeys((item.path.parent, item.config.rootpath))
    tried = [(base / shown).resolve() for base in bases]
    for folder in tried:
        if any(folder.glob("*.tf")) or any(folder.glob("*.tf.json")):
            return folder
    near = sorted({path.parent.name for folder in tried for path in folder.parent.glob("*/*.tf")})
    where = " or ".join(map(str, dict.fromkeys(tried)))
    raise MarkerInvalid(f"no module {shown!r}: no .tf files in {where}. {_near(Path(shown).name, near)}")


def _level(given: object, default: Level) -> Level:
    try:
        return default if given is None else parse_level(given)
    except ValueError as fault:
        raise MarkerInvalid(str(fault)) from fault


def _scope(given: object) -> Scope:
    try:
        return Scope(str(given))
    except ValueError as fault:
        raise MarkerInvalid(f"{given!r} is no scope. {_near(str(given), map(str, Scope))}") from fault


def _restore(given: object) -> str | None:
    if given not in (None, "test"):
        raise MarkerInvalid(f'restore is "test" or left out, not {given!r}.')
    return None if given is None else "test"


def _environment(given: Mapping[str, Any]) -> dict[str, str]:
    refused = sorted(name for name in given if str(name).startswith("AWS_"))
    if refused:
        raise MarkerInvalid(
            f"env can't set {', '.join(refused)}: which AWS is reached is not a test's choice."
        )
    return {str(name): str(value) for name, value in given.items()}


def _near(name: str, names: Iterable[str]) -> str:
    # Every pytest process reads this file, and few have a test of a module: they don't pay for projects.
    from landform.project.names import did_you_mean

    return did_you_mean(name, names)


def _digest(parts: list[Any]) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
