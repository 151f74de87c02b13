"""A small shop, an emulator, keys of ssh, and nobody's own settings."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from landform.aws import sandbox as sandboxes
from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from workflows.place_kit import PROJECT, Shop
from workflows.sweep_kit import REGION, Account, account_number


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A project of one stack, with one approval for its plans."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    found = Shop(tmp_path / "shop")
    found.write(PROJECT)
    found.rules("{required: 1}")
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """An emulator that the tests of one file share; each has an account of its own."""
    project = tmp_path_factory.mktemp("project")
    yield sandboxes.start(project)
    sandboxes.stop(project)


@pytest.fixture
def account(shop: Shop, server: Sandbox, request: pytest.FixtureRequest) -> Account:
    """A shop in an account that nobody else has."""
    shop.rules("{}")
    number = account_number(request.node.nodeid)
    return Account(shop, emulated_access(server.endpoint_url, number, REGION))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """SSH keys of Bob, Cat and Mallory, the public ones beside them."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    folder = tmp_path_factory.mktemp("keys")
    for name in ("bob", "cat", "mallory"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    return {name: folder / name for name in ("bob", "cat", "mallory")}
