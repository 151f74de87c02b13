"""The emulator's own processes: ``python -m landform.testing.emulator_server``, started by ``emulator``.

A **keeper** holds the port and the pipes to the test process; it forks the process that **serves**. A
snapshot is a **frozen** fork of the serving one, that only waits. Restoring forks the frozen one and lets
that copy serve instead; connections that come meanwhile wait in the port's queue. Whoever is forked holds
one end of a channel whose other end only the keeper has, so all of them end with it, and it ends with its
stdin: however the test process dies, nothing is left.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from landform.aws.moto_app import Wsgi, make_app
from landform.aws.moto_mends import mend_moto
from landform.processes import fork
from landform.testing.emulator_channel import Message, receive, send
from landform.testing.emulator_http import Server, Tally, gated_handler, note_responses

DRAIN_SECONDS = 15.0
"""Seconds that requests in flight have to end before a snapshot or a reset gives up."""
END_SECONDS = 3.0
"""Seconds they have before a restore goes ahead without them."""
ANSWER_SECONDS = 45.0
"""Seconds after which the keeper takes one of its processes for dead."""


class Serving:
    """The process that answers; it does what the keeper says and ends when that is gone."""

    def __init__(self, listener: socket.socket, control: socket.socket, app: Wsgi) -> None:
        self._listener, self._control, self._app = listener, control, app
        self._tally = Tally({})
        self._server: Server | None = None

    def run(self) -> NoReturn:
        """Say hello, then obey until the keeper is gone."""
        obey = {"serve": self._serve, "calls": self._calls, "reset": self._reset, "snapshot": self._snapshot}
        with contextlib.suppress(EOFError, OSError):
            send(self._control, {})
            while True:
                message, _ = receive(self._control)
                if message["do"] == "end":
                    self._end()
                    break
                try:
                    obey[message["do"]](message)
                except _Busy as busy:
                    send(self._control, {"error": str(busy)})
        os._exit(0)

    def _serve(self, message: Message) -> None:
        self._tally = Tally(message["calls"])
        self._server = Server(self._listener, self._tally.wrap(self._app), gated_handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        send(self._control, {})

    def _calls(self, _: Message) -> None:
        send(self._control, {"calls": self._tally.counts, "services": _services()})

    def _reset(self, _: Message) -> None:
        from moto.moto_api._internal.models import moto_api_backend

        with self._quiet():
            moto_api_backend.reset()
        send(self._control, {})

    def _snapshot(self, _: Message) -> None:
        near, far = socket.socketpair()
        with self._quiet() as server:
            if fork() == 0:
                near.close()
                self._control.close()
                server.forget_connections()
                _freeze(self._listener, far, self._app)
        far.close()
        with near:
            send(self._control, {}, [near.fileno()])

    def _end(self) -> None:
        server = self._server
        if server is not None:
            server.accepting.acquire()  # for good: the next connection is the next process's
            server.gate.end(END_SECONDS)
        send(self._control, {"calls": self._tally.counts})
        if server is not None:
            server.gate.wait_for_the_rest(ANSWER_SECONDS)

    @contextlib.contextmanager
    def _quiet(self) -> Iterator[Server]:
        """No request is being answered in the block. Raises _Busy."""
        server = self._server
        if server is None:
            raise _Busy("the emulator does not serve yet")
        with server.gate.closed(DRAIN_SECONDS) as inside, server.accepting:
            if inside:
                raise _Busy(f"{inside} request(s) did not end within {DRAIN_SECONDS:g} s")
            yield server


def _services() -> list[str]:
    """The parts of moto that were needed so far; each takes a while to load."""
    return sorted(name for name in sys.modules if name.startswith("moto.") and name.endswith(".models"))


class _Busy(Exception):
    """It cannot be done now; the emulator goes on as it was."""


def _freeze(listener: socket.socket, control: socket.socket, app: Wsgi) -> NoReturn:
    """Be a snapshot: make a copy that can serve each time the keeper asks for one."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            _, (descriptor,) = receive(control)
            if fork() == 0:
                control.close()
                Serving(listener, socket.socket(fileno=descriptor), app).run()
            os.close(descriptor)
    os._exit(0)


