"""The parts that join in by hooks, once a process has tests of modules: journal, accounts, recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from landform.testing.accounts import Accounts
from landform.testing.collection import WANTED, Wanted
from landform.testing.guard import read_real_aws
from landform.testing.levels import Level
from landform.testing.options import SETTINGS
from landform.testing.recordings import Replay
from landform.testing.replays import Replays
from landform.testing.standing import Standing


@dataclass(frozen=True, slots=True)
class Joined:
    """What joined in."""

    accounts: Accounts
    replays: Replays

    def check(self, items: Sequence[pytest.Item], *, in_worker: bool) -> None:
        """Get the permit for the tests that are to run in a real account.

        Raises ``pytest.UsageError``; in a worker these tests fail with it one by one.
        """
        real = [item for item in items if self._needs_account(item)]
        try:
            self.accounts.check([case for item in real if (case := item.stash[WANTED].case)])
        except pytest.UsageError as missing:
            if not in_worker:
                raise
            for item in real:
                item.stash[WANTED] = Wanted(fault=str(missing))

    def _needs_account(self, item: pytest.Item) -> bool:
        case = item.stash[WANTED].case
        if case is None or case.level is not Level.AWS or item.get_closest_marker("skip"):
            return False
        return self.replays.needs_account(item, case)


def join(config: pytest.Config, run: str, worker: str, shared: Path) -> Joined:
    """Have them join in."""
    settings = config.stash[SETTINGS]
    accounts = accounts_of(config, run, shared)
    replays = Replays(Replay(settings.replay), settings.record)
    for part in (Standing(run, worker or "main", lambda: accounts.account_id), accounts, replays):
        config.pluginmanager.register(part)
    return Joined(accounts, replays)


def accounts_of(config: pytest.Config, run: str, shared: Path) -> Accounts:
    """The real accounts that a run may use; the ledger is one for all its workers."""
    return Accounts(read_real_aws(config, run, shared / "ledger.json"))
