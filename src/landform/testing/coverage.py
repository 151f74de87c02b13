"""``--tf-coverage``: what of each module the tests used, and what they left alone.

A plugin of its own beside ``plugin``. Counted are variables that some test sets to another value than their
default, resources that were planned or applied, outputs that were read, and validation blocks that a test
saw refuse a value.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from landform.testing.declared import Declared, read_declared
from landform.testing.options import SETTINGS

if TYPE_CHECKING:
    from landform.testing.failures import CommandFailed
    from landform.testing.marker import Case
    from landform.testing.plans import PlannedModule
    from landform.testing.stacks import Stack

KINDS = ("resources", "variables", "outputs", "validations")
_WORDS = {
    "resources": "never planned",
    "variables": "never set",
    "outputs": "never read",
    "validations": "never refused anything",
}
_WIDTH = 100
_WORKER = "landform_coverage"
_RULE = re.compile(r"validation rule at (?P<file>\S+?):(?P<line>\d+),")


@dataclass(slots=True)
class Used:
    """What tests used of one module, by kind."""

    resources: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    outputs: set[str] = field(default_factory=set)
    validations: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class ModuleCoverage:
    """One line of the table. ``missing`` are the names that no test used, by kind."""

    name: str
    counts: Mapping[str, tuple[int, int]]
    missing: Mapping[str, Sequence[str]]

    @property
    def percent(self) -> float:
        """How much of everything was used; a module that declares nothing is covered."""
        used = sum(one for one, _ in self.counts.values())
        declared = sum(all_of for _, all_of in self.counts.values())
        return 100.0 * used / declared if declared else 100.0


class Coverage:
    """The plugin: listens to what tests plan, apply, read and expect to fail."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._minimum = config.stash[SETTINGS].coverage_min
        self._used: dict[Path, Used] = {}
        self._declared: dict[Path, Declared] = {}
        self._reads: list[tuple[Path, set[str]]] = []

    # --- what is seen -------------------------------------------------------------------------------------

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """A module of a test that does not run is measured as well."""
        from landform.testing.collection import WANTED

        for item in session.items:
            case = item.stash[WANTED].case if WANTED in item.stash else None
            if case is not None:
                self._of(case.module)

    def pytest_landform_planned(self, case: Case, plan: PlannedModule) -> None:
        """A plan was made."""
        self._see(case.module, case.vars, plan.addresses)
        self._reads.append((case.module, plan.outputs_read))

    def pytest_landform_applied(self, stack: Stack) -> None:
        """Resources were made."""
        self._see(stack.case.module, stack.variables, stack.addresses)
        self._reads.append((stack.case.module, stack.outputs_read))

    def pytest_landform_tested(self, case: Case, addresses: Sequence[str], failed: Sequence[str]) -> None:
        """A run of a test file passed."""
        self._see(case.module, case.vars, addresses)
        for place in failed:
            self._refused(case.module, place)

    def pytest_landform_refused(self, case: Case, failure: CommandFailed) -> None:
        """A test saw the failure that it expected."""
        for diagnostic in failure.diagnostics:
            found = _RULE.search(re.sub(r"\s+", " ", str(getattr(diagnostic, "detail", ""))))
            if found:
                file = (case.module / found.group("file")).resolve()
                self._of(file.parent).validations.add(f"{file.name}:{found.group('line')}")

    def _of(self, folder: Path) -> Used:
        return self._used.setdefault(folder.resolve(), Used())

    def _declares(self, folder: Path) -> Declared:
        folder = folder.resolve()
        if folder not in self._declared:
            self._declared[folder] = read_declared(folder)
        return self._declared[folder]

    def _see(self, folder: Path, values: Mapping[str, Any], addresses: Iterable[str]) -> None:
        from landform.planning.causes import split_address

        used, declared = self._of(folder), self._declares(folder)
        used.variables |= declared.changed(values)
        below: dict[str, list[str]] = {}
        for address in addresses:
            path, rest = split_address(address)
            if path:
                inner = ".".join([*(f"module.{name}" for name in path[1:]), rest])
                below.setdefault(path[0], []).append(inner)
            else:
                used.resources.add(re.sub(r"\[.*\]\Z", "", rest))
        for name, found in below.items():
            if name in declared.calls:
                call = declared.calls[name]
                self._see(call.folder, call.inputs, found)
                self._of(call.folder).outputs.update(call.outputs)

    def _refused(self, folder: Path, place: str) -> None:
        """A test file says which variable is refused, not by which of its rules: one rule is told apart."""
        name = place.removeprefix("var.")
        rules = [rule for rule, owner in self._declares(folder).rules.items() if owner == name]
        if len(rules) == 1:
            self._of(folder).validations.add(rules[0])

    # --- what is told -------------------------------------------------------------------------------------

    def modules(self) -> list[ModuleCoverage]:
        """Every module of the tests and every one that these call; not the roots made for examples."""
        for folder, names in self._reads:
            self._of(folder).outputs.update(names)
        own = (folder for folder in sorted(self._used) if self._is_the_users(folder))
        return [
            _measured(_name(folder, self._config), self._declares(folder), self._used[folder])
            for folder in own
        ]

    def _is_the_users(self, folder: Path) -> bool:
        return folder.is_dir() and not any(part.startswith("landform-test-") for part in folder.parts)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker hands over; the others fail the session where a module is below the threshold."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            self.modules()
            output[_WORKER] = {str(folder): _as_lists(used) for folder, used in self._used.items()}
        elif self._faults() and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker saw."""
        for folder, found in getattr(node, "workeroutput", {}).get(_WORKER, {}).items():
            used = self._of(Path(folder))
            for kind in KINDS:
                getattr(used, kind).update(found[kind])

    def _faults(self) -> list[str]:
        if self._minimum is None or self._config.option.collectonly:
            return []
        modules = self.modules()
        wanted = f"--tf-coverage-min={self._minimum:g}"
        low = [one for one in modules if one.percent < self._minimum]
        if not modules:
            return [f"{wanted}: no module was tested"]
        return [f"{wanted}: {one.name} has {one.percent:.0f}%" for one in low]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table, with what is left to test below each module."""
        lines = [*table(self.modules()), *self._faults()]
        if lines and not self._config.option.collectonly:
            terminalreporter.section("terraform coverage")
            terminalreporter.write("".join(f"{line}\n" for line in lines))


