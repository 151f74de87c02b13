"""What two states of one stack differ in: objects, names of attributes, outputs. Holds no value of either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from landform.planning.state_instances import Instance, instances_of
from landform.planning.states import StackState


@dataclass(frozen=True, slots=True)
class ChangedObject:
    """An object that both states hold, and the names of what differs in it."""

    address: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateDifference:
    """What taking one state for another means. Only managed objects count: data is read anew.

    ``gone``: only in the first. ``back``: only in the second. ``outputs``: names of those that differ.
    """

    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    changed: tuple[ChangedObject, ...] = ()
    outputs: tuple[str, ...] = ()
    same: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the two say the same."""
        return not (self.gone or self.back or self.changed or self.outputs)


def state_difference(now: StackState, then: StackState) -> StateDifference:
    """What changes when ``then`` takes the place of ``now``."""
    before, after = _managed(now), _managed(then)
    both = [address for address in before if address in after]
    compared = [
        ChangedObject(address, tuple(_differing(before[address], after[address]))) for address in both
    ]
    changed = tuple(each for each in compared if each.attributes)
    return StateDifference(
        tuple(address for address in before if address not in after),
        tuple(address for address in after if address not in before),
        changed,
        tuple(_differing_keys(_outputs(now), _outputs(then))),
        len(both) - len(changed),
    )


def _managed(state: StackState) -> dict[str, Instance]:
    return {each.address: each for each in instances_of(state) if each.is_managed}


def _outputs(state: StackState) -> dict[str, Any]:
    return dict((state.document or {}).get("outputs") or {})


def _differing(one: Instance, other: Instance) -> Iterator[str]:
    yield from _differing_keys(dict(one.attributes), dict(other.attributes))
    if one.status != other.status:
        yield "(tainted)"
    if one.provider != other.provider:
        yield "(provider)"


def _differing_keys(one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    nothing = object()
    for key in sorted(one.keys() | other.keys()):
        if one.get(key, nothing) != other.get(key, nothing):
            yield key
