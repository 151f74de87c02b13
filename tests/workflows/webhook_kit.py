"""A webhook on this machine, which remembers what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "T0/hunter2hunter2"


@dataclass
class Webhook:
    """``answers`` are the codes it gives, the last one for ever; 0 hangs up. ``location``: of a redirect."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    location: str = ""
    heard: list[Any] = field(default_factory=list)

    def code(self) -> int:
        """The next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def webhook() -> Iterator[Webhook]:
    """One that listens as long as the block goes on."""
    found = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/json"
            found.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            code = found.code()
            if not code:
                self.connection.close()
                return
            self.send_response(code)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            found.heard.append("GET")
            self.send_error(500)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_port}/{SECRET}"
        yield found
        server.shutdown()
