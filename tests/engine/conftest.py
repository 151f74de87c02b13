"""Roots small enough to be quick (only the built-in provider), and the engine that runs them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from landform.engine import Engine, Terraform, clean_environment, find_engine


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], None]:
    """A function that waits for a condition, not for a time; it fails the test when that never holds."""

    def wait(condition: Callable[[], object]) -> None:
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The terraform of this machine."""
    return find_engine(constraint=">= 1.10, < 2", cache_dir=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def make(engine: Engine, tmp_path: Path) -> Callable[..., Terraform]:
    """A function that writes a root and returns the Terraform for it."""

    def write(text: str, *, workspace: str | None = None, env: dict[str, str] | None = None) -> Terraform:
        root = tmp_path / "root"
        root.mkdir(exist_ok=True)
        (root / "main.tf").write_text(text)
        inherited = clean_environment(os.environ) | (env or {})
        return Terraform(engine, root, inherited, workspace, tmp_path / f"data-{workspace}")

    return write


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    """A function that writes an executable shell script."""

    def write(body: str) -> Path:
        path = tmp_path / "terraform"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    return write
