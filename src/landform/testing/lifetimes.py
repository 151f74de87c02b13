"""Who lives how long: stacks are applied once per scope, and end with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from landform.testing.batch import Planned, plan_together
from landform.testing.failures import CommandFailed, is_told
from landform.testing.levels import Level
from landform.testing.marker import Case, Scope
from landform.testing.stacks import Origin, Stack
from landform.testing.workfolder import fill_in, write_values

if TYPE_CHECKING:
    from landform.testing.bench import Bench
    from landform.testing.emulator import Emulator, Snapshot
    from landform.testing.replays import RecordedStack

__tracebackhide__ = is_told
_UNIQUE = "{unique}"
_NODES: dict[Scope, type[pytest.Item] | type[pytest.Collector]] = {
    Scope.CLASS: pytest.Class,
    Scope.MODULE: pytest.Module,
}


@dataclass(slots=True)
class _Standing:
    """A stack that stands, or the failure of the one attempt to make it."""

    stack: Stack | None = None
    failure: CommandFailed | None = None
    state: bytes = b""
    snapshot: Snapshot | None = None


@dataclass(slots=True)
class Lifetimes:
    """The stacks, emulators and batches of one pytest process."""

    bench: Bench
    run_id: str
    worker: str
    _standing: dict[tuple[str, str], _Standing] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _batches: dict[str, list[Case]] = field(default_factory=dict)
    _planned: dict[str, Planned] = field(default_factory=dict)
    _owners: set[str] = field(default_factory=set)

    def unique(self, name: str) -> str:
        """A short name of letters and digits that no other run, worker or ``name`` has."""
        if name not in self._names:
            self._names[name] = f"t{self.run_id[:5]}w{self.worker}n{len(self._names)}"
        return self._names[name]

    def fill(self, case: Case, name: str) -> Case:
        """The case with ``{unique}`` in its variables replaced by the unique name of ``name``."""
        unique = self.unique(name)
        return replace(case, vars=fill_in(case.vars, lambda text: text.replace(_UNIQUE, unique)))

    def owner(self, item: pytest.Item, scope: Scope) -> str:
        """The name under which a test's scope holds an emulator; it gives it back when it ends."""
        node = _node(item, scope)
        name = _owner(node, scope)
        if name not in self._owners:
            self._owners.add(name)
            node.addfinalizer(lambda: self._give_back(name))
        return name

    def _give_back(self, owner: str) -> None:
        self._owners.discard(owner)
        self.bench.emulators.release(owner)

    def emulator(self, item: pytest.Item, case: Case | None) -> Emulator:
        """The emulator of a test's scope; one of the test's own where it has no module."""
        if case is not None and case.level is Level.AWS:
            pytest.fail("a test of level aws has no emulator", pytrace=False)
        return self.bench.emulators.lease(self.owner(item, case.scope if case else Scope.FUNCTION))

    def open(self, item: pytest.Item, case: Case) -> Stack:
        """An initialised stack that is not applied yet; it ends with its scope."""
        node = _node(item, case.scope)
        name = f"{_owner(node, case.scope)} {case.key}"
        filled = self.fill(case, name)
        work = self.bench.fresh(filled, self.owner(item, case.scope))
        write_values(work.root, filled.vars)
        emulator = self.bench.emulators.held_by(self.owner(item, case.scope))
        origin = Origin(item.nodeid, self.unique(name), case, emulator)
        stack = Stack(self.bench, filled, work, origin)
        node.addfinalizer(lambda: self.close(stack))
        return stack

    def stack(self, item: pytest.Item, case: Case) -> Stack | RecordedStack:
        """The applied stack of a test: applied now, or by an earlier test of the same scope, or recorded."""
        if case.level is Level.AWS:
            recorded = self.bench.config.hook.pytest_landform_recorded(item=item, case=case)
            if recorded is not None:
                return recorded  # type: ignore[no-any-return]
        node = _node(item, case.scope)
        key = (_owner(node, case.scope), case.key)
        if key not in self._standing:
            standing = self._standing[key] = _Standing()
            node.addfinalizer(lambda: self._standing.pop(key, None))
            try:
                self._apply(standing, item, case)
            except BaseException:  # skipped or interrupted: nothing to remember
                del self._standing[key]
                raise
        standing = self._standing[key]
        if standing.failure is not None:
            raise standing.failure
        assert standing.stack is not None  # noqa: S101 - one of the two is there
        if standing.snapshot is not None:
            self.emulator(item, case).restore(standing.snapshot)
            standing.stack.put_back(standing.state)
        return standing.stack

    def _apply(self, standing: _Standing, item: pytest.Item, case: Case) -> None:
        try:
            stack = self.open(item, case).apply()
        except CommandFailed as failure:
            standing.failure = failure
            return
        if case.restore is not None and case.level is not Level.AWS:
            standing.snapshot, standing.state = self.emulator(item, case).snapshot(), stack.state
        standing.stack = stack

    def close(self, stack: Stack) -> None:
        """End a stack: really destroyed once per module and run and always in real accounts, else reset.

        A failed destroy keeps the folder and says how to go on by hand. Raises ``CommandFailed``.
        """
        must = stack.case.level is Level.AWS
        if not stack.is_empty and (must or self.bench.claim(f"destroy {stack.case.module}")):
            try:
                stack.destroy()
            except CommandFailed as failure:
                by_hand = f"Its folder is kept: {stack.folder}"
                raise CommandFailed(f"{failure}\n\n{by_hand}", failure.diagnostics) from None
        self.bench.config.hook.pytest_landform_gone(config=self.bench.config, stack=stack)
        self.bench.discard(stack.work)

    def batch(self, name: str, case: Case) -> None:
        """A case that will be planned together with the others of ``name``."""
        cases = self._batches.setdefault(name, [])
        if all(case.key != other.key for other in cases):
            cases.append(case)

    def planned(self, name: str, case: Case) -> Planned:
        """The plan of a case, or its failure. Raises ``CommandFailed`` where its whole batch failed."""
        if case.key not in self._planned:
            together = self._batches.pop(name, None) or [case]
            owner = f"batch {name}"
            try:
                plans: list[Planned] = plan_together(self.bench, together, owner)
            except CommandFailed as failure:
                plans = [failure] * len(together)
            finally:
                self.bench.emulators.release(owner)
            self._planned |= {one.key: plan for one, plan in zip(together, plans, strict=True)}
        return self._planned[case.key]


def _node(item: pytest.Item, scope: Scope) -> pytest.Item | pytest.Collector:
    """The part of the tests whose end is the end of a scope; a test outside any class is its own."""
    if scope is Scope.SESSION:
        return item.session
    return item.getparent(_NODES[scope]) or item if scope in _NODES else item


def scope_name(item: pytest.Item, scope: Scope) -> str:
    """The same for all tests between which ``scope`` lets a stack stand."""
    return _owner(_node(item, scope), scope)


def _owner(node: pytest.Item | pytest.Collector, scope: Scope) -> str:
    # A worker adds "@group" to the name of a grouped test after it was collected.
    return f"{scope} {node.nodeid.partition('@tf-')[0]}"
