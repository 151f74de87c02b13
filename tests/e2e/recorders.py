"""Servers that keep all they are sent: an emulator of AWS, and a proxy that lets nothing through."""

from __future__ import annotations

import io
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are recorded, not logged."""


class _Recorder:
    """Keeps each request's line, headers and body, and hands it on."""

    def __init__(self, app: Any) -> None:
        self.received: list[str] = []
        self._app = app

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        headers = "\n".join(f"{name}: {value}" for name, value in environ.items() if name.startswith("HTTP_"))
        self.received.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}\n{headers}\n{body!r}")
        answer: Iterable[bytes] = self._app(environ, start)
        return answer


@contextmanager
def recording_emulator() -> Iterator[tuple[str, list[str]]]:
    """An emulator that is not landform's own: where it is, and what it was sent."""
    recorder = _Recorder(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, recorder, threaded=True, request_handler=_Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}", recorder.received
    finally:
        server.shutdown()


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
