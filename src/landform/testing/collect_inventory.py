"""``tftest.yaml``: plan tests with variables and inventories, and no Python.

``module`` (from this file's folder or pytest's root), ``common_tfvars``, ``level``, and ``tests``: by name
``tfvars``, ``vars``, ``inventory``, ``extra_files``, ``extra_dirs``, ``level``. Paths are relative to the
file. Without ``tfvars`` and ``inventory``, ``<name>.tfvars`` (if it is there) and ``<name>.yaml`` are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from landform.project.yaml_file import read_yaml
from landform.testing.collecting import CollectedTest, lifetimes_of, marked_with, shown
from landform.testing.inventory import Inventory, check, parse_inventory
from landform.testing.inventory_file import PlanTest, read_plan_tests
from landform.testing.inventory_writing import describe, refreshed, to_yaml
from landform.testing.options import SETTINGS
from landform.testing.plans import PlannedModule


class InventoryFile(pytest.File):
    """One ``tftest.yaml``."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each name in it. Everything that is wrong with it is one error."""
        tests, faults = read_plan_tests(self.path, self.config.rootpath)
        inventories: dict[Path, Inventory] = {}
        for path in dict.fromkeys(path for test in tests for path in test.inventories):
            if path.is_file():
                inventories[path], wrong = parse_inventory(read_yaml(path, shown(path)))
                faults += wrong
        if faults:
            raise self.CollectError("\n".join(map(str, faults)))
        for test in tests:
            item = CollectedTest.of(self, test.name, test.line, self._caller(test, inventories))
            folder = test.module
            if test.extra:
                folder = test.root_with_extra(lifetimes_of(self.config).bench.shared)
                item.module = f"{shown(test.module)} with extra files"
            yield marked_with(item, folder, test.level, vars=dict(test.vars))

    def _caller(self, test: PlanTest, inventories: dict[Path, Inventory]) -> Callable[..., None]:
        def judge(request: pytest.FixtureRequest, tf_plan: PlannedModule) -> None:
            update = request.config.stash[SETTINGS].update
            faults = [self._judge(path, inventories.get(path), tf_plan, update) for path in test.inventories]
            told = [fault for fault in faults if fault]
            if told:
                lines = [*told, f"To write what is planned now: {command(request.node, test, inventories)}"]
                raise AssertionError(tf_plan.redactor.text("\n".join(lines)))

        return judge

    def _judge(self, path: Path, inventory: Inventory | None, plan: PlannedModule, update: str) -> str:
        """What is wrong between one inventory and the plan; with ``update`` the file is written instead."""
        if inventory is None:
            if update:
                path.write_text(to_yaml(describe(plan)), encoding="utf-8")
            return "" if update else f"the inventory {shown(path)} is not there"
        found = check(inventory, plan)
        if not found and not inventory.is_empty:
            return ""
        if update == "all":
            path.write_text(to_yaml(refreshed(inventory, plan), _comment(path)), encoding="utf-8")
            return ""
        if inventory.is_empty:
            return f"the inventory {shown(path)} is empty: it checks nothing"
        many = f"{len(found)} difference{'s' if len(found) > 1 else ''}"
        return "\n".join([f"the plan is not that of {shown(path)}: {many}", *(f"  {one}" for one in found)])


def command(item: pytest.Item, test: PlanTest, inventories: dict[Path, Inventory]) -> str:
    """The command that writes a test's inventories."""
    only_missing = all(path not in inventories for path in test.inventories)
    return f"pytest '{_clean(item.nodeid)}' --tf-update{'=missing' if only_missing else ''}"


def _clean(nodeid: str) -> str:
    """Without the group that a worker adds."""
    return nodeid.partition("@tf-")[0]


def _comment(path: Path) -> str:
    """The comment at the top of a file stays."""
    lines: Sequence[str] = path.read_text(encoding="utf-8").splitlines(keepends=True)
    size = next((number for number, line in enumerate(lines) if line.strip() and line[0] != "#"), len(lines))
    return "".join(lines[:size])
