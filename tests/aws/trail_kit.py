"""A CloudTrail on this machine, which speaks its JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["X-Amz-Target"].endswith(".LookupEvents")
            (wanted,) = request["LookupAttributes"]
            assert wanted["AttributeKey"] == "ResourceName"
            region = self.headers["Authorization"].split("/")[2]
            found.asked.append((region, wanted["AttributeValue"]))
            events = {"Events": found.events.get(wanted["AttributeValue"], [])}
            denied = {"__type": "AccessDeniedException", "Message": "not for you"}
            text = json.dumps(denied if found.denied else events).encode()
            self.send_response(400 if found.denied else 200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_port}"
        yield found
        server.shutdown()
