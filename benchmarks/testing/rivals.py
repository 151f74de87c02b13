"""The other tools, in an environment of their own, and the emulator they run against."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from landform.aws.emulator import emulated_access
from landform.engine import clean_environment, prepare_cli_config

_START_SECONDS = 60.0
_SHARED = ("boto3", "moto[server]", "pytest", "pytest-xdist")


def install(folder: Path, tools: tuple[str, ...]) -> dict[str, str]:
    """Make a virtual environment in ``folder`` with ``tools`` from PyPI.

    For each: "", or why it could not be installed.
    """
    venv.create(folder, with_pip=True)
    shared = _pip(folder, *_SHARED)
    return {tool: shared or _pip(folder, tool) for tool in tools}


def python(folder: Path) -> str:
    """The interpreter of the virtual environment in ``folder``."""
    return str(folder / "bin" / "python")


def _pip(folder: Path, *wanted: str) -> str:
    argv = [python(folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["pip failed"])[-1]


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """moto's server from the virtual environment in ``folder``; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    argv = [python(folder), "-m", "moto.server", "--port", str(port)]
    endpoint = f"http://127.0.0.1:{port}"
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(endpoint, server)
            yield endpoint
        finally:
            server.terminate()


def reset(endpoint: str) -> None:
    """Empty the emulator. Raises OSError where none answers."""
    request = urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")
    urllib.request.urlopen(request, timeout=_START_SECONDS).close()


def environment(endpoint: str, engine: Path) -> dict[str, str]:
    """What terraform and boto3 need there: dummy keys, the mirrors of this machine, ``engine`` on PATH."""
    env = dict(emulated_access(endpoint, None, "us-east-1", clean_environment(os.environ)).env)
    env["PATH"] = f"{engine.parent}{os.pathsep}{env.get('PATH', os.defpath)}"
    config = prepare_cli_config(os.environ).path
    return env if config is None else env | {"TF_CLI_CONFIG_FILE": str(config)}


def _wait_for(endpoint: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            return reset(endpoint)
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.1)
