"""Posts JSON to a webhook. Its address is a secret: nothing that comes back from here quotes it."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

_TIMEOUT = 10
_TRIES = 3
_FIRST_PAUSE = 1.0


def growing_pause(tries: int) -> None:
    """Wait 1 s after the first try, 2 s after the second."""
    time.sleep(_FIRST_PAUSE * 2 ** (tries - 1))


def post(url: str, document: Mapping[str, Any], pause: Callable[[int], None] = growing_pause) -> str:
    """Post a document to ``url``, which ``webhook_fault`` has passed; why that failed, or an empty string.

    Waits 10 s. Where nobody answers, or a server has a fault (5xx), it tries twice more. It follows no
    redirect: another host is not who was to be told.
    """
    body = json.dumps(document, default=str, skipkeys=True).encode()
    request = Request(url, body, {"Content-Type": "application/json", "User-Agent": "landform"})  # noqa: S310 - checked: https or loopback
    opener, fault = _opener(url), ""
    for number in range(1, _TRIES + 1):
        fault, is_final = _tried(opener, request)
        if is_final:
            break
        if number < _TRIES:
            pause(number)
    return fault


class _NoRedirects(HTTPRedirectHandler):
    """Leaves a redirect as the answer that it is."""

    def redirect_request(self, *_: object) -> None:
        """See the base class."""


def _opener(url: str) -> OpenerDirector:
    """Proxies are those of the shell; none of them can see this loopback."""
    proxies = [ProxyHandler({})] if urlsplit(url).scheme == "http" else []
    return build_opener(_NoRedirects, *proxies)


def _tried(opener: OpenerDirector, request: Request) -> tuple[str, bool]:
    """What went wrong, and whether another try would be no better."""
    try:
        opener.open(request, timeout=_TIMEOUT).close()
    except HTTPError as error:
        error.close()
        if 300 <= error.code < 400:
            return f"it redirects ({error.code}), and no redirect is followed", True
        return f"it answered {error.code}", error.code < 500
    except URLError as error:
        return _no_answer(error.reason), isinstance(error.reason, ssl.SSLCertVerificationError)
    except (OSError, HTTPException, ValueError) as error:
        return _no_answer(error), False
    return "", True


def _no_answer(reason: object) -> str:
    """In few words; those of most exceptions quote the address or an answer."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "its certificate can't be verified"
    if isinstance(reason, TimeoutError):
        return f"no answer in {_TIMEOUT} s"
    known = reason.strerror if isinstance(reason, OSError) else None
    return f"no answer ({known or type(reason).__name__})"
