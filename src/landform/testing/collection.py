"""What collected tests ask for: cases, faults, skips by level, groups of workers, batches of plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from landform.testing.levels import Level
from landform.testing.marker import Case, MarkerInvalid, Scope, read_case
from landform.testing.options import Settings

APPLIED, PLANNED, DRIVEN = "tf", "tf_plan", "tf_module"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one test wants: its case or what is wrong with it; ``batch`` names the plans it is made with."""

    case: Case | None = None
    fault: str = ""
    batch: str = ""


WANTED = pytest.StashKey[Wanted]()
"""Where a test keeps it in ``item.stash``."""


def read_items(items: Sequence[pytest.Item], settings: Settings, workers: int) -> None:
    """Read the marker of each test; skip what is above the cap; keep together what shares something."""
    shared: dict[str, list[pytest.Item]] = defaultdict(list)
    planned: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        wanted = item.stash[WANTED] = _read(item)
        case = wanted.case
        if case is None:
            continue
        if case.level > settings.cap:
            reason = f"level {case.level} is above --tf-level={settings.cap}"
            item.add_marker(pytest.mark.skip(reason=reason))
        elif case.scope is not Scope.FUNCTION and {APPLIED, DRIVEN} & _fixtures(item):
            shared[_stack_name(item, case)].append(item)
        elif PLANNED in _fixtures(item):
            planned[case.environment_key].append(item)
    for same in shared.values():
        _group_stack(same)
    for key, same in planned.items():
        for number, part in enumerate(_parts(same, workers)):
            _group_plans(part, f"{key}-{number}")


def _stack_name(item: pytest.Item, case: Case) -> str:
    # Every pytest process reads this file, and few have a test of a module: they don't pay for stacks.
    from landform.testing.lifetimes import scope_name

    return f"{scope_name(item, case.scope)} {case.key}"


def faults_of(items: Sequence[pytest.Item]) -> list[str]:
    """Every fault of these tests, once each."""
    found = (item.stash[WANTED].fault for item in items if WANTED in item.stash)
    return list(dict.fromkeys(fault for fault in found if fault))


def _read(item: pytest.Item) -> Wanted:
    used = _fixtures(item) & {APPLIED, PLANNED, DRIVEN}
    default = Level.PLAN if used == {PLANNED} else Level.APPLY
    try:
        case = read_case(item, default)
    except MarkerInvalid as fault:
        return Wanted(fault=str(fault))
    return Wanted(case, _misuse(item, case, used))


def _misuse(item: pytest.Item, case: Case | None, used: set[str]) -> str:
    """What is wrong between a test's fixtures and its marker, an empty text where nothing is."""
    if case is None:
        wants = ", ".join(sorted(used))
        return _where(item, f"uses {wants} without @pytest.mark.tf(module)") if used else ""
    lowest = Level.APPLY if APPLIED in used else Level.MOCK if PLANNED in used else Level.STATIC
    if case.level >= lowest:
        return ""
    fixture = APPLIED if APPLIED in used else PLANNED
    return _where(item, f"is of level {case.level}, but {fixture!r} needs at least {lowest}")


def _where(item: pytest.Item, what: str) -> str:
    path, line, name = item.location
    return f"{path}:{(line or 0) + 1}: {name} {what}."


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _parts(items: Sequence[pytest.Item], workers: int) -> Iterator[Sequence[pytest.Item]]:
    """About as many parts as there are workers: each process costs as much as three further plans."""
    size = max(3, -(-len(items) // workers))
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _group_stack(items: Sequence[pytest.Item]) -> None:
    """One worker for all tests of a stack, so that it is applied once."""
    names = {_group(item) for item in items} - {""}
    if len(names) > 1:
        fault = f"tests of one stack are in several xdist groups: {', '.join(sorted(names))}."
        for item in items:
            item.stash[WANTED] = Wanted(fault=_where(item, f"can't run: {fault}"))
        return
    case = items[0].stash[WANTED].case
    name = next(iter(names), f"tf-{case.key if case else ''}")
    for item in items:
        if not _group(item):
            item.add_marker(pytest.mark.xdist_group(name))


def _group_plans(items: Sequence[pytest.Item], name: str) -> None:
    for item in items:
        item.stash[WANTED] = Wanted(item.stash[WANTED].case, batch=name)
        if not _group(item):
            item.add_marker(pytest.mark.xdist_group(f"tf-{name}"))


def _group(item: pytest.Item) -> str:
    mark = item.get_closest_marker("xdist_group")
    if mark is None:
        return ""
    return str(mark.args[0] if mark.args else mark.kwargs.get("name", "default"))


def groups_of(items: Sequence[pytest.Item]) -> list[tuple[str, str]]:
    """Each test that has a group, with it."""
    return [(item.nodeid, group) for item in items if (group := _group(item))]


def needs_groups(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests whose stack other tests share."""
    found = [(item, item.stash[WANTED].case) for item in items if WANTED in item.stash]
    return [item for item, case in found if case is not None and case.scope is not Scope.FUNCTION]
