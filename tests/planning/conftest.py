"""Real plan documents, from roots that need nothing but Terraform's built-in provider."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Root:
    """A root folder with its own local state, driven by plain terraform."""

    folder: Path
    terraform: Run

    def write(self, files: Mapping[str, str]) -> None:
        """Add or replace files."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def apply(self, *flags: str) -> None:
        """Initialise and apply."""
        self.terraform(self.folder, "init", "-input=false")
        self.terraform(self.folder, "apply", "-auto-approve", "-input=false", *flags)

    def plan(self, *flags: str) -> dict[str, Any]:
        """Initialise and plan; the plan's document."""
        self.terraform(self.folder, "init", "-input=false")
        self.terraform(self.folder, "plan", "-input=false", "-out=the.tfplan", *flags)
        document: dict[str, Any] = json.loads(
            self.terraform(self.folder, "show", "-json", "the.tfplan").stdout
        )
        return document


@pytest.fixture
def root(tmp_path: Path, terraform: Run) -> Root:
    """An empty root."""
    folder = tmp_path / "root"
    folder.mkdir()
    return Root(folder, terraform)
