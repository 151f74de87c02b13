"""Sweeps an environment's account: what its states had, what bears its tags or its name, and what is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from landform.aws.arns import named_by
from landform.aws.describer import Fate, Seen
from landform.aws.describers import DESCRIBERS
from landform.aws.kubernetes_leftovers import kubernetes_leftovers
from landform.aws.listers import LISTERS, Listed, Marks, Where, goes_with_its_instance, listed
from landform.aws.seeing import ClientOf, Thing, look_at
from landform.aws.session import caller_account
from landform.aws.tagged import TaggedResource
from landform.planning.former import Former, former_objects
from landform.planning.inventory import Inventory, inventory_of
from landform.planning.states import StackState
from landform.review.sweep import Class, StateLeft, Sweep
from landform.workflows.journal import now
from landform.workflows.orphans import known_states, locked_stacks, own_tags, regions_of, tagged_in_no_state
from landform.workflows.place import Place
from landform.workflows.prices import price_table
from landform.workflows.regions import alias_regions
from landform.workflows.states import read_states
from landform.workflows.sweep_classes import Rules, classified

LOOKS = 4
"""How often an account is looked at, at most, until two looks in a row see the same."""
_FIRST_PAUSE = 3.0
_KUBERNETES = {
    "load balancer": "aws_lb", "target group": "aws_lb_target_group", "instance": "aws_instance",
    "network interface": "aws_network_interface", "security group": "aws_security_group",
    "volume": "aws_ebs_volume",
}  # fmt: skip


def growing_pause(look: int) -> None:
    """Wait 3 s after the first look, 6 s after the second, 12 s …: AWS's tagging API lags."""
    time.sleep(_FIRST_PAUSE * 2 ** (look - 1))


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """``former`` are the objects that had to go (``inventory_before``), of ``stacks``.

    ``retained`` are ARNs, ids or names of what this run has kept on purpose, such as final snapshots, each
    with the reason. ``pause`` is called with the number of the look that has ended, where there is another.
    """

    former: tuple[Former, ...] = ()
    stacks: tuple[str, ...] = ()
    retained: Mapping[str, str] = field(default_factory=dict)
    looks: int = LOOKS
    pause: Callable[[int], None] = growing_pause


@dataclass(frozen=True, slots=True)
class _Look:
    """What does not change from look to look."""

    place: Place
    request: SweepRequest
    states: Sequence[StackState]
    inventory: Inventory
    marks: Marks
    account: str
    regions: tuple[str, ...]
    client_of: ClientOf


def inventory_before(place: Place, stacks: Iterable[str]) -> tuple[Former, ...]:
    """Every object that the states of these stacks manage now: to be asked before they are destroyed."""
    aliases = alias_regions(place.project, place.environment)
    return former_objects(read_states(place, stacks).values(), place.environment.region, aliases)


def sweep(place: Place, request: SweepRequest | None = None) -> Sweep:
    """Look until two looks in a row see the same; changes nothing. Raises LandformError."""
    request = request or SweepRequest()
    look = _prepared(place, request)
    fates: dict[Former, Seen] = {}
    candidates: dict[str, Listed] = {}
    failed: tuple[str, ...] = ()
    before: object = None
    number = 0
    for number in range(1, request.looks + 1):
        fates |= _fates(look, [each for each in request.former if not _is_gone(fates.get(each))])
        candidates, failed = _candidates(look, candidates)
        after = {each.arn: each.seen.fate for each in candidates.values()}, tuple(fates.values())
        if after == before or number == request.looks:
            break
        before = after
        request.pause(number)
    found = classified(_rules(look), fates, list(candidates.values()))
    _, not_asked = regions_of(place.project, place.environment)
    left = {each.stack: each.managed_count for each in look.states}
    return Sweep(
        place.project.name, place.environment.name, look.account, now(), place.where, number, look.regions,
        tuple(sorted(found, key=lambda each: (list(Class).index(each.standing), each.shown))),
        tuple(StateLeft(name, left.get(name, 0)) for name in request.stacks),
        tuple(LISTERS), failed, not_asked, locked_stacks(place),
    )  # fmt: skip


def patient_sweep(place: Place, request: SweepRequest | None = None) -> Sweep:
    """A sweep as a command makes it. Nothing of an emulator is late, so one look sees all."""
    return sweep(place, replace(request or SweepRequest(), looks=1 if place.emulated else LOOKS))


def _rules(look: _Look) -> Rules:
    remaining = frozenset(each.address for each in former_objects(look.states, ""))
    keep = look.place.environment.sweep.keep
    return Rules(price_table(look.place.home), remaining, keep, look.request.retained)


