"""A plan on its own, of any root: each module that the root calls stands for a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from landform.planning.causes import references
from landform.planning.changes import stack_of
from landform.planning.environment_plan import EnvironmentPlan, PlanFrame, StackPlan, parse_plan
from landform.planning.plan_file import PlanFile, damaged

ROOT = ""
"""The stack of what lies in the root module itself."""

_NO_OBJECTS = frozenset({"var", "local", "each", "count", "path", "terraform", "self"})
_FAULTS = (AttributeError, IndexError, RecursionError, TypeError, ValueError)


def environment_plan_of(file: PlanFile, environment: str) -> EnvironmentPlan:
    """A plan's file on its own; changes of outputs are the root's. Raises LandformError for a damaged one."""
    with reading(file.name):
        stacks = list(_stacks(file.document))
        outputs = {each: (ROOT, each) for each in file.document.get("output_changes") or {}}
        frame = PlanFrame("", environment, stacks, outputs, foreign=True, digest=file.digest)
        return parse_plan(file.document, frame, no_locals)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever fails inside is the fault of the plan called ``name``; what the plan holds is not told."""
    try:
        yield
    except KeyError as error:
        raise damaged(name, f"missing {error}") from None
    except _FAULTS as error:
        raise damaged(name, f"a value of another kind than it should be ({type(error).__name__})") from None


def no_locals(_path: tuple[str, ...], _name: str) -> tuple[str, ...]:
    """What a local refers to: a plan does not hold locals, and there are no files to look into."""
    return ()


def _stacks(document: Mapping[str, Any]) -> Iterator[StackPlan]:
    rows = (*(document.get("resource_changes") or ()), *(document.get("resource_drift") or ()))
    names = dict.fromkeys(stack_of(row["address"]) or ROOT for row in rows)
    if document.get("output_changes"):
        names = {ROOT: None} | names
    calls = document.get("configuration", {}).get("root_module", {}).get("module_calls", {})
    upstream = dict(_upstream(calls))
    for name in _in_order(list(names), upstream):
        call = calls.get(name, {})
        source = f"{call.get('source', '')} {call.get('version_constraint', '')}".strip()
        yield StackPlan(name, source, tuple(sorted(upstream.get(name, set()) & names.keys())))


def _upstream(calls: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """(module call, the calls it reads, and the root where it reads an object of that)."""
    for name, call in calls.items():
        reading = [call.get(key) for key in ("expressions", "for_each_expression", "count_expression")]
        found = [*references(reading), *call.get("depends_on", ())]
        yield name, {_read(each) for each in found if each.split(".")[0] not in _NO_OBJECTS} - {name}


def _read(reference: str) -> str:
    return stack_of(reference) or ROOT


def _in_order(names: Sequence[str], upstream: Mapping[str, set[str]]) -> list[str]:
    """Each after those it reads, as far as it goes: modules of one root may read each other."""
    left, ordered = list(names), list[str]()
    while left:
        free = [name for name in left if not upstream.get(name, set()) & set(left) - {name}]
        ordered += free or left[:1]
        left = [name for name in left if name not in ordered]
    return ordered
