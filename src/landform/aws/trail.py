"""Who changed what, as CloudTrail's event history tells it: 90 days of management events, by resource.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html. Two lookups a second are
allowed for each account and region; an event is there some minutes after it happened.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import Any, TypeAlias

from landform.aws.failures import explained
from landform.aws.session import AwsClient

SERVICE = "cloudtrail"
PAUSE = 0.5
"""Seconds between two lookups."""
_TERRAFORM = "Terraform/"


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One call that changed something: ``by`` is an ARN or a user's name, ``at`` RFC 3339 in UTC."""

    event: str
    by: str
    at: str


Asked: TypeAlias = tuple[str, tuple[str, ...]]
"""An object: its region, and its names and ids."""


def last_changes(
    client_of: Callable[[str], AwsClient], objects: Iterable[Asked], pause: Callable[[], None]
) -> Iterator[TrailEvent | None]:
    """Of each object the last call by somebody else than Terraform that changed it.

    The first of its names that anything is known of decides. ``client_of`` makes a client of ``SERVICE`` in
    a region; ``pause`` is called between two lookups. Raises LandformError where it can't be asked.
    """
    client_in, asked = cache(client_of), False
    for region, names in objects:
        found = None
        for name in names:
            if asked:
                pause()
            asked = True
            found = next(_changes(client_in(region), name), None)
            if found:
                break
        yield found


def _changes(client: AwsClient, name: str) -> Iterator[TrailEvent]:
    """The newest first, out of the last fifty events."""
    wanted = [{"AttributeKey": "ResourceName", "AttributeValue": name}]
    with explained("ask CloudTrail"):
        events = client.lookup_events(LookupAttributes=wanted, MaxResults=50)["Events"]
    changing = (_event(each) for each in events if str(each.get("ReadOnly", "")).lower() != "true")
    yield from (each for each in changing if each is not None)


def _event(raw: Mapping[str, Any]) -> TrailEvent | None:
    """The event, None for a call that failed, and for one of Terraform."""
    try:
        record = json.loads(raw.get("CloudTrailEvent") or "{}")
    except ValueError:
        record = {}
    if record.get("errorCode") or _TERRAFORM in str(record.get("userAgent", "")):
        return None
    identity = record.get("userIdentity") or {}
    by = identity.get("arn") or identity.get("invokedBy") or raw.get("Username") or "somebody"
    at = raw["EventTime"].astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return TrailEvent(str(raw["EventName"]), str(by), at)
