"""What is set before a destroy, so that it does not fail half way: as far as the environment allows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from landform.engine.events import Event
from landform.errors import Refused, first_of
from landform.generator.overrides import Setting, at_once
from landform.project import Remedies
from landform.review.obstacles import Obstacle, beyond
from landform.workflows.obstacles import obstacles_of
from landform.workflows.overriding import module_folders, overridden
from landform.workflows.place import Place
from landform.workflows.plan import PlanRequest, plan_environment
from landform.workflows.reviewing import Reviewed, ReviewRequest, review_environment

_SHOWN = 10


def settings_for(place: Place, obstacles: Sequence[Obstacle], allowed: Remedies) -> tuple[Setting, ...]:
    """The settings that lift these obstacles, as many as one run can make; the next look finds the others.

    The plan that the obstacles are of was made in this place, so its modules are known. Raises Refused, with
    all that is in the way, where that needs more than is allowed, or nobody can lift it.
    """
    if resisting := beyond(obstacles, allowed):
        raise Refused(_would_fail(resisting), _way_out(place, resisting))
    if not obstacles:
        return ()
    settings = (Setting(each.address, each.attribute, each.value, each.others) for each in obstacles)
    return at_once(settings, module_folders(place.composed_data))


def check_none(obstacles: Sequence[Obstacle]) -> None:
    """Raise Refused for anything that resists: what no configuration describes can't be set by Terraform."""
    if obstacles:
        raise Refused(_would_fail(obstacles), "Without a configuration that is lifted in AWS, by hand.")


def disarming(
    place: Place, stacks: tuple[str, ...], allowed: Remedies, on_event: Callable[[Event], None]
) -> Reviewed | None:
    """Plan and review what a destroy would lift first; None where nothing resists. Changes nothing.

    Raises Refused as ``settings_for`` does.
    """
    planned = plan_environment(place, PlanRequest(stacks, destroy=True, on_event=on_event))
    settings = settings_for(place, obstacles_of(place, planned, allowed), allowed)
    if not settings:
        return None
    with overridden(place, settings) as where:
        return review_environment(where, replace(disarm_request(stacks, settings), on_event=on_event))


def disarm_request(stacks: tuple[str, ...], settings: tuple[Setting, ...]) -> ReviewRequest:
    """The plan of nothing but these settings."""
    return ReviewRequest(
        stacks, targets=tuple(sorted({each.address for each in settings})), settings=settings
    )


def _would_fail(resisting: Sequence[Obstacle]) -> str:
    shown = first_of([f"{each.address}: {each.why}" for each in resisting], _SHOWN, "; ")
    return f"nothing was destroyed, because some of it would fail: {shown}"


def _way_out(place: Place, resisting: Sequence[Obstacle]) -> str:
    own = list(dict.fromkeys(each.way_out for each in resisting if each.way_out))
    levels = [each.level for each in resisting if each.level is not None]
    if levels:
        level = Remedies.PURGE if Remedies.PURGE in levels else Remedies.DISARM
        name = place.environment.name
        own.append(
            f"Have it lifted first: landform destroy {name} --remedies {level}{place.flags}, "
            f"or 'teardown: {{remedies: {level}}}' in environments/{name}/environment.yaml."
        )
    return " ".join(own)
