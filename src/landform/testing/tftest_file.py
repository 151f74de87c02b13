"""What a ``*.tftest.hcl`` or ``*.tftest.json`` says of itself: its runs, its variables, what it mocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landform.errors import Fault, Location
from landform.project.module import hcl_fault
from landform.testing.levels import Level
from landform.testing.mocks import provider_names

_RUN = re.compile(r'^\s*run\s+"?([\w-]+)"?\s*\{', re.MULTILINE)


class TestFileInvalid(ValueError):
    """A test file that can't be read; ``str()`` is the sentence, with file and line."""

    __test__ = False


@dataclass(frozen=True, slots=True)
class RunBlock:
    """One ``run``. ``module`` is the source of the module it runs instead of the tested one."""

    name: str
    line: int = 1
    command: str = "apply"
    module: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TftestContent:
    """A whole file. ``configures`` tells whether it has provider blocks of its own."""

    runs: tuple[RunBlock, ...]
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    mocked: frozenset[str] = frozenset()
    configures: bool = False

    def level(self, module: Path) -> Level:
        """What it needs: nothing but mocks, an AWS to plan against, or one to apply to."""
        folders = [module, *(module / run.module for run in self.runs if run.module.startswith("./"))]
        needed = {name for folder in folders for name in provider_names(folder)}
        foreign = any(run.module and not run.module.startswith("./") for run in self.runs)
        if needed <= self.mocked and not self.configures and not foreign:
            return Level.MOCK
        return Level.PLAN if all(run.command == "plan" for run in self.runs) else Level.APPLY


def read_tftest(path: Path, shown: str) -> TftestContent:
    """Read one file. Raises ``TestFileInvalid``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TestFileInvalid(str(Fault(Location(shown), f"can't be read: {error}."))) from error
    is_json = path.suffix == ".json"
    raw = _parse_json(text, shown) if is_json else _parse_hcl(text, shown)
    twice = [name for name, block in _pairs(raw.get("run")) if isinstance(block, list)]
    if twice:
        raise TestFileInvalid(str(Fault(Location(shown), f"it has two runs named {twice[0]!r}.")))
    runs = _labelled(raw.get("run"))
    lines = {name: _line_in_json(name, text) for name in runs} if is_json else _lines(text)
    if not runs:
        raise TestFileInvalid(str(Fault(Location(shown), "it has no run block: it tests nothing.")))
    ordered = sorted(runs, key=lambda name: lines.get(name, 1)) if not is_json else list(runs)
    return TftestContent(
        runs=tuple(_run(name, lines.get(name, 1), runs[name]) for name in ordered),
        variables=_block(raw.get("variables")),
        mocked=frozenset(_labelled(raw.get("mock_provider"))),
        configures="provider" in raw,
    )


def _parse_hcl(text: str, shown: str) -> dict[str, Any]:
    import pygohcl

    try:
        parsed: dict[str, Any] = pygohcl.loads(text)
    except pygohcl.HCLParseError as error:
        raise TestFileInvalid(str(hcl_fault(Path(shown), error))) from error
    return parsed


def _parse_json(text: str, shown: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise TestFileInvalid(str(Fault(Location(shown, line), f"not valid JSON: {error}."))) from error
    if not isinstance(parsed, dict):
        raise TestFileInvalid(str(Fault(Location(shown, 1), "it must be an object with a 'run'.")))
    return parsed


def _run(name: str, line: int, raw: Mapping[str, Any]) -> RunBlock:
    return RunBlock(
        name,
        line,
        command=str(raw.get("command", "apply")),
        module=str(_block(raw.get("module")).get("source", "")),
        variables=_block(raw.get("variables")),
        expected=tuple(map(str, raw.get("expect_failures") or ())),
    )


def _labelled(raw: Any) -> dict[str, dict[str, Any]]:
    """Blocks by label; JSON may also give them as a list of objects."""
    return {name: _block(block) for name, block in _pairs(raw)}


def _pairs(raw: Any) -> Iterator[tuple[str, Any]]:
    for part in raw if isinstance(raw, list) else [raw]:
        yield from part.items() if isinstance(part, Mapping) else ()


def _block(raw: Any) -> dict[str, Any]:
    if isinstance(raw, list):
        return _block(raw[0]) if raw else {}
    return dict(raw) if isinstance(raw, Mapping) else {}


def _lines(text: str) -> dict[str, int]:
    return {found.group(1): text.count("\n", 0, found.start(1)) + 1 for found in _RUN.finditer(text)}


def _line_in_json(name: str, text: str) -> int:
    found = re.search(rf"{re.escape(json.dumps(name))}\s*:", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
