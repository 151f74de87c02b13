"""The sandbox's process: ``python -m landform.aws.sandbox_server FOLDER ID``, moto on a free loopback port.

It lives only as long as ``FOLDER/server.json`` names it: deleting a project's folder ends its sandbox, and so
does a start that was given up. It also ends on SIGTERM and after 12 hours in which nobody asked it anything.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landform.aws.moto_app import Wsgi, make_app, quiet_handler
from landform.aws.moto_mends import mend_moto
from landform.aws.sandbox_record import ID_HEADER, RECORD, Record, read_record, write_record
from landform.processes import identify

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

CHECK_SECONDS = 2.0
"""Seconds between two looks at the record."""
IDLE_SECONDS = 12 * 3600
"""Seconds without a request after which the server ends."""
RESET_PATH = "/moto-api/reset"


class SandboxServer:
    """Tells everyone who it is, gets a new id with each reset, and ends when it is no longer wanted."""

    def __init__(self, folder: Path, sandbox_id: str) -> None:
        self._folder = folder
        self._id = sandbox_id
        self._last_request = time.monotonic()
        self._changing = threading.Lock()

    def end_when_unwanted(self) -> None:
        """End this process once nobody wants its sandbox any more; never returns."""
        while self._is_wanted():
            time.sleep(CHECK_SECONDS)
        os._exit(0)

    def publish(self, port: int) -> bool:
        """Write down where this sandbox listens; False when another one is wanted by now."""
        record = read_record(self._folder)
        own = identify(os.getpid())
        if record is None or own is None or record.id != self._id:
            return False
        listening = replace(record, pid=own.pid, started=own.started, port=port, moto=version("moto"))
        write_record(self._folder, listening)
        return True

    def wrap(self, app: Wsgi) -> Wsgi:
        """``app`` with the id in each answer."""

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self._last_request = time.monotonic()
            is_reset = environ.get("REQUEST_METHOD") == "POST" and environ.get("PATH_INFO") == RESET_PATH

            def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
                if is_reset and status.startswith("200"):
                    self._renew()
                return start_response(status, [*headers, (ID_HEADER, self._id)], *rest)

            return app(environ, start)

        return answer

    def _renew(self) -> None:
        """Nothing of before is left, so what callers kept for the old id must not be found under the new."""
        with self._changing:
            record = read_record(self._folder)
            if record is not None and record.id == self._id:
                renewed: Record = replace(record, id=secrets.token_hex(4), began=time.time())
                write_record(self._folder, renewed)
                self._id = renewed.id

    def _is_wanted(self) -> bool:
        with self._changing:
            record = read_record(self._folder)
            # One that is there but cannot be read (too many open files) must not end everything.
            named = record.id == self._id if record else (self._folder / RECORD).exists()
        return named and time.monotonic() - self._last_request < IDLE_SECONDS


def main(folder: Path, sandbox_id: str) -> None:
    """Serve until told to end. Runs in a process of its own: it ends that process."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    sandbox = SandboxServer(folder, sandbox_id)
    threading.Thread(target=sandbox.end_when_unwanted, daemon=True).start()
    listening = _listen(sandbox)
    os.environ["MOTO_PORT"] = str(listening.port)  # moto puts it into addresses it hands out
    if sandbox.publish(listening.port):
        mend_moto()  # whoever connects meanwhile waits in the socket's queue
        listening.serve_forever()


def _listen(sandbox: SandboxServer) -> BaseWSGIServer:
    from werkzeug.serving import make_server

    app = sandbox.wrap(make_app())
    return make_server("127.0.0.1", 0, app, threaded=True, request_handler=quiet_handler())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
