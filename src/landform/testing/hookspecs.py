"""Where other plugins join in: all hooks are optional, and named ``pytest_landform_…``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from landform.aws.credentials import Access
    from landform.testing.failures import CommandFailed
    from landform.testing.marker import Case
    from landform.testing.plans import PlannedModule
    from landform.testing.replays import RecordedStack
    from landform.testing.stacks import Stack


@pytest.hookspec(firstresult=True)
def pytest_landform_access(config: pytest.Config, case: Case) -> Access | None:
    """Access to a real account for a case of level ``aws``; None where it is not this plugin's to give."""


@pytest.hookspec(firstresult=True)
def pytest_landform_recorded(item: pytest.Item, case: Case) -> RecordedStack | None:
    """What a case of level ``aws`` gets instead of an AWS; None where it is to run there."""


@pytest.hookspec
def pytest_landform_approve(config: pytest.Config, stack: Stack, document: Mapping[str, Any]) -> None:
    """Exactly this plan is about to be applied to a real account: raise to refuse it."""


@pytest.hookspec
def pytest_landform_planned(config: pytest.Config, case: Case, plan: PlannedModule) -> None:
    """A plan was made for a test."""


@pytest.hookspec
def pytest_landform_applying(config: pytest.Config, stack: Stack) -> None:
    """Resources are about to be made: whoever wants to find them after a crash writes them down now."""


@pytest.hookspec
def pytest_landform_applied(config: pytest.Config, stack: Stack) -> None:
    """Resources were made, all of them."""


@pytest.hookspec
def pytest_landform_gone(config: pytest.Config, stack: Stack) -> None:
    """Nothing of the stack is left: it was destroyed, or its emulator was emptied."""


@pytest.hookspec
def pytest_landform_tested(
    config: pytest.Config, case: Case, addresses: Sequence[str], failed: Sequence[str]
) -> None:
    """A run of a test file passed: what its state had, and what it expected to fail (``var.name``)."""


@pytest.hookspec
def pytest_landform_refused(config: pytest.Config, case: Case, failure: CommandFailed) -> None:
    """A command failed as its test expected."""
