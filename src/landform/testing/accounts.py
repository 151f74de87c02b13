"""Joins in where tests of level ``aws`` begin: no access without a permit, no apply of an unchecked plan."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landform.errors import Refused
from landform.testing.failures import CommandFailed, is_told
from landform.testing.levels import Level

if TYPE_CHECKING:
    from landform.aws.credentials import Access
    from landform.testing.guard import Permit, RealAwsSettings
    from landform.testing.marker import Case
    from landform.testing.stacks import Stack

__tracebackhide__ = is_told


@dataclass(frozen=True, slots=True)
class _AnyCase:
    """Stands for the tests that workers are going to find."""

    region: str
    level: Level = Level.AWS
    shown: str = "tests of level aws"


@dataclass(slots=True)
class Accounts:
    """The real account of one pytest process, if it may use one."""

    settings: RealAwsSettings
    _permit: Permit | None = None
    _booked: dict[int, tuple[Mapping[str, Any], float]] = field(default_factory=dict)

    def check(self, cases: Sequence[Case]) -> None:
        """Get the permit that ``cases`` need. Raises ``pytest.UsageError`` with all that is missing."""
        from landform.testing.guard import check_real_aws

        self._permit = check_real_aws(self.settings, cases)

    def check_shell(self) -> None:
        """The same before any worker starts, when no test is known yet. Raises ``pytest.UsageError``."""
        from landform.testing.guard import check_real_aws

        if self.settings.cloud == "aws":
            check_real_aws(self.settings, [_AnyCase(next(iter(self.settings.allowed_regions), ""))])

    @property
    def account_id(self) -> str | None:
        """The account that may be used, None where none may."""
        return self._permit.account_id if self._permit else None

    def pytest_landform_access(self, case: Case) -> Access | None:
        """Access with the permit's tags, for its regions."""
        return self._permit.access(case.region) if self._permit else None

    def pytest_landform_approve(self, stack: Stack, document: Mapping[str, Any]) -> None:
        """Check a plan for a real account and book what it costs. Raises ``CommandFailed``."""
        if self._permit is not None:
            try:
                self._permit.approve(stack.origin.test, document)
            except Refused as refusal:
                raise CommandFailed(f"{refusal.what}\n{refusal.way_out}".rstrip()) from None
            self._booked[id(stack)] = (document, time.monotonic())

    def pytest_landform_gone(self, stack: Stack) -> None:
        """Book what it came to instead of what was expected."""
        from landform.testing.costs import estimate

        booked = self._booked.pop(id(stack), None)
        if booked and self._permit:
            minutes = (time.monotonic() - booked[1]) / 60
            self._permit.ledger.settle(stack.origin.test, estimate(booked[0], minutes).usd, minutes)
