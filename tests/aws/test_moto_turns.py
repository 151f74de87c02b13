"""Terraform asks for many things at once; moto is told of them one after another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import Client

from landform.aws.moto_app import make_app, one_at_a_time

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
