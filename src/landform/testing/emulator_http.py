"""The emulator's HTTP side: requests that can be held back, counted, and cut off from a copy."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any

from moto.core.responses import BaseResponse
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from landform.aws.moto_app import Wsgi, quiet_handler

_NEXT_SECONDS = 60.0
_OF_ONE_CONNECTION = frozenset({"connection", "expect", "keep-alive", "transfer-encoding"})


class Gate:
    """Lets requests in, holds them back while the emulator is copied, hands them on when it is replaced."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside, self._handed_on = 0, 0
        self._is_open, self._ends = True, False

    @contextlib.contextmanager
    def request(self) -> Iterator[bool]:
        """One request; False: it is to be handed on to the emulator's next life."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_open or self._ends)
            admitted = not self._ends
            self._inside += admitted
            self._handed_on += not admitted
        try:
            yield admitted
        finally:
            with self._changed:
                self._inside -= admitted
                self._handed_on -= not admitted
                self._changed.notify_all()

    @contextlib.contextmanager
    def closed(self, seconds: float) -> Iterator[int]:
        """Hold new requests back; yields how many are still inside after at most ``seconds``."""
        with self._changed:
            self._is_open = False
            self._changed.wait_for(lambda: not self._inside, seconds)
        try:
            yield self._inside
        finally:
            with self._changed:
                self._is_open = True
                self._changed.notify_all()

    def end(self, seconds: float) -> None:
        """From now on hand every request on; wait for those inside."""
        with self._changed:
            self._ends = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._inside, seconds)

    def wait_for_the_rest(self, seconds: float) -> None:
        """Wait for the requests that are being handed on."""
        with self._changed:
            self._changed.wait_for(lambda: not self._handed_on, seconds)


class Tally:
    """Counts requests by the name of their API action."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = Counter(counts)
        self._lock = threading.Lock()

    def wrap(self, app: Wsgi) -> Wsgi:
        """``app``, counted."""

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            _current.responses.clear()
            try:
                return app(environ, start_response)
            finally:
                self._count(list(_current.responses))

        return answer

    def _count(self, responses: list[BaseResponse]) -> None:
        with self._lock:
            self.counts.update(map(_action, responses))


class _Current(threading.local):
    """What this thread is answering: one response of moto, or none where moto's own API was asked."""

    def __init__(self) -> None:
        self.responses: list[BaseResponse] = []


_current = _Current()


def note_responses() -> None:
    """Have moto tell which of its response classes answers a request."""
    set_up = BaseResponse.setup_class

    def noted(response: BaseResponse, *args: Any, **named: Any) -> None:
        _current.responses[:] = [response]
        set_up(response, *args, **named)

    BaseResponse.setup_class = noted  # type: ignore[method-assign, assignment]


def _action(response: BaseResponse) -> str:
    """``CreateBucket``; the method where moto cannot tell, for what is not known must not break an answer."""
    try:
        if response.service_name == "s3":  # elsewhere in moto its actions have the names of IAM's
            request = response.normalized_request
            return response._get_action_from_method_and_request_uri(request) or request.method  # noqa: SLF001
        return response._get_action() or response.normalized_request.method  # noqa: SLF001
    except Exception:
        return "unknown"


class Server(ThreadedWSGIServer):
    """moto's server over a listening socket that exists already; knows its open connections."""

    def __init__(self, listener: socket.socket, app: Wsgi, handler: type[WSGIRequestHandler]) -> None:
        super().__init__("127.0.0.1", 0, app, handler, fd=listener.fileno())
        self.gate = Gate()
        self.accepting = threading.Lock()
        self._connections: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept one connection, unless the emulator is being copied."""
        with self.accepting:
            connection, address = super().get_request()
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """End one connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def forget_connections(self) -> None:
        """In a copy: let go of what the original goes on using."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                os.close(connection.detach())
        self._connections.clear()
        self.socket.close()


def gated_handler() -> type[WSGIRequestHandler]:
    """The handler of one connection of a ``Server``."""

    class Gated(quiet_handler()):  # type: ignore[misc]
        """Passes each request through the server's gate."""

        def run_wsgi(self) -> None:
            with self.server.gate.request() as admitted:
                if admitted:
                    super().run_wsgi()
                    return
                self.close_connection = True
                length = int(self.headers.get("Content-Length") or 0)
                try:
                    self.wfile.write(_asked_again(self, self.rfile.read(length)))
                except (OSError, HTTPException):  # every AWS SDK repeats it then
                    self.send_error(503, "the emulator is being restored")

    return Gated


def _asked_again(request: Any, body: bytes) -> bytes:
    """The whole answer of the process that serves next, which may not have begun yet."""
    host, port = request.server.server_address
    connection = HTTPConnection(host, port, timeout=_NEXT_SECONDS)
    try:
        connection.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            if name.lower() not in _OF_ONE_CONNECTION:
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OF_ONE_CONNECTION]
    if request.command != "HEAD":
        headers = [*((name, value) for name, value in headers if name.lower() != "content-length")]
        headers.append(("Content-Length", str(len(content))))
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + content
