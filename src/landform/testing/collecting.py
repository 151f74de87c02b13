"""Tests that no Python function stands for: which files hold them, and what they have in common.

A plugin of its own beside ``plugin``. Each such test is an ordinary pytest function with the marker ``tf``,
so levels, batches, groups of workers, fixtures of a conftest and reports are those of all tests.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from landform.testing.lifetimes import Lifetimes
    from landform.testing.marker import Case

KINDS = ("tftest", "inventory", "readme")
"""What the ini option ``tf_collect`` may name; all of them by default."""
LIFETIMES_OF = pytest.StashKey[Callable[[], "Lifetimes"]]()
"""Where ``config.stash`` keeps the function that gives, and if need be starts, what tests run on."""


class CollectedTest(pytest.Function):
    """A test that stands in a file which is not Python. ``line`` counts from 1.

    ``module`` is what failures call a module whose folder was made for the test.
    """

    line = 1
    module = ""

    @classmethod
    def of(cls, parent: pytest.File, name: str, line: int, call: Callable[..., None]) -> CollectedTest:
        """The test ``name`` on ``line`` of its file; it calls ``call`` with the fixtures that this names."""
        made: CollectedTest = cls.from_parent(parent, name=name, callobj=call)
        made.line = line
        return made

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that the test is."""
        return self.path, self.line - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The sentence alone: the traceback would show this plugin's own lines."""
        if isinstance(excinfo.value, AssertionError):
            return f"{self.where}: {excinfo.value}"
        return super().repr_failure(excinfo)

    @property
    def where(self) -> str:
        """Its file and line as the user knows them."""
        return f"{shown(self.path)}:{self.line}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """The collector of a file that holds tests of a module."""
    kinds = parent.config.getini("tf_collect")
    name = file_path.name
    if "tftest" in kinds and name.endswith((".tftest.hcl", ".tftest.json")):
        from landform.testing.collect_tftest import TftestFile

        return TftestFile.from_parent(parent, path=file_path)
    if "inventory" in kinds and name.startswith("tftest") and file_path.suffix in (".yaml", ".yml"):
        from landform.testing.collect_inventory import InventoryFile

        return InventoryFile.from_parent(parent, path=file_path)
    if "readme" in kinds and name == "README.md" and holds_module(file_path.parent):
        from landform.testing.collect_readme import ReadmeFile

        return ReadmeFile.from_parent(parent, path=file_path)
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After the markers were read: give made modules the names that the user knows."""
    from landform.testing.collection import WANTED

    for item in items:
        wanted = item.stash.get(WANTED, None) if isinstance(item, CollectedTest) and item.module else None
        if wanted is not None and wanted.case is not None and isinstance(item, CollectedTest):
            item.stash[WANTED] = replace(wanted, case=replace(wanted.case, shown=item.module))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is told with its own line, not with this plugin's."""
    report = yield
    if isinstance(item, CollectedTest) and report.skipped and isinstance(report.longrepr, tuple):
        report.longrepr = (str(item.path), item.line, report.longrepr[2])
    return report


def lifetimes_of(config: pytest.Config) -> Lifetimes:
    """What this process's tests run on."""
    return config.stash[LIFETIMES_OF]()


def case_of(request: pytest.FixtureRequest) -> Case:
    """The case of a collected test; its marker was read by then."""
    from landform.testing.collection import WANTED

    case = request.node.stash[WANTED].case
    assert case is not None, "a collected test has a marker"  # noqa: S101
    found: Case = case
    return found


def holds_module(folder: Path) -> bool:
    """Whether Terraform files lie in ``folder``."""
    return any(folder.glob("*.tf")) or any(folder.glob("*.tf.json"))


def marked_with(item: pytest.Item, module: Path, level: object, **more: Any) -> pytest.Item:
    """The test with its marker ``tf``."""
    root = item.config.rootpath
    name = str(module.relative_to(root)) if root in module.parents else str(module)
    item.add_marker(pytest.mark.tf(name, level=str(level), **more))
    return item


def shown(path: Path) -> str:
    """A path as the user would type it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def made_root(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder with these files, written by whichever worker comes first."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent))
        for name, text in files.items():
            (scratch / name).write_text(text, encoding="utf-8")
        take_place(scratch, folder)
    return folder


def take_place(scratch: Path, folder: Path) -> None:
    """Rename a finished folder, unless another worker did so first."""
    try:
        scratch.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
