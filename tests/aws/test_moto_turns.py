"""Terraform asks for many things at once: each is done once, and its answer arrives."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.test import Client

from landform.aws.moto_app import make_app, one_at_a_time, quiet_handler

_JSON = {
    "Content-Type": "application/x-amz-json-1.1",
    "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ssm/aws4_request, Signature=b",
}


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can, as they do on a busy machine."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_what_is_asked_at_once_does_not_fail_half_done(hasty: None) -> None:
    app = make_app()

    def create_and_list(number: int) -> list[int]:
        client = Client(app)
        asked = (
            ("PutParameter", f'{{"Name": "/turns/{number}", "Value": "v", "Type": "String"}}'),
            ("DescribeParameters", "{}"),
        )
        return [
            client.post("/", data=body, headers={**_JSON, "X-Amz-Target": f"AmazonSSM.{name}"}).status_code
            for name, body in asked
        ]

    with ThreadPoolExecutor(16) as threads:
        assert {code for codes in threads.map(create_and_list, range(200)) for code in codes} == {200}


def test_a_body_of_pieces_is_read_whole() -> None:
    def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    client = Client(one_at_a_time(echo))
    pieces = {"wsgi.input_terminated": True}
    assert client.post("/", data=b"whole", environ_overrides=pieces).data == b"whole"
    assert client.post("/", data=b"whole").data == b"whole"
    assert client.get("/").data == b""


def _pieces(request: bytes, body: bytes) -> list[bytes]:
    """What the handler sends for a request, by what it sends at once."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    server = SimpleNamespace(
        app=app, ssl_context=None, multithread=True, multiprocess=False, server_address=("127.0.0.1", 1),
        passthrough_errors=False, log=lambda *_: None,
    )  # fmt: skip
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with near, far:
        near.sendall(request)
        near.shutdown(socket.SHUT_WR)
        handler = quiet_handler()
        handler.protocol_version = "HTTP/1.1"
        handler(far, ("127.0.0.1", 2), server)  # type: ignore[arg-type]
        far.shutdown(socket.SHUT_WR)
        return list(iter(lambda: near.recv(65536), b""))


def test_head_and_body_of_an_answer_are_sent_at_once() -> None:
    """A body that comes after its head is missed now and then, and the provider does the same again."""
    (whole,) = _pieces(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n", b"{}")
    assert whole.startswith(b"HTTP/1.1 200 OK")
    assert whole.endswith(b"\r\n\r\n{}")


def test_who_waits_to_be_asked_for_a_body_is_asked_before_the_answer() -> None:
    asked, *_, answer = _pieces(
        b"PUT / HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", b"{}"
    )
    assert asked.startswith(b"HTTP/1.1 100")
    assert b"200" not in asked
    assert answer.endswith(b"{}")
