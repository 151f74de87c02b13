"""Looks for drift: one ordinary plan of each environment, and what it says of what has changed outside.

``plan -refresh-only -detailed-exitcode`` is of no use for that: it reports drift on clean stacks. An ordinary
plan tells both what differs from the state, and what an apply would do about it. An environment that releases
are promoted to is planned with the release that it runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from landform.aws.tagged import TaggedResource
from landform.aws.trail import TrailEvent
from landform.errors import LandformError, TerraformFailed
from landform.planning.changes import Action
from landform.planning.drift import DriftOutcome, names_of
from landform.planning.environment_plan import StackPlan
from landform.project import Project, Purpose
from landform.project.drift_rules import DriftRule, read_drift_rules
from landform.review import ChangeReview, StackReview, review_plan
from landform.review.policy.patterns import matches
from landform.workflows.drift_context import unmanaged_in, who_changed
from landform.workflows.place import Place, PlaceOptions, open_place
from landform.workflows.plan import Planned, PlanRequest, known_secrets, plan_environment
from landform.workflows.ran import last_runs, runs_backwards
from landform.workflows.records import records_of
from landform.workflows.releasing import open_named_release
from landform.workflows.reviewing import prepared, redacted
from landform.workflows.seen_drift import keep_seen, seen_drift

AT_ONCE = 3
"""Environments that are planned side by side; each is a Terraform and a provider, some 700 MB."""


class Standing(StrEnum):
    """What a plan finds of a stack. ``ignored``: only drift that nothing acts on, or that a rule takes."""

    IN_SYNC = "in sync"
    PENDING = "pending code"
    DRIFT = "drift"
    BOTH = "drift and pending code"
    IGNORED = "ignored drift"


@dataclass(frozen=True, slots=True)
class Drifted:
    """One object that is not as its state says. ``attributes`` are path, old and new value, redacted.

    ``relevant``: an apply would undo it, write over it, or follow it. ``rule`` is why it counts as noise.
    ``cause`` is equal where the same attributes of the same type became the same, in any environment.
    ``names`` are its names and ids in AWS, ``changed`` who changed it last, where CloudTrail may be asked.
    """

    environment: str
    stack: str
    address: str
    type: str
    deleted: bool
    attributes: tuple[tuple[str, object, object], ...]
    relevant: bool
    outcome: str
    cause: str
    first_seen: str = ""
    rule: str = ""
    names: tuple[str, ...] = ()
    changed: TrailEvent | None = None

    @property
    def is_real(self) -> bool:
        """Whether an apply would act on it, and no rule takes it."""
        return self.relevant and not self.rule


@dataclass(frozen=True, slots=True)
class StackDrift:
    """One stack, with what has drifted in it and the addresses of changes that wait for an apply."""

    stack: str
    standing: Standing
    drifted: tuple[Drifted, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvironmentDrift:
    """One environment. ``error`` says why it could not be planned; then nothing is known of it.

    ``unmanaged`` has its tags and is in no state. ``notes`` say what could not be looked at. ``flags`` is
    what the user has to add to a command to come here again.
    """

    environment: str
    release: str = ""
    stacks: tuple[StackDrift, ...] = ()
    error: str = ""
    unmanaged: tuple[TaggedResource, ...] = ()
    notes: tuple[str, ...] = ()
    flags: str = ""

    @property
    def drifted(self) -> tuple[Drifted, ...]:
        """What has drifted and is no noise, what an apply would act on first."""
        found = [each for stack in self.stacks for each in stack.drifted if not each.rule]
        return tuple(sorted(found, key=lambda each: not each.relevant))

    @property
    def has_drift(self) -> bool:
        """Whether anything has drifted that an apply would act on."""
        return any(each.relevant for each in self.drifted)


def drift_of_environments(
    project: Project, names: Sequence[str], sandbox: bool, endpoint_url: str | None, *, unmanaged: bool = True
) -> tuple[EnvironmentDrift, ...]:
    """Look at environments with the role that only reads, and at what helps to judge what is found.

    ``unmanaged``: at what is in no state, too. Raises ProjectInvalid for a name that is none's.
    """
    options = PlaceOptions(sandbox, endpoint_url, purpose=Purpose.PLAN)
    places = [open_place(project, name, options) for name in names]
    found = look_for_drift(places)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(lambda place, each: _with_context(place, each, unmanaged), places, found))


def _with_context(place: Place, found: EnvironmentDrift, unmanaged: bool) -> EnvironmentDrift:
    """The same with who changed it, and what is in no state."""
    if found.error:
        return found
    real = [each for each in found.drifted if each.is_real]
    changes, silent = who_changed(place, [each.names for each in real]) if real else ((), "")
    known = dict(zip((each.address for each in real), changes, strict=False))
    stacks = tuple(
        replace(
            stack,
            drifted=tuple(replace(each, changed=known.get(each.address)) for each in stack.drifted),
        )
        for stack in found.stacks
    )
    strays, unseen = unmanaged_in(place) if unmanaged else ((), "")
    notes = tuple(each for each in (silent, unseen) if each)
    return replace(found, stacks=stacks, unmanaged=strays, notes=notes, flags=place.flags)


def look_for_drift(places: Sequence[Place]) -> tuple[EnvironmentDrift, ...]:
    """Plan each environment and say what has drifted. Raises ProjectInvalid for a faulty ``drift.yaml``."""
    rules = [read_drift_rules(place.home, place.environment.name) for place in places]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(_looked, places, rules))


def _looked(place: Place, rules: Sequence[DriftRule]) -> EnvironmentDrift:
    name = place.environment.name
    try:
        where = as_it_runs(place)
        with prepared(where) as ready:
            planned = plan_environment(ready, PlanRequest(brief=True))
        found = _drift(name, planned, rules)
    except TerraformFailed as error:
        told = redacted(known_secrets(place), error)
        lines = [told.what, *map(str, told.diagnostics), told.way_out]
        return EnvironmentDrift(name, error="\n".join(lines).strip())
    except LandformError as error:
        return EnvironmentDrift(name, error=error.whole)
    release = where.release.digest if where.release else ""
    return EnvironmentDrift(name, release, _dated(where, found))


def as_it_runs(place: Place) -> Place:
    """The place with the release that its environment runs, where that came by promotion."""
    if place.environment.promotes_from is None:
        return place
    ran = last_runs(runs_backwards(records_of(place)), place.project.order)
    releases = {each.ran.release for each in ran.values() if each.ran.release and not each.destroyed}
    return open_named_release(place, releases.pop()) if len(releases) == 1 else place


def _drift(environment: str, planned: Planned, rules: Sequence[DriftRule]) -> tuple[StackDrift, ...]:
    review = review_plan(planned.plan, planned.redactor)
    today = datetime.now(UTC).date()
    return tuple(
        _stack(environment, stack, planned.plan.stack(stack.stack), rules, today) for stack in review.stacks
    )


def _stack(
    environment: str, stack: StackReview, plan: StackPlan, rules: Sequence[DriftRule], today: date
) -> StackDrift:
    drifted = tuple(_object(environment, stack.stack, each, plan, rules, today) for each in stack.drift)
    acted_on = {each.address for each in drifted if each.relevant}
    pending = tuple(each.address for each in stack.changes if each.address not in acted_on)
    real = [each for each in drifted if each.is_real]
    if real:
        standing = Standing.BOTH if pending else Standing.DRIFT
    elif pending:
        standing = Standing.PENDING
    else:
        standing = Standing.IGNORED if drifted else Standing.IN_SYNC
    return StackDrift(stack.stack, standing, drifted, pending)


def _object(
    environment: str,
    stack: str,
    found: ChangeReview,
    plan: StackPlan,
    rules: Sequence[DriftRule],
    today: date,
) -> Drifted:
    deleted = found.action is Action.DELETE
    attributes = tuple((each.path, each.before, each.after) for each in found.attributes)
    attributes = () if deleted else attributes
    rule = next((each for each in rules if _covers(each, found.address, attributes, today)), None)
    raw = next(each for each in plan.drift if each.address == found.address)
    return Drifted(
        environment,
        stack,
        found.address,
        found.type,
        deleted,
        attributes,
        found.outcome is not DriftOutcome.KEPT or found.address in plan.drift_that_matters,
        str(found.outcome or ""),
        _cause(found.type, deleted, attributes),
        rule=rule.reason if rule else "",
        names=names_of(raw),
    )


def _covers(
    rule: DriftRule, address: str, attributes: Sequence[tuple[str, object, object]], today: date
) -> bool:
    """Whether a rule takes all of an object's drift; of one that is gone, only a rule for all attributes."""
    if rule.expires < today or not matches(rule.address, address):
        return False
    if not attributes:
        return rule.attribute == "*"
    return all(matches(rule.attribute, path) for path, _, _ in attributes)


def _cause(kind: str, deleted: bool, attributes: Sequence[tuple[str, object, object]]) -> str:
    """Equal for the same change of the same type of object."""
    content = json.dumps([kind, deleted, [[path, new] for path, _, new in attributes]], default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _dated(place: Place, stacks: Sequence[StackDrift]) -> tuple[StackDrift, ...]:
    """The same, with when each was seen first; the note of it is kept for the next time."""
    records = records_of(place)
    relevant = {stack.stack: [each.address for each in stack.drifted if each.is_real] for stack in stacks}
    keep_seen(records, {stack: tuple(found) for stack, found in relevant.items() if found})
    since: Mapping[str, str] = seen_drift(records).since
    return tuple(
        replace(
            stack,
            drifted=tuple(replace(each, first_seen=since.get(each.address, "")) for each in stack.drifted),
        )
        for stack in stacks
    )
