"""Plan snapshots: ``assert tf_plan == tf_snapshot`` compares a plan with an inventory beside the test.

A plugin of its own beside ``plugin``. A snapshot lies in ``snapshots/<test file>/<test>.yaml``. It is
redacted and normalised before it is written: it neither holds a secret nor changes from run to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from landform.testing.options import SETTINGS

if TYPE_CHECKING:
    from landform.testing.matching import Difference
    from landform.testing.plans import PlannedModule

FOLDER = "snapshots"
HEADER = "# What terraform planned in this test. Written by --tf-update: review the difference, don't edit.\n"
_WORKER = "landform_snapshots"
_USED = pytest.StashKey["_Used"]()
_NORMAL = (
    (re.compile(r"\bt[0-9a-f]{5}w\d*n\d+"), "<unique>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<timestamp>"),
    (re.compile(r"(\b(?:127\.0\.0\.1|localhost)):\d+"), r"\1:<port>"),
    (re.compile(r"(\barn:aws[\w-]*:[\w-]*:[\w-]*):\d{12}(?=:)"), r"\1:<account>"),
    (re.compile(r"\A\d{12}\Z|\b123456789012\b"), "<account>"),
)


class Snapshot:
    """The snapshot of one test; the second plan that a test compares has a file of its own, and so on."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, place: Path, nodeid: str, update: str, used: set[str]) -> None:
        self._place, self._nodeid, self._update, self._used = place, nodeid, update, used
        self._known: list[tuple[PlannedModule, str]] = []

    def __eq__(self, other: object) -> bool:
        from landform.testing.plans import PlannedModule

        return isinstance(other, PlannedModule) and not self._compare(other)

    def check(self, plan: PlannedModule) -> None:
        """The same as a call. Raises ``AssertionError`` with every difference."""
        __tracebackhide__ = True
        fault = self._compare(plan)
        if fault:
            raise AssertionError(fault)

    def explain(self, plan: object) -> list[str]:
        """The lines about the last comparison with ``plan``."""
        from landform.testing.plans import PlannedModule

        if not isinstance(plan, PlannedModule):
            return [f"a snapshot is that of a plan, not of {type(plan).__name__}"]
        return next((fault.splitlines() for one, fault in self._known if one is plan), [])

    def __repr__(self) -> str:
        return f"<snapshot {self._place.name}>"

    def _compare(self, plan: PlannedModule) -> str:
        for known, fault in self._known:
            if known is plan:
                return fault
        number = len(self._known) + 1
        path = self._place if number == 1 else self._place.with_stem(f"{self._place.stem}-{number}")
        self._used.add(str(path))
        self._known.append((plan, self._judge(path, plan)))
        return self._known[-1][1]

    def _judge(self, path: Path, plan: PlannedModule) -> str:
        from landform.testing.collecting import shown
        from landform.testing.inventory_writing import describe

        planned = normalised(describe(plan))
        if not path.is_file():
            if self._update:
                write_snapshot(path, planned)
                return ""
            return f"there is no snapshot {shown(path)}\nto write it: {self._command('=missing')}"
        found, fault = _differences(path, planned)
        if self._update == "all":
            if found or fault:
                write_snapshot(path, planned)
            return ""
        if not found and not fault:
            return ""
        lines = [fault or f"the plan is not that of {shown(path)}", *(f"  {one}" for one in found)]
        return plan.redactor.text("\n".join([*lines, f"to write what is planned now: {self._command('')}"]))

    def _command(self, what: str) -> str:
        return f"pytest '{self._nodeid}' --tf-update{what}"


def _differences(path: Path, planned: Mapping[str, Any]) -> tuple[list[Difference], str]:
    from landform.project.yaml_file import read_yaml
    from landform.testing.collecting import shown
    from landform.testing.matching import differences

    document = read_yaml(path, shown(path))
    if document.faults:
        return [], "\n".join(map(str, document.faults))
    if not document.data:
        return [], f"the snapshot {shown(path)} is empty: it checks nothing"
    return list(differences(document.data, planned, "", exact=True)), ""


