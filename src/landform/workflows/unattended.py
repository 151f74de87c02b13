"""Plans and applies with nobody there to ask: what may be done was agreed to before, and is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from landform.errors import Refused
from landform.planning.manifest import DESTROY
from landform.review.obstacles import Obstacle
from landform.workflows.apply import apply_plan
from landform.workflows.disarming import disarm_request, settings_for
from landform.workflows.obstacles import obstacles_of
from landform.workflows.place import Place
from landform.workflows.plan import Planned
from landform.workflows.progress import Observer, RunResult
from landform.workflows.reviewing import Reviewed, ReviewRequest
from landform.workflows.stages import Stage, opened

_ROUNDS = 20
_LOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what goes on: sentences, and the news of stacks."""

    say: Callable[[str], None]
    observer: Observer


@dataclass(frozen=True, slots=True)
class Standing:
    """What a run rests on: ``reason`` for the history, and a check that raises Refused for any other plan."""

    reason: str
    check: Callable[[Reviewed], None]


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a plan. ``result`` is None where there was nothing to do."""

    planned: Planned
    result: RunResult | None

    @property
    def succeeded(self) -> bool:
        """Whether everything is as the plan wanted it."""
        return self.result is None or self.result.succeeded


def destroy_unattended(place: Place, stacks: tuple[str, ...], standing: Standing, watch: Watch) -> Carried:
    """Destroy stacks (none: all), and lift first what resists, as far as the environment allows it.

    Raises Refused where the plan is not what was agreed to, or where something resists.
    """
    wanted = request = ReviewRequest(stacks, destroy=True)
    for _ in range(_ROUNDS):
        with opened(place, request, standing=True) as stage:
            reviewed = stage.review(_ignore)
            found: tuple[Obstacle, ...] = ()
            if request.operation == DESTROY:
                standing.check(reviewed)
                found = obstacles_of(stage.place, reviewed.planned, place.environment.remedies)
            if settings := settings_for(place, found, place.environment.remedies):
                watch.say(f"lifting first: {', '.join(f'{each.address}: {each.why}' for each in found)}")
                request = disarm_request(stacks, settings)
                continue
            carried = _applied(stage, reviewed, standing, watch)
        if request is wanted or not carried.succeeded:
            return carried
        request = wanted
    raise Refused(
        "some of it resists still, after its protection was lifted", "See: landform plan ENV --disarm"
    )


def apply_unattended(place: Place, standing: Standing, watch: Watch) -> Carried:
    """Apply a whole environment, in as many stages as it needs. Raises Refused as the check does."""
    while True:
        with opened(place, ReviewRequest(), standing=True) as stage:
            reviewed = stage.review(_ignore)
            standing.check(reviewed)
            carried = _applied(stage, reviewed, standing, watch)
            if carried.result is None:
                stage.note_unchanged(reviewed)
        if carried.result is None or not reviewed.review.deferred or not carried.succeeded:
            return carried


def _applied(stage: Stage, reviewed: Reviewed, standing: Standing, watch: Watch) -> Carried:
    if not reviewed.review.has_changes:
        return Carried(reviewed.planned, None)
    mandate = stage.standing_mandate(reviewed, standing.reason, _LOCK_SECONDS)
    return Carried(reviewed.planned, apply_plan(stage.place, reviewed.planned, mandate, watch.observer))


def _ignore(_: object) -> None:
    """Nobody watches a plan; its diagnostics come back with the result."""
