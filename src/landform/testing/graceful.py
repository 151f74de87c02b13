"""A polite request to stop is heard as one Ctrl-C: fixtures are torn down, and so destroy what they made."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import Any

import pytest

NAME = "landform-graceful"
WORKER_SECONDS = 900.0
"""Seconds that the workers of an interrupted run have to destroy what stands."""

_STOPPING = (signal.SIGTERM, signal.SIGHUP)


def graceful(config: pytest.Config) -> None:
    """Turn SIGTERM and SIGHUP into a stop of the session, once; those that come later change nothing.

    For ``pytest_configure``, in workers too. The run then ends with 128 plus the signal's number. Does
    nothing outside of the main thread.
    """
    if not config.pluginmanager.has_plugin(NAME):
        config.pluginmanager.register(_Graceful(), NAME)


class _Graceful:
    """One pytest process that can be asked to stop."""

    def __init__(self) -> None:
        self._number = 0
        self._stopping = False
        self._pids: dict[Any, int] = {}
        self._nodes: list[Any] = []
        self._before: dict[signal.Signals, Any] = {}
        for number in _STOPPING:
            with suppress(ValueError):  # only the main thread may
                if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                    self._before[number] = signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _: object) -> None:
        if self._stopping:
            return
        self._stopping, self._number = True, number
        # As a Ctrl-C, because asyncio then lets the command that runs come to an orderly end. A shell may
        # have started this process with Ctrl-C ignored.
        if callable(signal.getsignal(signal.SIGINT)):
            signal.raise_signal(signal.SIGINT)
        else:
            raise KeyboardInterrupt

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self) -> None:
        """From here on things are torn down, which nothing should cut short."""
        self._stopping = True

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_newgateway(self, gateway: Any) -> None:
        """A process for a worker of xdist is there."""
        if gateway.spec.popen:  # not on another host
            self._pids[gateway] = int(gateway._rinfo().pid)  # noqa: SLF001 - as xdist asks for it itself

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        """A worker of xdist is there."""
        self._nodes.append(node)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Any:
        """Have the workers stop as well: xdist itself gives them ten seconds, then kills them."""
        if self._stopping:
            self._stop_workers()
        result = yield
        if self._number:
            session.exitstatus = 128 + self._number
        return result

    def pytest_unconfigure(self) -> None:
        """Signals mean again what they meant before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _stop_workers(self) -> None:
        waiting = [node for node in self._nodes if node.gateway in self._pids and not node.channel.isclosed()]
        for node in waiting:
            with suppress(ProcessLookupError):
                os.kill(self._pids[node.gateway], signal.SIGTERM)
        end = time.monotonic() + WORKER_SECONDS
        for node in waiting:
            with suppress(Exception):  # it failed, or took too long: xdist says so
                node.channel.waitclose(max(0.1, end - time.monotonic()))
