"""The stacks of a review as a drawing in layers: what a stack needs stands to its left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from landform.cli.views.phrases import plural
from landform.planning.changes import Action
from landform.review import Review, StackReview

_HEIGHT = 46
_THIN = 10
_ROW = 16
_COLUMN = 72
_LETTER = 7.4
_SMALL = 6.2
_PADDING = 30
_LONGEST = 28
_MARGIN = 8
_SWEEPS = 4

_Edge = tuple[str, str]
_Item = str | tuple[str, str, int]
"""A stack, or an edge where it passes through a layer."""
_Boxes = Mapping[_Item, tuple[float, float, float]]
"""(x, y, width) of each item."""


@dataclass(frozen=True, slots=True)
class Node:
    """One stack. ``kind``: ``ends`` (objects end), ``reached``, ``changes``, ``quiet`` or ``deferred``."""

    name: str
    label: str
    note: str
    kind: str
    x: float
    y: float
    width: float
    height: float = _HEIGHT


@dataclass(frozen=True, slots=True)
class Edge:
    """An SVG path between two stacks. ``reaches``: changes of the first reach into the second."""

    source: str
    target: str
    path: str
    reaches: bool


@dataclass(frozen=True, slots=True)
class StackGraph:
    """A drawing, in CSS pixels."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float


def stack_graph(review: Review) -> StackGraph:
    """The drawing of a review's stacks, with what is hit by the end of objects elsewhere marked."""
    stacks = {stack.stack: stack for stack in review.stacks}
    edges = [(above, name) for name, stack in stacks.items() for above in stack.upstream if above in stacks]
    reach = _reach(review)
    depth = _layers(stacks, edges)
    deferred = [name for name, _ in review.deferred if name not in stacks]
    depth |= dict.fromkeys(deferred, max(depth.values(), default=0) + bool(edges))
    names = [*stacks, *deferred]
    layers = _ordered(depth, edges)
    notes = {name: _note(stacks.get(name)) for name in names}
    widths = {name: _PADDING + max(len(_label(name)) * _LETTER, len(notes[name]) * _SMALL) for name in names}
    boxes, width, height = _placed(layers, widths)
    nodes = tuple(
        Node(name, _label(name), notes[name], _kind(stacks.get(name), reach), *boxes[name]) for name in names
    )
    drawn = tuple(Edge(*edge, _path(edge, len(layers), boxes), edge in reach) for edge in edges)
    return StackGraph(nodes, drawn, width, height)


def _reach(review: Review) -> set[_Edge]:
    """Pairs of stacks where changes of the first reach into what the second has already."""
    found: set[_Edge] = set()
    for stack in review.stacks:
        for change in stack.changes:
            found |= {(stack.stack, _stack_of(each)) for each in change.dependents}
            if change.action is not Action.CREATE:
                found |= {(_stack_of(each), stack.stack) for each in change.caused_by}
    return {(source, target) for source, target in found if source != target}


def _stack_of(address: str) -> str:
    return address.removeprefix("data.").removeprefix("module.").partition(".")[0].partition("[")[0]


def _layers(names: Iterable[str], edges: Iterable[_Edge]) -> dict[str, int]:
    """How many stacks stand before each one, at most. A circle, which no plan has, comes to an end."""
    above: dict[str, list[str]] = {name: [] for name in names}
    for source, target in edges:
        above[target].append(source)
    depth = dict.fromkeys(above, 0)
    for _ in above:
        deeper = {name: max((depth[each] + 1 for each in found), default=0) for name, found in above.items()}
        if deeper == depth:
            break
        depth = deeper
    return {name: min(number, len(depth) - 1) for name, number in depth.items()}


def _ordered(depth: Mapping[str, int], edges: list[_Edge]) -> list[list[_Item]]:
    """The items of each layer, ordered so that few edges cross: each near the middle of its neighbours."""
    layers: list[list[_Item]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    beside: dict[_Item, list[_Item]] = {name: [] for name in depth}
    for name, number in depth.items():
        layers[number].append(name)
    for edge in edges:
        between: list[_Item] = [(*edge, number) for number in range(depth[edge[0]] + 1, depth[edge[1]])]
        for number, item in enumerate(between, depth[edge[0]] + 1):
            layers[number].append(item)
        for left, right in pairwise([edge[0], *between, edge[1]]):
            beside.setdefault(left, []).append(right)
            beside.setdefault(right, []).append(left)
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            places = {item: index / len(each) for each in layers for index, item in enumerate(each, 1)}
            layer.sort(key=lambda item: _middle(item, beside, places))
    return layers


def _middle(item: _Item, beside: Mapping[_Item, list[_Item]], places: Mapping[_Item, float]) -> float:
    near = [places[each] for each in beside[item] if each in places]
    return sum(near) / len(near) if near else places[item]


def _placed(layers: list[list[_Item]], widths: Mapping[str, float]) -> tuple[_Boxes, float, float]:
    """Where each item stands; then the size of the whole."""
    heights = [sum(_height(item) + _ROW for item in layer) - _ROW for layer in layers]
    tallest = max(heights, default=0)
    boxes: dict[_Item, tuple[float, float, float]] = {}
    x = float(_MARGIN)
    for number, layer in enumerate(layers):
        width = max((widths[item] for item in layer if isinstance(item, str)), default=0.0)
        y = _MARGIN + (tallest - heights[number]) / 2
        for item in layer:
            boxes[item] = (x, y, width)
            y += _height(item) + _ROW
        x += width + _COLUMN
    return boxes, x - _COLUMN + _MARGIN, tallest + 2 * _MARGIN


def _height(item: _Item) -> int:
    return _HEIGHT if isinstance(item, str) else _THIN


def _label(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _path(edge: _Edge, layers: int, boxes: _Boxes) -> str:
    """From the right side of one box, through the gaps kept free for it, to the left side of the other."""
    x, y, width = boxes[edge[0]]
    at = (x + width, y + _HEIGHT / 2)
    parts = [f"M{at[0]:.0f} {at[1]:.0f}"]
    for number in range(layers):
        if (*edge, number) in boxes:
            x, y, width = boxes[(*edge, number)]
            parts += [_curve(at, (x, y + _THIN / 2)), f"H{x + width:.0f}"]
            at = (x + width, y + _THIN / 2)
    x, y, _ = boxes[edge[1]]
    return " ".join([*parts, _curve(at, (x, y + _HEIGHT / 2))])


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    middle = (start[0] + end[0]) / 2
    return f"C{middle:.0f} {start[1]:.0f} {middle:.0f} {end[1]:.0f} {end[0]:.0f} {end[1]:.0f}"


def _note(stack: StackReview | None) -> str:
    if stack is None:
        return "deferred"
    ends = sum(change.action.destroys for change in stack.changes)
    note = plural(len(stack.changes), "change") if stack.changes else "no changes"
    return note + (f", {ends:,} {'ends' if ends == 1 else 'end'}" if ends else "")


def _kind(stack: StackReview | None, reach: set[_Edge]) -> str:
    if stack is None:
        return "deferred"
    if any(change.action.destroys for change in stack.changes):
        return "ends"
    if any(target == stack.stack for _, target in reach):
        return "reached"
    return "changes" if stack.changes or stack.outputs else "quiet"
