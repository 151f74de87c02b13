"""Examples of a module's README: a fenced ``hcl`` block that calls a module by a relative path is a test.

A first line ``# tftest modules=1 resources=26 level=plan`` says what the plan holds; ``# tftest skip`` leaves
the example out. Every example must be as ``terraform fmt`` writes it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from landform.engine import Terraform
from landform.errors import Fault, Location
from landform.project.names import did_you_mean
from landform.testing.collecting import (
    CollectedTest,
    holds_module,
    lifetimes_of,
    made_root,
    marked_with,
    shown,
)
from landform.testing.environment import allowed
from landform.testing.inventory import counts
from landform.testing.levels import Level, parse_level
from landform.testing.plans import PlannedModule
from landform.testing.workfolder import LOCK

_FENCE = re.compile(
    r"^(?P<fence>```+|~~~+) *(?:hcl|terraform|tf)\b[^\n]*\n(?P<text>.*?)^(?P=fence) *$",
    re.DOTALL | re.MULTILINE,
)
_CALL = re.compile(r'^\s*module\s+"', re.MULTILINE)
_SOURCE = re.compile(r'(^\s*source\s*=\s*")(\.\.?/[^"]*)(")', re.MULTILINE)
_DIRECTIVE = re.compile(r"^\s*#\s*tftest\b(.*)")
_COUNTED = ("modules", "resources")
_WORDS = (*_COUNTED, "level", "skip")


class ExampleInvalid(ValueError):
    """A directive that says nothing known; ``str()`` is the sentence."""


@dataclass(frozen=True, slots=True)
class Example:
    """One fenced example. ``line`` is that of its first line of code, from 1."""

    text: str
    line: int
    level: Level = Level.PLAN
    modules: int | None = None
    resources: int | None = None


def read_examples(text: str) -> Iterator[Example]:
    """The examples in a README that are tests. Raises ``ExampleInvalid`` with the line."""
    for found in _FENCE.finditer(text):
        code = found.group("text")
        if not _CALL.search(code) or not _SOURCE.search(code):
            continue
        line = text.count("\n", 0, found.start("text")) + 1
        directive = _DIRECTIVE.match(code)
        words = directive.group(1).split() if directive else []
        if "skip" not in words:
            yield _example(code, line, words)


def _example(code: str, line: int, words: list[str]) -> Example:
    level, expected = Level.PLAN, dict.fromkeys(_COUNTED, -1)
    for word in words:
        name, _, value = word.partition("=")
        if name == "level":
            level = _level(value, line)
        elif name in expected and value.isdigit():
            expected[name] = int(value)
        else:
            what = f"{word!r} says nothing here. {did_you_mean(name, _WORDS)}"
            raise ExampleInvalid(f"{line}: {what}")
    modules, resources = (None if count < 0 else count for count in expected.values())
    return Example(code, line, level, modules, resources)


def _level(value: str, line: int) -> Level:
    try:
        level = parse_level(value)
    except ValueError as wrong:
        raise ExampleInvalid(f"{line}: {wrong}") from wrong
    if level not in (Level.MOCK, Level.PLAN):
        raise ExampleInvalid(f"{line}: an example is planned: its level is mock or plan.")
    return level


class ReadmeFile(pytest.File):
    """The README.md of a module."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each example."""
        try:
            examples = list(read_examples(self.path.read_text(encoding="utf-8")))
        except ExampleInvalid as wrong:
            raise self.CollectError(f"{shown(self.path)}:{wrong}") from wrong
        except (OSError, UnicodeDecodeError) as error:
            raise self.CollectError(
                str(Fault(Location(shown(self.path)), f"can't be read: {error}."))
            ) from error
        for number, example in enumerate(examples, 1):
            name = f"example{number}"
            root = self._root(example, name)
            item = CollectedTest.of(self, name, example.line, self._caller(example, root))
            item.module = item.where
            yield marked_with(item, root, example.level)

    def _root(self, example: Example, name: str) -> Path:
        """A root of its own: the example, on the same lines as in the README."""
        key = hashlib.sha256(f"{self.path}\0{name}\0{example.text}".encode()).hexdigest()[:12]
        folder = lifetimes_of(self.config).bench.shared / "examples" / key / name
        source = _SOURCE.sub(lambda found: self._relative(found, folder), example.text)
        files = {f"{self.path.name}.tf": "\n" * (example.line - 1) + source}
        lock = self.path.parent / LOCK
        if lock.is_file():
            files[LOCK] = lock.read_text(encoding="utf-8")
        return made_root(folder, files)

    def _relative(self, found: re.Match[str], folder: Path) -> str:
        before, source, after = found.groups()
        module = (self.path.parent / source).resolve()
        if not holds_module(module):
            return found.group()
        return f"{before}{os.path.relpath(module, folder.resolve())}{after}"

    def _caller(self, example: Example, root: Path) -> Callable[..., None]:
        def check(request: pytest.FixtureRequest, tf_plan: PlannedModule) -> None:
            bench = lifetimes_of(request.config).bench
            terraform = Terraform(bench.engine, root, allowed(os.environ))
            if bench.run("fmt", f"terraform fmt of {shown(self.path)}", terraform.unformatted()):
                raise AssertionError("the example is not as terraform fmt writes it")
            judge(example, tf_plan)

        return check


def judge(example: Example, plan: PlannedModule) -> None:
    """Compare the counts that an example names. Raises ``AssertionError``."""
    found = counts(plan)
    wrong = [
        f"{found[name]} {name}, not {wanted}"
        for name in _COUNTED
        if (wanted := getattr(example, name)) is not None and wanted != found[name]
    ]
    if wrong:
        lines = [f"the plan has {' and '.join(wrong)}:", *(f"  {address}" for address in plan)]
        raise AssertionError("\n".join(lines))
