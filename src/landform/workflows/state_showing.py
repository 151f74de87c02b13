"""What a state holds: the addresses of all its objects, or the attributes of some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from landform.errors import LandformError
from landform.planning.redaction import Redactor
from landform.planning.state_instances import Instance, instances_of, secrets_of_state
from landform.planning.states import parse_state
from landform.project.names import did_you_mean
from landform.workflows.place import Place, check_stacks
from landform.workflows.plan import known_secrets
from landform.workflows.state_homes import own_home


@dataclass(frozen=True, slots=True)
class StateContents:
    """Objects of one state. ``with_attributes``: some were asked for by address, so theirs are shown."""

    stack: str
    serial: int
    lineage: str
    instances: tuple[Instance, ...]
    with_attributes: bool = False


def state_contents(
    place: Place, stack: str, address: str = "", *, show_sensitive: bool = False
) -> StateContents:
    """The objects of a stack's state, or those at ``address``; secrets are hidden unless asked for.

    Without the key of ``count`` or ``for_each`` an address means all objects of the resource. Raises
    LandformError where there is no state, or nothing at the address.
    """
    found = own_home(place).get(stack)
    state = parse_state(stack, found.content if found else None)
    if state.document is None:
        check_stacks(place.project, (stack,))  # one that is there may have no stack any more
        raise LandformError(f"stack {stack!r} has no state in {place.environment.name}", "Apply it first.")
    held = tuple(instances_of(state))
    if address:
        hide = Redactor() if show_sensitive else secrets_of_state(state) | known_secrets(place)
        chosen = _at(held, stack, address)
        held = chosen if show_sensitive else tuple(_hidden(each, hide) for each in chosen)
    return StateContents(stack, state.serial, state.lineage, held, bool(address))


def _at(instances: tuple[Instance, ...], stack: str, address: str) -> tuple[Instance, ...]:
    for wanted in (address, f"module.{stack}.{address}"):
        found = tuple(each for each in instances if _is_at(each.address, wanted))
        if found:
            return found
    what = f"the state of {stack} holds no object at {address}"
    raise LandformError(what, did_you_mean(address, [each.address for each in instances]))


def _is_at(address: str, wanted: str) -> bool:
    rest = address.removeprefix(wanted)
    return address.startswith(wanted) and (not rest or rest.startswith(("[", " (deposed")))


def _hidden(instance: Instance, hide: Redactor) -> Instance:
    shown: Mapping[str, Any] = hide.data(instance.attributes, instance.sensitive)
    return replace(instance, address=hide.text(instance.address), attributes=shown)
