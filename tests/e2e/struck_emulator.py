"""An emulator in which something happens at one request of Terraform: a kill, or connections that are cut."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from e2e.recorders import serving
from landform.aws.moto_app import make_app

_WRITES = re.compile(r"(PUT|DELETE) /|POST .*\.(Create|Delete)")


@dataclass(frozen=True)
class Strike:
    """What happens at the write with this ``number``, among those to states, locks and objects.

    ``answered``: the write was carried out, and only its answer is lost. ``blow`` is called once; then
    requests are cut for as long as ``cuts`` says so, which is told their path.
    """

    number: int
    answered: bool
    blow: Callable[[], None] = lambda: None
    cuts: Callable[[str], bool] = lambda _: False


@dataclass
class StruckEmulator:
    """A WSGI application that counts what Terraform writes, and lets one strike fall."""

    app: Any
    endpoint: str = ""
    strike: Strike | None = None
    writes: int = 0
    struck: str = ""
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, or don't. Raises ConnectionResetError, which ends the connection."""
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        path = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{target}"
        falls = self._falls(environ, path)
        if falls and not falls.answered:
            falls.blow()
        if self.strike and self.struck and not (falls and falls.answered) and self.strike.cuts(path):
            _hang_up(environ)
        answer: list[bytes] = list(self.app(environ, start))
        if falls and falls.answered:
            falls.blow()
            if falls.cuts(path):
                _hang_up(environ)
        return answer

    def arm(self, strike: Strike) -> None:
        """Let a strike fall in what Terraform does from now on."""
        self.strike, self.writes, self.struck = strike, 0, ""

    def mend(self) -> None:
        """Answer everybody again."""
        self.strike = None

    def _falls(self, environ: dict[str, Any], path: str) -> Strike | None:
        """The strike, where it falls at this request."""
        if "Botocore" in environ.get("HTTP_USER_AGENT", "") or not _WRITES.match(path):
            return None
        with self._turn:
            self.writes += 1
            if not self.strike or self.struck or self.writes != self.strike.number:
                return None
            self.struck = path
            return self.strike


def _hang_up(environ: dict[str, Any]) -> NoReturn:
    """End a connection with no answer; the server alone would wait for another request on it."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


@contextmanager
def struck_emulator() -> Iterator[StruckEmulator]:
    """An empty emulator, in this process."""
    emulator = StruckEmulator(make_app())
    with serving(emulator) as emulator.endpoint:
        yield emulator
