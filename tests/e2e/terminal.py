"""A terminal with a landform in its foreground, as a person has it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import subprocess
import termios
import threading
from types import TracebackType

from e2e.project_kit import LANDFORM, PATIENCE, ProjectKit, hear_signals, wait_until


def _in_the_foreground() -> None:
    hear_signals()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """Runs one command in the foreground of a new terminal; ``shown`` is all it has printed so far."""

    def __init__(self, project: ProjectKit, *args: str) -> None:
        self.shown = ""
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [str(LANDFORM), *args], cwd=project.folder, env={**project.environ, "TERM": "xterm"},
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=_in_the_foreground,  # noqa: PLW1509
        )  # fmt: skip
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join(10)
        os.close(self._master)

    def type(self, text: str) -> None:
        """Press keys; ``\\x03`` is Ctrl-C."""
        os.write(self._master, text.encode())

    def wait_for(self, text: str) -> None:
        """Wait until some text is shown."""
        wait_until(lambda: text in self.shown or self._process.poll() is not None, f"{text!r} is shown")
        assert text in self.shown, self.shown

    def press_until(self, key: str, text: str) -> None:
        """Press a key again and again, as impatient people do, until some text is shown."""

        def shown() -> bool:
            self.type(key)
            with contextlib.suppress(AssertionError):
                wait_until(lambda: text in self.shown, f"{text!r} is shown", seconds=1)
            return text in self.shown

        wait_until(shown, f"{text!r} is shown")

    def wait_for_end(self) -> int:
        """Wait for the command's end: its exit code."""
        code = self._process.wait(PATIENCE)
        self._reader.join(10)
        return code

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 4096)
            except OSError:  # how Linux says that the other end is closed
                return
            if not data:
                return
            self.shown += data.decode("utf-8", "replace")