def _prepared(place: Place, request: SweepRequest) -> _Look:
    project, environment = place.project, place.environment
    states = known_states(place)
    name = f"{project.name}-{environment.name}"
    others = (f"{project.name}-{other}" for other in project.environment_by_name)
    marks = Marks(own_tags(place), name, tuple(each for each in others if each.startswith(f"{name}-")))
    known, _ = regions_of(project, environment)
    regions = tuple(dict.fromkeys((*known, *(each.region for each in request.former if each.region))))
    return _Look(
        place, request, states, inventory_of(states), marks, caller_account(place.access), regions,
        cache(place.clients()),
    )  # fmt: skip


def _is_gone(seen: Seen | None) -> bool:
    return seen is not None and seen.fate is Fate.GONE


def _fates(look: _Look, former: Sequence[Former]) -> dict[Former, Seen]:
    """What became of each object that had to go."""
    nothing = [each for each in former if each.only_in_state]
    things = {
        each: Thing(each.type, each.id, each.arn, each.region) for each in former if not each.only_in_state
    }
    seen = look_at(look.client_of, things.values())
    found = {each: seen[thing] for each, thing in things.items()}
    return found | {each: Seen(Fate.GONE, "it was only in its state") for each in nothing}


def _candidates(look: _Look, earlier: Mapping[str, Listed]) -> tuple[dict[str, Listed], tuple[str, ...]]:
    """Everything of the environment that is in no state, each looked at itself, and what can't be listed."""
    found, failed = _listed(look)
    every = {**earlier, **found}
    verified = _verified(look, [each for arn, each in every.items() if _is_to_verify(arn, earlier, found)])
    kept: dict[str, Listed] = {}
    for arn, each in every.items():
        seen = verified.get(arn, earlier[arn].seen if arn in earlier else each.seen)
        is_listed = arn in found or seen.fate is not Fate.NOT_LOOKED_AT
        goes_by_itself = goes_with_its_instance(each.type, seen.facts) or _is_automated(look, arn, seen.facts)
        if is_listed and seen.fate is not Fate.GONE and not goes_by_itself:
            kept[arn] = replace(each, seen=seen)
    return kept, failed


def _is_automated(look: _Look, arn: str, facts: Mapping[str, Any]) -> bool:
    """Whether it is a snapshot that RDS makes each day of a database which a state has: it ends with that."""
    if facts.get("SnapshotType") != "automated":
        return False
    owner = ":".join(arn.split(":")[:5])
    named = (("db", facts.get("DBInstanceIdentifier")), ("cluster", facts.get("DBClusterIdentifier")))
    return any(name and look.inventory.knows(f"{owner}:{kind}:{name}", {}) for kind, name in named)


def _is_to_verify(arn: str, earlier: Mapping[str, Listed], found: Mapping[str, Listed]) -> bool:
    """Not what was there at the last look, and is listed still."""
    return not (arn in earlier and arn in found and earlier[arn].seen.fate is Fate.THERE)


def _listed(look: _Look) -> tuple[dict[str, Listed], tuple[str, ...]]:
    found: dict[str, Listed] = {}
    failed: list[str] = []
    for tagged in tagged_in_no_state(look.place, look.states, look.regions):
        found[tagged.arn] = _as_listed(tagged)
    for region in look.regions:
        own, not_listed = listed(Where(look.client_of, region, look.account, look.marks))
        failed += not_listed
        for each in own:
            if not look.inventory.knows(each.arn, each.tags):
                found[each.arn] = each if each.arn not in found else replace(each, by_name=False)
    found |= {each.arn: each for each in _of_kubernetes(look) if each.arn not in found}
    return found, tuple(failed)


def _as_listed(tagged: TaggedResource) -> Listed:
    named = named_by(tagged.arn)
    region = tagged.arn.split(":", 4)[3] or tagged.region
    unseen = Seen(Fate.NOT_LOOKED_AT, "the tagging API lists it; it may be late")
    name = tagged.tags.get("Name", "")
    return Listed(tagged.arn, named.type, named.id, region, name, tagged.tags, seen=unseen)


def _of_kubernetes(look: _Look) -> Iterator[Listed]:
    """What the clusters that had to go have made."""
    for each in look.request.former:
        if each.type == "aws_eks_cluster":
            where = Where(look.client_of, each.region, look.account, look.marks)
            access = replace(look.place.access, region=each.region)
            for left in kubernetes_leftovers(access, each.id):
                kind = _KUBERNETES[left.kind]
                resource = kind.removeprefix("aws_").removeprefix("ebs_").replace("_", "-")
                arn = left.id if left.id.startswith("arn:") else where.arn("ec2", f"{resource}/{left.id}")
                yield Listed(arn, kind, left.id, each.region, left.made_for or left.name)


def _verified(look: _Look, every: Sequence[Listed]) -> dict[str, Seen]:
    """Each of these as its own service describes it; as it was listed where that can't be done."""
    things = {each.arn: Thing(each.type, each.id, each.arn, each.region) for each in every}
    seen = look_at(look.client_of, (each for each in things.values() if each.type in DESCRIBERS))
    return {arn: seen[thing] for arn, thing in things.items() if thing in seen}
