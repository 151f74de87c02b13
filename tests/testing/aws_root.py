"""A root with the AWS provider of this machine's mirror, applied to an emulator by real terraform."""

from __future__ import annotations

import asyncio
import functools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from landform.engine import PlanOptions, Terraform, clean_environment, find_engine, prepare_cli_config

PROVIDER = "registry.terraform.io/hashicorp/aws"


@functools.cache
def _terraform() -> Terraform:
    config = prepare_cli_config(os.environ)
    if PROVIDER not in config.mirrored:
        pytest.skip("no mirror here holds the AWS provider")
    return Terraform(find_engine(constraint=">= 1.10, < 2"), Path(), {}, cli_config=config)


@dataclass(frozen=True)
class Root:
    """A root folder and how to run terraform in it."""

    terraform: Terraform

    @property
    def folder(self) -> Path:
        return self.terraform.folder

    def with_env(self, env: Mapping[str, str]) -> Root:
        return Root(replace(self.terraform, env={**self.terraform.env, **env}))

    def init(self) -> None:
        asyncio.run(self.terraform.init())

    def plan(self) -> bool:
        """Whether a plan has changes."""
        result = asyncio.run(self.terraform.plan(self.folder / "plan"))
        assert not result.errored, result.errors
        return result.changes

    def document(self) -> dict[str, Any]:
        """The plan that was made last."""
        found: dict[str, Any] = json.loads(asyncio.run(self.terraform.show(self.folder / "plan")))
        return found

    def apply(self, *, destroy: bool = False) -> None:
        """Plan and apply, or destroy, in one process."""
        run = self.folder / f"run{len(list(self.folder.glob('run*')))}"
        result = asyncio.run(self.terraform.apply_unreviewed(run, PlanOptions(destroy=destroy)))
        assert result.succeeded, result.diagnostics

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "terraform.tfstate").read_text())
        return found


def make_root(folder: Path, text: str, env: Mapping[str, str]) -> Root:
    """Write a root of one file; ``env`` is what terraform gets, with nothing of this shell's in its way."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(text)
    return Root(
        replace(_terraform(), folder=folder, env=clean_environment(env), data_dir=folder / ".terraform")
    )