def normalised(value: Any) -> Any:
    """Data without what differs from run to run: unique names, ports, account ids, points in time."""
    if isinstance(value, Mapping):
        return {normalised(key): normalised(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, str):
        for pattern, text in _NORMAL:
            value = pattern.sub(text, value)
    return value


def write_snapshot(path: Path, planned: Mapping[str, Any]) -> None:
    """Write one file, whole or not at all."""
    from landform.testing.inventory_writing import to_yaml

    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".new")
    scratch.write_text(to_yaml(planned, HEADER), encoding="utf-8")
    scratch.replace(path)


# --- the plugin -------------------------------------------------------------------------------------------


@pytest.fixture
def tf_snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """The plan snapshot of the test, to compare a plan with."""
    nodeid = request.node.nodeid.partition("@tf-")[0]
    used = request.config.stash[_USED]
    return Snapshot(place_of(request.node), nodeid, request.config.stash[SETTINGS].update, used.files)


def place_of(item: pytest.Item) -> Path:
    """The file of a test's first snapshot; the test's name, with what a file can't be called replaced."""
    owner = item.getparent(pytest.Class)
    name = item.name.partition("@tf-")[0]
    name = f"{owner.name}.{name}" if owner is not None else name
    return item.path.parent / FOLDER / item.path.stem / f"{re.sub(r'[^A-Za-z0-9_.,=-]+', '_', name)}.yaml"


class _Used:
    """The snapshots that tests have, and the test files that were looked at."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.modules: set[str] = set()

    def take(self, files: Iterable[str], modules: Iterable[str]) -> None:
        self.files |= set(files)
        self.modules |= set(modules)

    def unused(self) -> list[Path]:
        """Files of tests that were looked at and have no such snapshot, and of test files that are gone."""
        found = {file for name in self.modules for file in (Path(name).parent / FOLDER).glob("*/*.yaml")}
        return sorted(
            file
            for file in found
            if not self._is_used(file) and self._was_looked_at(file) and _is_written(file)
        )

    def _is_used(self, file: Path) -> bool:
        first = file.with_stem(re.sub(r"-\d+\Z", "", file.stem))
        return bool({str(file), str(first)} & self.files)

    def _was_looked_at(self, file: Path) -> bool:
        test = file.parents[2] / f"{file.parent.name}.py"
        return str(test) in self.modules or not test.exists()


def _is_written(file: Path) -> bool:
    return file.read_text(encoding="utf-8", errors="replace").startswith(HEADER[:40])


def pytest_configure(config: pytest.Config) -> None:
    """Begin with none."""
    config.stash[_USED] = _Used()


def pytest_itemcollected(item: pytest.Item) -> None:
    """A test's snapshot counts as used even where the test is deselected or fails early."""
    used = item.config.stash[_USED]
    used.modules.add(str(item.path))
    if "tf_snapshot" in getattr(item, "fixturenames", ()):
        used.files.add(str(place_of(item)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it knows."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        used = session.config.stash[_USED]
        output[_WORKER] = [sorted(used.files), sorted(used.modules)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker knew."""
    files, modules = getattr(node, "workeroutput", {}).get(_WORKER, ((), ()))
    node.config.stash[_USED].take(files, modules)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show the differences, not the objects."""
    for one, other in ((left, right), (right, left)):
        if op == "==" and isinstance(one, Snapshot):
            return one.explain(other) or None
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the snapshots that no test has any more; not when single tests were asked for."""
    if any("::" in argument for argument in config.args):
        return
    unused = config.stash[_USED].unused()
    if unused:
        from landform.testing.collecting import shown

        terminalreporter.section("unused plan snapshots")
        terminalreporter.write("".join(f"{shown(path)}\n" for path in unused))
