"""Waiting for what takes a moment: a condition, an HTTP answer."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

T = TypeVar("T")

_ANSWER_SECONDS = 10.0


def retry_until(
    check: Callable[[], T], *, timeout: float = 30.0, interval: float = 0.5, message: str = ""
) -> T:
    """Call ``check`` until it returns something true, and return that; seconds throughout.

    An exception counts as not yet. Raises ``AssertionError`` with what came last when the time is over.
    """
    __tracebackhide__ = True
    end = time.monotonic() + timeout
    tries = 0
    while True:
        tries += 1
        try:
            result = check()
        except Exception as error:  # whatever it was, it may be over soon
            last = f"it raised {type(error).__name__}: {error}"
        else:
            if result:
                return result
            last = f"it returned {result!r}"
        if time.monotonic() + interval > end:
            what = message or "the condition did not come true"
            raise AssertionError(f"{what} within {timeout:g} s ({tries} tries); at last {last}")
        time.sleep(interval)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server said; header names are lower case."""

    status: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def http_answer(
    url: str,
    *,
    status: int = 200,
    contains: str = "",
    timeout: float = 30.0,
    interval: float = 0.5,
    verify: bool = True,
) -> HttpAnswer:
    """GET ``url`` until it answers with ``status`` and ``contains``; no proxy, no redirects followed.

    ``verify=False`` takes any certificate, such as a self-signed one. Raises ``AssertionError``, and
    ``ValueError`` for what is no address.
    """
    __tracebackhide__ = True
    address = _address(url)

    def ask() -> HttpAnswer:
        answer = _get(address, verify)
        if answer.status != status or contains not in answer.text:
            message = f"status {answer.status}, {answer.text[:200]!r}"
            raise AssertionError(message)
        return answer

    wanted = f"{url} did not answer {status}" + (f" with {contains!r}" if contains else "")
    return retry_until(ask, timeout=timeout, interval=interval, message=wanted)


def _address(url: str) -> SplitResult:
    __tracebackhide__ = True
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"not an address: {url!r}"
        raise ValueError(message)
    return parts


def _get(address: SplitResult, verify: bool) -> HttpAnswer:
    connection = _connect(address, verify)
    path = address.path or "/"
    try:
        connection.request("GET", f"{path}?{address.query}" if address.query else path)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return HttpAnswer(answer.status, text, {name.lower(): value for name, value in answer.getheaders()})
    finally:
        connection.close()


def _connect(address: SplitResult, verify: bool) -> HTTPConnection:
    host = address.hostname or ""
    if address.scheme == "http":
        return HTTPConnection(host, address.port, timeout=_ANSWER_SECONDS)
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, address.port, timeout=_ANSWER_SECONDS, context=context)
