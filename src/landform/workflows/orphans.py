"""What has lost its other half: states without a stack, stacks without a state, resources in no state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landform.aws.state_objects import StateObject
from landform.aws.tagged import SERVICE, TaggedResource, global_region, tagged_resources
from landform.generator.roots import environment_object
from landform.planning.inventory import inventory_of
from landform.planning.states import StackState, parse_state
from landform.project import Environment, Project
from landform.workflows.place import Place
from landform.workflows.regions import provider_regions
from landform.workflows.state_homes import BucketHome, own_home
from landform.workflows.state_listing import StateFacts, facts_of
from landform.workflows.states import get_all

OWN_TAGS = ("Project", "Environment")
"""Of the tags that the roots give to everything, those by which an environment is told from others."""


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """A tagged resource that is in no state, and the addresses of managed objects that name it."""

    resource: TaggedResource
    mentioned_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Orphans:
    """``states`` have no stack, ``stacks`` no state. ``not_asked``: whose region only Terraform can tell.

    ``locked``: stacks somebody works on; what that makes is in no state before it ends.
    """

    environment: str
    states: tuple[StateFacts, ...] = ()
    stacks: tuple[str, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    regions: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()

    @property
    def is_left_over(self) -> bool:
        """Whether something may cost money and nobody looks after it."""
        return bool(self.unmanaged) or any(each.resources or each.fault for each in self.states)


def find_orphans(place: Place) -> Orphans:
    """Compare the project with its states, and its states with what stands in AWS.

    Raises LandformError, for a stack's state that can't be read as well: all it manages would look lost.
    """
    home, project = own_home(place), place.project
    names = list(dict.fromkeys((*project.order, *home.stacks())))
    found = get_all(home, names)
    facts = {name: facts_of(name, home.address(name), each) for name, each in found.items()}
    states = _readable(project, found, facts)
    inventory = inventory_of(states)
    tagged = tagged_in_no_state(place, states)
    regions, not_asked = regions_of(project, place.environment)
    return Orphans(
        place.environment.name,
        tuple(facts[name] for name in names if name not in project.stack_by_name),
        tuple(name for name in project.order if found[name] is None),
        tuple(Unmanaged(each, inventory.mentioned_by(each.arn)) for each in tagged),
        regions,
        not_asked,
        locked_stacks(place) if tagged else (),
    )


def _readable(
    project: Project, found: Mapping[str, StateObject | None], facts: Mapping[str, StateFacts]
) -> list[StackState]:
    """The states; one without a stack counts where it can be read. Raises StateUnreadable."""
    return [
        parse_state(name, each.content)
        for name, each in found.items()
        if each and (name in project.stack_by_name or not facts[name].fault)
    ]


def known_states(place: Place) -> list[StackState]:
    """Every state of an environment, those without a stack too.

    Raises StateUnreadable for a stack's state that can't be read: all it manages would look lost.
    """
    home, project = own_home(place), place.project
    found = get_all(home, list(dict.fromkeys((*project.order, *home.stacks()))))
    facts = {name: facts_of(name, home.address(name), each) for name, each in found.items()}
    return _readable(project, found, facts)


def locked_stacks(place: Place) -> tuple[str, ...]:
    """Stacks whose state somebody has locked: what they make is in no state before they end."""
    home = own_home(place)
    return tuple(name for name in place.project.order if home.lock(name))


def own_tags(place: Place) -> dict[str, str]:
    """The values of those tags in an environment."""
    tags = environment_object(place.project, place.environment)["tags"]
    return {name: str(tags[name]) for name in OWN_TAGS} if isinstance(tags, dict) else {}


def tagged_in_no_state(
    place: Place, states: Iterable[StackState], more: Iterable[str] = ()
) -> tuple[TaggedResource, ...]:
    """Resources with the environment's tags that none of ``states`` manages, by ARN.

    Asked are the environment's regions, and those of ``more``. The bucket of the states themselves is left
    out. Raises LandformError where AWS can't be asked.
    """
    inventory = inventory_of(states)
    wanted = own_tags(place)
    known, _ = regions_of(place.project, place.environment)
    regions = dict.fromkeys((*known, *more))
    client_of = place.clients()
    found = tagged_resources(lambda region: client_of(SERVICE, region), regions, wanted)
    home = own_home(place)
    bucket = f"arn:aws:s3:::{home.bucket}" if isinstance(home, BucketHome) else ""
    unknown = (each for each in found if not inventory.knows(each.arn, each.tags) and each.arn != bucket)
    return tuple(sorted(unknown, key=lambda each: each.arn))


def regions_of(project: Project, environment: Environment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where an environment may have resources, and the providers whose region can't be told from here."""
    by_provider = provider_regions(project, environment)
    known = dict.fromkeys(region for region in by_provider.values() if region)
    known[global_region(environment.region)] = None
    return tuple(known), tuple(name for name, region in by_provider.items() if region is None)
