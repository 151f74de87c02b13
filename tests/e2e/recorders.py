"""Servers that keep all they are sent: an emulator of AWS, and a proxy that lets nothing through."""

from __future__ import annotations

import io
import socketserver
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import make_server

from landform.aws.moto_app import make_app, quiet_handler


@dataclass(frozen=True)
class Request:
    """One request as it came in; ``headers`` by their names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """All of it, to look for what must not be there."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return f"{self.method} {self.path}?{self.query}\n{headers}\n{self.body!r}"


class _Recorder:
    """Keeps each request, and hands it on."""

    def __init__(self, app: Any) -> None:
        self.received: list[Request] = []
        self._app = app

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        self.received.append(
            Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], headers, body)
        )
        answer: Iterable[bytes] = self._app(environ, start)
        return answer


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """An empty emulator in this process, whose application is ``app``: where it is."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=quiet_handler())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.port}"
    try:
        # What one emulator of a process was told, the next one would know.
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()
        yield endpoint
    finally:
        server.shutdown()


@contextmanager
def recording_emulator() -> Iterator[tuple[str, list[Request]]]:
    """An emulator that is not landform's own, and empty: where it is, and what it was sent."""
    recorder = _Recorder(make_app())
    with serving(recorder) as endpoint:
        recorder.received.clear()
        yield endpoint, recorder.received


@contextmanager
def recording_proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy whose answer is always no: where it is, and what it was asked for."""
    received: list[str] = []

    class Refuse(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            received.append(self.rfile.readline().decode(errors="replace"))
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", received
        server.shutdown()
