"""What the page on writing a policy shows works as it stands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from docs.pages import ROOT, blocks
from landform.project import load_project
from landform.workflows.policies import try_on_file

_PAGE = ROOT / "docs" / "how-to" / "write-a-policy.md"


def _write_page(folder: Path) -> None:
    for block in blocks(_PAGE):
        if block.title:
            path = folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")


def test_its_tests_pass_under_plain_pytest(tmp_path: Path) -> None:
    _write_page(tmp_path)
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "policies"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "4 passed" in done.stdout, done.stdout + done.stderr


def test_its_policies_and_exemptions_are_taken(project: Callable[..., Path]) -> None:
    folder = project()
    _write_page(folder)
    found = try_on_file(load_project(folder), "dev", folder / "plan.json").results
    assert {each.policy: str(each.result) for each in found} == {
        "buckets_have_an_owner": "deny",
        "databases_stay": "pass",
        "ssh_is_not_open": "pass",
        "one_nat_gateway_is_enough": "pass",
        "exemptions": "pass",
    }
