"""The examples in the modules' READMEs are tests of pytest's own collection: marked here as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.register_assert_rewrite("modules.refusals")

MODULES = Path(__file__).parents[2] / "modules"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They need the provider and the emulator, like all tests of these modules."""
    for item in items:
        if MODULES in item.path.parents:
            item.add_marker(pytest.mark.e2e)
