"""The graph of stacks: order, cycles, and what lies up or down stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landform.project.model import Stack


def edges(stacks: Mapping[str, Stack]) -> dict[str, frozenset[str]]:
    """Each stack with the known stacks it needs first."""
    known = frozenset(stacks)
    return {name: stack.upstream & known - {name} for name, stack in stacks.items()}


def find_cycle(stacks: Mapping[str, Stack]) -> tuple[str, ...]:
    """One cycle as a path that ends where it starts, or an empty tuple."""
    for name, stack in stacks.items():
        if name in stack.upstream:
            return (name, name)
    try:
        TopologicalSorter(edges(stacks)).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def apply_order(stacks: Mapping[str, Stack]) -> tuple[str, ...]:
    """Names with every stack after what it needs; ties in alphabetical order."""
    sorter = TopologicalSorter(edges(stacks))
    sorter.prepare()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)


def upstream_closure(stacks: Mapping[str, Stack], wanted: Iterable[str]) -> frozenset[str]:
    """``wanted`` and everything they need, at any distance."""
    return _closure(edges(stacks), wanted)


def downstream_closure(stacks: Mapping[str, Stack], wanted: Iterable[str]) -> frozenset[str]:
    """``wanted`` and everything that needs them, at any distance."""
    reverse: dict[str, set[str]] = {name: set() for name in stacks}
    for name, needs in edges(stacks).items():
        for need in needs:
            reverse[need].add(name)
    return _closure(reverse, wanted)


def _closure(graph: Mapping[str, Iterable[str]], wanted: Iterable[str]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph[name]
    return frozenset(seen)
