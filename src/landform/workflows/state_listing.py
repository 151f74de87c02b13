"""The states of an environment and what each of them is, without a look at its values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from landform.aws.state_objects import StateObject
from landform.errors import StateUnreadable
from landform.planning.state_instances import managed_addresses
from landform.planning.states import parse_state
from landform.workflows.place import Place, check_stacks
from landform.workflows.state_homes import own_home
from landform.workflows.states import get_all


@dataclass(frozen=True, slots=True)
class StateFacts:
    """One stack's state. ``written`` is None where there is none; ``size`` is in bytes.

    ``resources`` counts the objects it manages; ``fault`` says why it can't be read.
    """

    stack: str
    address: str
    written: datetime | None = None
    size: int = 0
    serial: int = 0
    lineage: str = ""
    terraform: str = ""
    resources: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class StateListing:
    """All states that were asked for, and where they are: what ``state migrate --from`` takes."""

    environment: str
    where: str
    states: tuple[StateFacts, ...]


def list_states(place: Place, stacks: tuple[str, ...] = ()) -> StateListing:
    """The state of each stack, in apply order. Raises StateUnreadable where none of them can be reached."""
    check_stacks(place.project, stacks)
    home = own_home(place)
    names = [name for name in place.project.order if not stacks or name in stacks]
    found = get_all(home, names)
    facts = (facts_of(name, home.address(name), found[name]) for name in names)
    return StateListing(place.environment.name, home.where, tuple(facts))


def facts_of(stack: str, address: str, found: StateObject | None) -> StateFacts:
    """What a state that was read is."""
    if found is None:
        return StateFacts(stack, address)
    size = len(found.content)
    try:
        state = parse_state(stack, found.content)
    except StateUnreadable as error:
        return StateFacts(stack, address, found.written, size, fault=error.what)
    terraform = str((state.document or {}).get("terraform_version", ""))
    count = len(managed_addresses(state))
    return StateFacts(stack, address, found.written, size, state.serial, state.lineage, terraform, count)