def _measured(name: str, declared: Declared, used: Used) -> ModuleCoverage:
    every: dict[str, set[str]] = {
        "resources": set(declared.resources),
        "variables": set(declared.defaults),
        "outputs": set(declared.outputs),
        "validations": set(declared.rules),
    }
    missing = {kind: sorted(names - getattr(used, kind), key=_in_order) for kind, names in every.items()}
    missing["validations"] = [f"var.{declared.rules[one]} ({one})" for one in missing["validations"]]
    return ModuleCoverage(
        name, {kind: (len(every[kind]) - len(missing[kind]), len(every[kind])) for kind in KINDS}, missing
    )


def _in_order(name: str) -> list[tuple[int, str]]:
    """Line 9 before line 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]


def table(modules: Sequence[ModuleCoverage]) -> Iterator[str]:
    """A line for each module and the names it lacks below; none without a module."""
    if not modules:
        return
    width = max(len("module"), *(len(one.name) for one in modules))
    yield f"{'module':{width}}" + "".join(f"{kind:>13}" for kind in KINDS) + f"{'total':>8}"
    for one in modules:
        cells = "".join(f"{f'{used}/{declared}':>13}" for used, declared in one.counts.values())
        yield f"{one.name:{width}}{cells}{one.percent:>7.0f}%"
        for kind, words in _WORDS.items():
            if one.missing[kind]:
                text = f"{words}: {', '.join(one.missing[kind])}"
                yield from textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _name(folder: Path, config: pytest.Config) -> str:
    root = config.rootpath.resolve()
    return str(folder.relative_to(root)) if folder.is_relative_to(root) else str(folder)


def _as_lists(used: Used) -> dict[str, list[str]]:
    return {kind: sorted(getattr(used, kind)) for kind in KINDS}


def pytest_configure(config: pytest.Config) -> None:
    """Listen where it was asked for."""
    if config.stash[SETTINGS].coverage:
        config.pluginmanager.register(Coverage(config), "landform-coverage-table")
