"""Whether an environment that was brought back works: its URLs answer, and its targets are healthy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.client import HTTPException
from urllib.error import URLError
from urllib.request import Request, urlopen

from landform.aws.target_health import unhealthy_targets
from landform.planning.former import former_objects
from landform.workflows.place import Place
from landform.workflows.regions import alias_regions
from landform.workflows.states import read_states

PATIENCE = 600.0
"""Seconds until an environment that is not well is given up."""
_PAUSE = 10.0
_ANSWER = 10.0


def wait_until_well(place: Place, patience: float = PATIENCE) -> tuple[str, ...]:
    """Wait until everything is well, and no longer than ``patience``; what is not well then.

    In an emulator nothing becomes well by itself, so there is one look.
    """
    end = time.monotonic() + (0 if place.emulated else patience)
    while True:
        unwell = tuple(_unwell(place))
        if not unwell or time.monotonic() >= end:
            return unwell
        time.sleep(_PAUSE)


def _unwell(place: Place) -> Iterator[str]:
    teardown = place.environment.teardown
    for url in teardown.health if teardown else ():
        if fault := _fault(url):
            yield f"{url}: {fault}"
    states = read_states(place, place.project.order).values()
    aliases = alias_regions(place.project, place.environment)
    for each in former_objects(states, place.environment.region, aliases):
        if each.type == "aws_lb_target_group":
            client = place.client("elbv2", each.region)
            yield from (f"{each.address}: {target}" for target in unhealthy_targets(client, each.arn))


def _fault(url: str) -> str:
    """Why a URL does not answer well, or an empty string. Only its answer counts: nothing of it is shown."""
    try:
        with urlopen(Request(url, headers={"User-Agent": "landform"}), timeout=_ANSWER):  # noqa: S310 - checked when the project is read
            return ""
    except URLError as error:
        return f"answers {error.code}" if hasattr(error, "code") else f"does not answer ({error.reason})"
    except OSError as error:
        return f"does not answer ({error})"
    except HTTPException as error:  # its text may be what was answered
        return f"does not answer as HTTP does ({type(error).__name__})"
