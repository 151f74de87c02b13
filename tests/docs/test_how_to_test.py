"""Testing a module works as the page says, for somebody with nothing but pytest and a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.pages import ROOT
from docs.walkthrough import follow

pytestmark = pytest.mark.e2e


def test_every_command_shows_what_the_page_says(tmp_path: Path) -> None:
    assert follow(ROOT / "docs" / "how-to" / "test-a-module.md", tmp_path) == {}