class Keeper:
    """Holds the port, and says which process serves on it."""

    def __init__(self, listener: socket.socket, app: Wsgi) -> None:
        self._listener = listener
        self._frozen: dict[str, socket.socket] = {}
        self._made = 0
        self._empty: tuple[str, list[str]] | None = None
        self._serving = self._first(app)
        self._ask(self._serving, {"do": "serve", "calls": {}})

    def run(self) -> None:
        """Obey the test process until it, or the process that serves, is gone."""
        obey = {"calls": self._calls, "reset": self._reset, "snapshot": self._snapshot}
        obey |= {"restore": self._restore, "drop": self._drop}
        while True:
            ready, _, _ = select.select([0, self._serving.fileno()], [], [])
            if self._serving.fileno() in ready:
                logging.error("the process that served has ended")
                return
            line = os.read(0, 65536)
            if not line:
                return
            message = json.loads(line)
            _tell(obey[message["do"]](message))

    def _first(self, app: Wsgi) -> socket.socket:
        near, far = socket.socketpair()
        if fork() == 0:
            near.close()
            for descriptor in (0, 1):  # the pipes to the test process are the keeper's alone
                os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
            Serving(self._listener, far, app).run()
        far.close()
        self._hello(near)
        return near

    def _calls(self, message: Message) -> Message:
        return self._ask(self._serving, message)[0]

    def _reset(self, message: Message) -> Message:
        """Restore an emulator that was emptied before; moto takes 0.3 s to empty one with EC2 and IAM in it.

        Not where a service was loaded since: it would have to be loaded again after each reset.
        """
        services = self._calls({"do": "calls"})["services"]
        if self._empty is not None:
            snapshot, known = self._empty
            if services == known:
                return self._restore({"snapshot": snapshot})
            self._drop({"snapshot": snapshot})
            self._empty = None
        answer = self._ask(self._serving, message)[0]
        if "error" not in answer and "snapshot" in (kept := self._snapshot({"do": "snapshot"})):
            self._empty = (kept["snapshot"], services)
        return answer

    def _snapshot(self, message: Message) -> Message:
        answer, descriptors = self._ask(self._serving, message)
        if descriptors:
            self._made += 1
            self._frozen[str(self._made)] = socket.socket(fileno=descriptors[0])
            answer = {"snapshot": str(self._made)}
        return answer

    def _restore(self, message: Message) -> Message:
        frozen = self._frozen.get(message["snapshot"])
        if frozen is None:
            return {"error": "the emulator has no such snapshot"}
        near, far = socket.socketpair()
        try:
            with far:
                send(frozen, {}, [far.fileno()])
            self._hello(near)
        except (EOFError, OSError) as error:
            return {"error": f"the snapshot is gone ({error!r})"}
        ended, _ = self._ask(self._serving, {"do": "end"})
        self._serving.close()
        self._serving = near
        return self._ask(near, {"do": "serve", "calls": ended["calls"]})[0]

    def _drop(self, message: Message) -> Message:
        frozen = self._frozen.pop(message["snapshot"], None)
        if frozen is not None:
            frozen.close()
        return {}

    def _hello(self, channel: socket.socket) -> None:
        channel.settimeout(ANSWER_SECONDS)
        receive(channel)

    def _ask(self, channel: socket.socket, message: Message) -> tuple[Message, list[int]]:
        send(channel, message)
        return receive(channel)


def _tell(message: Mapping[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(message).encode() + b"\n")


def _adopt_orphans() -> None:
    """Have the end of a frozen one's copies noticed here: in a container nobody else may do so (Linux)."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(Exception):
            ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER, prctl(2)


def main() -> None:
    """Serve until stdin ends. Runs in a session of its own: at the end it ends all of that."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _adopt_orphans()
    try:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        port = listener.getsockname()[1]
        os.environ["MOTO_PORT"] = str(port)  # moto puts it into addresses it hands out
        mend_moto()
        note_responses()
        app = make_app()
        gc.freeze()  # what is there by now is shared by all copies, and stays so
        keeper = Keeper(listener, app)
        _tell({"port": port})
        keeper.run()
    except Exception:
        logging.exception("the emulator ends")
    finally:
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
