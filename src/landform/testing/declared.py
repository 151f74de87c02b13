"""What a module declares, read from its own files: what coverage is measured against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_VARIABLE = re.compile(r'^variable\s+"?([\w-]+)"?\s*\{', re.MULTILINE)
_VALIDATION = re.compile(r"^\s+validation\s*\{", re.MULTILINE)
_READ = re.compile(r"\bmodule\.([\w-]+)(?:\[[^\]]*\])?\.([A-Za-z_][\w-]*)")
_META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Final = _Required()
"""The default of a variable that has none."""


@dataclass(frozen=True, slots=True)
class Call:
    """One ``module`` block with a relative source: the folder, the inputs as far as they are literal."""

    folder: Path
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Declared:
    """One module. ``rules`` maps the place of each validation block, as in ``main.tf:3``, to its variable."""

    folder: Path
    defaults: Mapping[str, Any] = field(default_factory=dict)
    resources: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    rules: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, Call] = field(default_factory=dict)

    def changed(self, values: Mapping[str, Any]) -> set[str]:
        """The variables to which ``values`` give something else than their default."""
        return {
            name for name, value in values.items() if name in self.defaults and self.defaults[name] != value
        }


def read_declared(folder: Path) -> Declared:
    """Read a module's ``*.tf``; a file that is not valid HCL adds nothing."""
    import pygohcl

    defaults: dict[str, Any] = {}
    resources: set[str] = set()
    outputs: set[str] = set()
    rules: dict[str, str] = {}
    calls: dict[str, Mapping[str, Any]] = {}
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.tf"))}
    for path, text in texts.items():
        try:
            blocks: Mapping[str, Any] = pygohcl.loads(text)
        except pygohcl.HCLParseError:
            continue
        for name, block in blocks.get("variable", {}).items():
            defaults[name] = block.get("default", REQUIRED)
        resources |= {
            f"{kind}.{name}" for kind, named in blocks.get("resource", {}).items() for name in named
        }
        outputs |= set(blocks.get("output", {}))
        rules |= dict(_rules(path.name, text))
        calls |= blocks.get("module", {})
    read = {found.groups() for text in texts.values() for found in _READ.finditer(text)}
    return Declared(
        folder, defaults, frozenset(resources), frozenset(outputs), rules, dict(_calls(folder, calls, read))
    )


def _calls(
    folder: Path, blocks: Mapping[str, Mapping[str, Any]], read: set[tuple[str, ...]]
) -> Iterator[tuple[str, Call]]:
    for name, block in blocks.items():
        source = str(block.get("source", ""))
        if source.startswith(("./", "../")):
            inputs = {key: value for key, value in block.items() if key not in _META}
            outputs = frozenset(output for called, output in read if called == name)
            yield name, Call((folder / source).resolve(), inputs, outputs)


def _rules(file: str, text: str) -> Iterator[tuple[str, str]]:
    variables = [(found.start(), found.group(1)) for found in _VARIABLE.finditer(text)]
    for rule in _VALIDATION.finditer(text):
        owners = [name for start, name in variables if start < rule.start()]
        if owners:
            line = text.count("\n", 0, rule.end()) + 1
            yield f"{file}:{line}", owners[-1]
