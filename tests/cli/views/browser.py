"""A headless Chromium that opens one page, spoken to over a pipe in the Chrome DevTools protocol."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_PATIENCE = 30
_LOADED = "new Promise(done => document.readyState == 'complete' ? done() : addEventListener('load', done))"
_KEYS = {"Enter": 13, "Escape": 27}


class Page:
    """One page of a browser. ``faults`` gathers what its console and its content policy complain of."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._number = 0
        self._heard = b""
        self.faults: list[str] = []
        target = self._ask("Target.createTarget", {"url": "about:blank"}, session="")["targetId"]
        attach = {"targetId": target, "flatten": True}
        self._session = str(self._ask("Target.attachToTarget", attach, session="")["sessionId"])
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")

    def open(self, path: Path, fragment: str = "") -> float:
        """Open a file and wait until its script has run; returns how many seconds that took."""
        self._ask("Page.navigate", {"url": "about:blank"})  # else another fragment would load nothing
        began = time.monotonic()
        self.show(path, fragment)
        assert self.run("document.documentElement.dataset.ready") == "yes"
        return time.monotonic() - began

    def show(self, path: Path, fragment: str = "") -> None:
        """Open a file that may be without a script."""
        self._ask("Page.navigate", {"url": path.as_uri() + fragment})
        self.run(_LOADED)

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        answer = self._ask("Runtime.evaluate", asked)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press and release keys, one after the other."""
        for key in keys:
            text = {"Enter": "\r", "Escape": ""}.get(key, key)
            code = _KEYS.get(key) or (ord(key.upper()) if key.isalnum() else 0)
            pressed = {"key": key, "windowsVirtualKeyCode": code}
            down = {"type": "keyDown", "text": text} if text else {"type": "keyDown"}
            self._ask("Input.dispatchKeyEvent", pressed | down)
            self._ask("Input.dispatchKeyEvent", pressed | {"type": "keyUp"})

    def click(self, selector: str) -> None:
        """Click what a selector finds."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def emulate(self, *, scheme: str = "light", width: int = 1280, height: int = 900) -> None:
        """Take a colour scheme and a window size."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._ask("Emulation.setEmulatedMedia", {"features": features})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", size)

    def picture(self, path: Path) -> None:
        """Write what is seen to a PNG file."""
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", {"format": "png"})["data"]))

    def close(self) -> None:
        """End the browser."""
        self._ask("Browser.close", session="")

    def _ask(self, method: str, asked: Mapping[str, Any] | None = None, session: str | None = None) -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": asked or {}}
        owner = self._session if session is None else session
        os.write(
            self._commands, json.dumps(message | ({"sessionId": owner} if owner else {})).encode() + b"\0"
        )
        number = self._number
        while (answer := self._hear()).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._heard:
            ready, _, _ = select.select([self._answers], [], [], _PATIENCE)
            assert ready, "the browser does not answer"
            some = os.read(self._answers, 1 << 20)
            assert some, "the browser has ended"
            self._heard += some
        raw, _, self._heard = self._heard.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        method, said = message.get("method"), message.get("params", {})
        if method in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.faults.append(json.dumps(said))
        if method == "Network.requestWillBeSent" and not said["request"]["url"].startswith(
            ("file:", "about:")
        ):
            self.faults.append(said["request"]["url"])
        return message


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A page of a browser that keeps its files in ``folder``, and ends with the block."""
    assert CHROMIUM is not None
    to_read, commands = os.pipe()
    answers, to_write = os.pipe()
    script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--remote-debugging-pipe",
    ]
    argv = ["bash", "-c", script, "bash", str(to_read), str(to_write)]
    argv += [CHROMIUM, *flags, f"--user-data-dir={folder}", "about:blank"]
    log = (folder / "chromium.log").open("wb")
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(to_read, to_write)
    )
    os.close(to_read)
    os.close(to_write)
    try:
        page = Page(commands, answers)
        yield page
        page.close()
        process.wait(_PATIENCE)
    finally:
        os.close(commands)
        os.close(answers)
        process.kill()
        process.wait()
        log.close()
