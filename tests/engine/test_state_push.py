"""Terraform takes a pushed state only where nobody's later work is lost: what a restore rests on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landform.engine import Terraform

pytestmark = pytest.mark.terraform


def _state(serial: int, value: str, lineage: str = "one") -> dict[str, Any]:
    outputs = {"x": {"value": value, "type": "string"}}
    document = {"version": 4, "terraform_version": "1.10.0", "serial": serial, "lineage": lineage}
    return document | {"outputs": outputs, "resources": []}


def test_a_later_serial_and_another_lineage_hold_against_a_push(
    make: Callable[..., Terraform], tmp_path: Path
) -> None:
    states = tmp_path / "states"
    root = f'terraform {{\n  backend "local" {{\n    workspace_dir = "{states}"\n  }}\n}}\n'
    terraform = make(root, workspace="dev")
    asyncio.run(terraform.init())
    runs = iter(range(99))

    def push(state: dict[str, Any]) -> str:
        document = tmp_path / "document.json"
        document.write_text(json.dumps(state))
        result = asyncio.run(terraform.state_push(document, tmp_path / f"run{next(runs)}"))
        return "" if result.succeeded else result.diagnostics[-1].detail

    def stored() -> Any:
        return json.loads((states / "dev" / "terraform.tfstate").read_text())

    assert push(_state(5, "a")) == ""
    assert (stored()["serial"], stored()["lineage"]) == (5, "one")
    for worse in (_state(4, "b"), _state(5, "b"), _state(9, "b", "other")):
        assert "cannot" in push(worse)
        assert stored()["outputs"]["x"]["value"] == "a"
    assert push(_state(6, "c")) == ""
    assert stored()["outputs"]["x"]["value"] == "c"
    assert stored()["serial"] >= 6
