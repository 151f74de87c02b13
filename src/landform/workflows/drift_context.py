"""What helps to judge drift: who changed it last, and what has the environment's tags and is in no state."""

from __future__ import annotations

import time
from collections.abc import Sequence

from landform.aws.failures import is_denied
from landform.aws.tagged import TaggedResource, global_region
from landform.aws.trail import PAUSE, SERVICE, TrailEvent, last_changes
from landform.errors import LandformError
from landform.workflows.orphans import known_states, tagged_in_no_state
from landform.workflows.place import Place

MOST = 20
"""Objects that CloudTrail is asked about: it answers twice a second."""


def who_changed(
    place: Place, objects: Sequence[tuple[str, ...]]
) -> tuple[tuple[TrailEvent | None, ...], str]:
    """Of each object, by its names and ids, the last change that was not Terraform's; and why there is none.

    Only the first ``MOST`` are asked about.
    """
    client_of = place.clients()
    asked = [(_region(place, names), names) for names in objects[:MOST]]
    pause = (lambda: None) if place.emulated else (lambda: time.sleep(PAUSE))
    found: list[TrailEvent | None] = []
    try:
        for each in last_changes(lambda region: client_of(SERVICE, region), asked, pause):
            found.append(each)
    except LandformError as error:
        allowed = not (place.emulated or is_denied(error.__cause__))
        return tuple(found), f"CloudTrail: {error.what if allowed else 'not allowed'}"
    return tuple(found), ""


def _region(place: Place, names: Sequence[str]) -> str:
    """Where CloudTrail keeps what happened to an object: services without regions have one for all."""
    arn = next((each.split(":", 5) for each in names if each.startswith("arn:")), None)
    own = place.environment.region
    if arn is None or len(arn) < 6 or arn[2] == "s3":
        return own
    return arn[3] or global_region(own)


def unmanaged_in(place: Place) -> tuple[tuple[TaggedResource, ...], str]:
    """What has the environment's tags and is in no state; and why that can't be told."""
    try:
        return tagged_in_no_state(place, known_states(place)), ""
    except LandformError as error:
        return (), f"Tagged objects in no state: {error.what}"
