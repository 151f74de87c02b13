"""Order, cycles and closures of the graph of stacks."""

from __future__ import annotations

from itertools import pairwise

from landform.project import Stack
from landform.project.graph import apply_order, downstream_closure, find_cycle, upstream_closure


def _stacks(**needs: tuple[str, ...]) -> dict[str, Stack]:
    """Stacks that read an output of each stack they need."""
    return {
        name: Stack(name, "m", {one: f"${{stack.{one}.id}}" for one in wanted})
        for name, wanted in needs.items()
    }


_SHOP = _stacks(web=("network", "database"), database=("network",), network=(), dns=(), audit=("web",))


def test_every_stack_comes_after_what_it_needs_and_ties_are_alphabetical() -> None:
    assert apply_order(_SHOP) == ("dns", "network", "database", "web", "audit")
    assert apply_order(dict(reversed(_SHOP.items()))) == apply_order(_SHOP)


def test_depends_on_is_an_edge_that_no_value_shows() -> None:
    stacks = {"a": Stack("a", "m", depends_on=("b",)), "b": Stack("b", "m")}
    assert apply_order(stacks) == ("b", "a")
    assert stacks["a"].reads == frozenset()
    assert stacks["a"].upstream == {"b"}


def test_closures_reach_any_distance() -> None:
    assert upstream_closure(_SHOP, ["database"]) == {"database", "network"}
    assert upstream_closure(_SHOP, ["audit"]) == {"audit", "web", "database", "network"}
    assert downstream_closure(_SHOP, ["database"]) == {"database", "web", "audit"}
    assert downstream_closure(_SHOP, ["dns"]) == {"dns"}


def test_a_cycle_is_a_path_that_follows_the_references() -> None:
    path = find_cycle(_stacks(a=("b",), b=("c",), c=("a",), d=()))
    assert path[0] == path[-1]
    assert set(pairwise(path)) == {("a", "b"), ("b", "c"), ("c", "a")}


def test_a_stack_that_needs_itself_is_a_cycle() -> None:
    assert find_cycle(_stacks(a=("a",))) == ("a", "a")


def test_no_cycle_is_no_path() -> None:
    assert find_cycle(_SHOP) == ()


def test_a_stack_nobody_knows_does_not_hide_the_order() -> None:
    assert apply_order(_stacks(a=("gone",), b=("a",))) == ("a", "b")
