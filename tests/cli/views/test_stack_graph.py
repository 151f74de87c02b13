"""The drawing of the stacks: layers, nothing on top of another, and the blast radius marked."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from cli.views import samples
from landform.cli.views.stack_graph import Node, StackGraph, stack_graph
from landform.planning.changes import Action
from landform.review import Review


def _nodes(graph: StackGraph) -> dict[str, Node]:
    return {node.name: node for node in graph.nodes}


@pytest.mark.parametrize("review", [samples.full(), samples.large(40, 1, 40), samples.hostile()])
def test_no_stack_lies_on_another_or_outside(review: Review) -> None:
    graph = stack_graph(review)
    for one, other in combinations(graph.nodes, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        above = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or above, (one.name, other.name)
    assert all(node.x >= 0 and node.x + node.width <= graph.width for node in graph.nodes)
    assert all(node.y >= 0 and node.y + node.height <= graph.height for node in graph.nodes)


def test_what_a_stack_needs_stands_to_its_left() -> None:
    graph = stack_graph(samples.large(40, 1, 40))
    nodes = _nodes(graph)
    assert len(graph.edges) > 40
    assert all(nodes[edge.source].x + nodes[edge.source].width < nodes[edge.target].x for edge in graph.edges)


def test_the_blast_radius_is_marked() -> None:
    graph = stack_graph(samples.full())
    kinds = {name: node.kind for name, node in _nodes(graph).items()}
    assert kinds == {"network": "quiet", "database": "ends", "web": "ends", "jobs": "deferred"}
    assert {(edge.source, edge.target): edge.reaches for edge in graph.edges} == {
        ("network", "database"): False,
        ("network", "web"): False,
        ("database", "web"): True,
    }


def test_a_stack_with_dependents_of_what_ends_is_reached() -> None:
    full = samples.full()
    quiet = samples.stack("web", upstream=("database",))
    graph = stack_graph(replace(full, stacks=(full.stacks[1], quiet)))
    assert _nodes(graph)["web"].kind == "reached"


def test_what_is_made_for_the_first_time_is_not_reached_by_anything() -> None:
    source = "module.network.aws_vpc.this.id"
    made = samples.change("web", "aws_lb.this", Action.CREATE, caused_by=(source,))
    network = samples.stack("network", samples.change("network", "aws_vpc.this", Action.CREATE))
    review = samples.review(
        network, samples.stack("web", made, upstream=("network",), caused_by=("network",))
    )
    graph = stack_graph(review)
    assert [node.kind for node in graph.nodes] == ["changes", "changes"]
    assert [edge.reaches for edge in graph.edges] == [False]


def test_a_circle_comes_to_an_end() -> None:
    circle = samples.review(samples.stack("a", upstream=("b",)), samples.stack("b", upstream=("a",)))
    assert len(stack_graph(circle).nodes) == 2


def test_nothing_is_drawn_of_nothing() -> None:
    assert stack_graph(samples.review()).nodes == ()
