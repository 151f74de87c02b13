"""Reads the states of an environment's stacks straight from their backend, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from landform.aws.state_objects import StateObject
from landform.planning.states import StackState, parse_state
from landform.workflows.place import Place
from landform.workflows.state_homes import StateHome, own_home

_AT_ONCE = 16


def read_states(place: Place, stacks: Iterable[str]) -> Mapping[str, StackState]:
    """The state of each stack; one that was never applied has none. Raises StateUnreadable."""
    return states_in(own_home(place), stacks)


def states_in(home: StateHome, stacks: Iterable[str]) -> Mapping[str, StackState]:
    """The same, of any place of states. Raises StateUnreadable."""
    found = get_all(home, stacks)
    return {name: parse_state(name, each.content if each else None) for name, each in found.items()}


def get_all(home: StateHome, stacks: Iterable[str]) -> Mapping[str, StateObject | None]:
    """The states of several stacks as they are stored. Raises StateUnreadable."""
    names = list(stacks)
    with ThreadPoolExecutor(min(_AT_ONCE, len(names) or 1)) as pool:
        return dict(zip(names, pool.map(home.get, names), strict=True))
