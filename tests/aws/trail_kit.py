"""A CloudTrail on this machine, which speaks its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local_server import answering

AT = 1_790_000_000
"""When the first event happened, in seconds since 1970: 2026-09-21T14:13:20Z."""


def event(name: str, by: str = "arn:aws:iam::1:user/ann", at: int = 0, **record: Any) -> dict[str, Any]:
    """An event ``at`` seconds after the first one; ``record`` is more of CloudTrail's own record."""
    known = {"userIdentity": {"arn": by}, "userAgent": "console.amazonaws.com", **record}
    read_only = "true" if name.startswith(("Describe", "Get")) else "false"
    return {
        "EventName": name,
        "EventTime": AT + at,
        "ReadOnly": read_only,
        "CloudTrailEvent": json.dumps(known),
    }


@dataclass
class CloudTrail:
    """What it knows by name of a resource, the newest first, and what it was asked: region and name."""

    url: str = ""
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    denied: bool = False


@contextmanager
def cloud_trail() -> Iterator[CloudTrail]:
    """A server that answers LookupEvents."""
    found = CloudTrail()

    def answer(body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        assert headers["X-Amz-Target"].endswith(".LookupEvents")
        (wanted,) = json.loads(body)["LookupAttributes"]
        assert wanted["AttributeKey"] == "ResourceName"
        found.asked.append((headers["Authorization"].split("/")[2], wanted["AttributeValue"]))
        if found.denied:
            return 400, json.dumps({"__type": "AccessDeniedException", "Message": "not for you"})
        return 200, json.dumps({"Events": found.events.get(wanted["AttributeValue"], [])})

    with answering(answer) as found.url:
        yield found
